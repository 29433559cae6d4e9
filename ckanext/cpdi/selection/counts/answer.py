"""The counts of a table under a filter, as :mod:`ckanext.cpdi.services.explorer` answers with them.

In: a reader, a condition. Out: a document whose numbers are arrays. Each dimension, and the hours, are counted without
the conditions about themselves, but with all others, as cross-filters work; the timeline without the period.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ckanext.cpdi.query.notation.periods import usual
from ckanext.cpdi.query.notation.whole_months import widened
from ckanext.cpdi.query.parts import HOURS, PERIOD, Parts, span, split
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.query.writers.frame import FrameWriter
from ckanext.cpdi.query.writers.frame_answers import FrameAnswers
from ckanext.cpdi.query.writers.frame_masks import Masks
from ckanext.cpdi.selection.counts.bins import Bins, day_of
from ckanext.cpdi.selection.counts.codes import Codes, codes_of
from ckanext.cpdi.selection.counts.columns import file_of
from ckanext.cpdi.selection.counts.dimensions import WEEK_HOURS, WIDTHS
from ckanext.cpdi.selection.counts.gaps import Gap, gaps
from ckanext.cpdi.selection.counts.masks import masks
from ckanext.cpdi.selection.counts.rows import Rows
from ckanext.cpdi.selection.counts.values import shown
from ckanext.cpdi.selection.reader import Reader

Document = dict[str, Any]
_gaps: dict[tuple[str, str], list[Gap]] = {}
"""The gaps of each table, which any question has, by resource and version."""


def counts(reader: Reader, condition: Condition, layers: Collection[str] = ()) -> Document:
    """Return the counts of the rows that meet ``condition``; docs/explorer.md describes the document.

    ``layers`` are the declared areas that rows are counted by.

    Raises NoRowsError where the columnar file of this version is still being made.
    """
    file = file_of(reader)
    return _Count(reader, file, codes_of(file, layers), condition).document()


@dataclass(frozen=True)
class _Count:
    """One question: the rows of ``file`` under ``condition``."""

    reader: Reader
    file: FrameAnswers
    codes: Codes
    condition: Condition

    def document(self) -> Document:
        whole, bins = self._whole, self._bins
        met = self._masks.all_of(self._parts)
        head: Document = {
            "version": self.reader.state.version,
            "zone": self.reader.state.zone,
            "rows": self._writer.frame.height if met is None else int(np.count_nonzero(met)),
            "period": bins and {"first": bins.first, "last": bins.last},
            "bin": bins.unit if bins else "day",
            "bins": len(bins) if bins else 0,
            "days": whole and self._timeline(whole),
            "gaps": whole and self._gaps(whole),
            "periods": usual(whole.last, self._writer.table.finest) if whole else {},
        }
        return head if bins is None else head | self._binned(bins)

    @property
    def _writer(self) -> FrameWriter:
        return self.file.writer

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.reader.state.zone)

    @cached_property
    def _parts(self) -> Parts:
        names = [dimension.name for dimension in self.codes.dimensions]
        return split(self.condition, self._writer.table, self._zone, names)

    @cached_property
    def _masks(self) -> Masks:
        return masks(self.reader, self.file, self._parts)

    @cached_property
    def _whole(self) -> Bins | None:
        """The days of the whole table, in whole months where its rows show no days; None for one without rows."""
        days = self.codes.days
        if not len(days):
            return None
        return Bins(*widened(day_of(int(days[0])), day_of(int(days[-1])), self._writer.table.finest), "day")

    @cached_property
    def _bins(self) -> Bins | None:
        """The bins of the period, as far as the table reaches; None where that is nowhere."""
        whole = self._whole
        if whole is None:
            return None
        begin, end = span(self._parts.about(PERIOD), self._zone)
        first: date = max(begin or whole.first, whole.first)
        last: date = min(end or whole.last, whole.last)
        return Bins.of(first, last, by_day=self.codes.clock.has_days) if first <= last else None

    def _rows(self, without: str = "") -> Rows:
        """Return the rows that meet all parts but those about ``without``."""
        return Rows(self.codes, self._masks.all_of(self._parts.without(without)))

    def _timeline(self, whole: Bins) -> Document:
        """Return the rows of each day of the table, and those that show a month alone, without the period."""
        rows = self._rows(PERIOD)
        return {"first": whole.first, "counts": rows.totals(whole), "coarse": rows.coarse_totals(whole)}

    def _gaps(self, whole: Bins) -> list[Gap]:
        """Return the days without any row."""
        key = (self.reader.state.resource_id, self.reader.state.version)
        if key not in _gaps:
            rows = Rows(self.codes, None)
            for old in [old for old in list(_gaps) if old[0] == key[0]]:
                _gaps.pop(old, None)
            _gaps[key] = gaps(whole, rows.totals(whole))
        return _gaps[key]

    def _binned(self, bins: Bins) -> Document:
        """Return what is counted by ``bins``; what has no condition of its own is counted in one go."""
        rows = self._rows()

        def free(name: str) -> Rows:
            return self._rows(name) if self._parts.about(name) else rows

        counted = [
            {"name": dimension.name} | shown(dimension, free(dimension.name), bins, self._parts)
            for dimension in self.codes.dimensions
        ]
        total = {"counts": rows.totals(bins), "coarse": rows.coarse_totals(bins)}
        lost = self.codes.unplaced
        document: Document = {
            "total": total,
            "dimensions": counted,
            "unplaced": lost and shown(lost, rows, bins, self._parts),
        }
        if self.codes.has_hours:
            name = HOURS if bins.unit == "day" else WEEK_HOURS
            matrix = free(HOURS).by(name, WIDTHS[name], bins)
            by_hour = {"counts": np.ascontiguousarray(matrix.T[:-1]), "without": np.ascontiguousarray(matrix.T[-1])}
            document[name] = by_hour
        return document

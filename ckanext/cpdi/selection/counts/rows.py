"""The rows that some conditions leave, as codes in the order of their days.

In: a frame, a mask, expressions of codes. Out: matrices of counts. Rows that show a month alone stand at its first day:
they are in the bins of months, and beside those of days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ckanext.cpdi.query.writers.frame import FrameWriter
from ckanext.cpdi.selection.counts.bins import Bins
from ckanext.cpdi.selection.counts.dimensions import DAY, Clock
from ckanext.cpdi.selection.counts.masks import Mask
from ckanext.cpdi.selection.counts.tally import Counts, edges, tally

_COARSE = "coarse"


@dataclass(frozen=True)
class Rows:
    """Rows with their day, whether they show it (``coarse`` ones do not), and their codes."""

    frame: pl.DataFrame

    @classmethod
    def of(cls, writer: FrameWriter, clock: Clock, met: Mask | None, codes: Sequence[pl.Expr]) -> Rows:
        """Return ``codes`` of the rows that ``met`` says; None is for all rows."""
        coarse = writer.where(clock.coarse).fill_null(value=False).alias(_COARSE)
        wanted = [clock.day, coarse, *codes]
        names = dict.fromkeys(name for column in wanted for name in column.meta.root_names())
        rows = writer.frame.select(list(names))
        if met is not None:
            first, behind = _reach(met)
            rows = rows[first:behind].filter(pl.Series(met[first:behind]))
        return cls(rows.select(wanted))

    def totals(self, bins: Bins) -> Counts:
        """Return the number of rows of each bin."""
        return self._in(bins).totals(bins)

    def by(self, name: str, width: int, bins: Bins) -> Counts:
        """Return how many rows of each bin have each of ``width`` codes: a row for each bin."""
        return self._in(bins).by(name, width, bins)

    def coarse_totals(self, bins: Bins) -> Counts:
        """Return the number of rows that show a month alone, of each month of ``bins``."""
        return self._coarse.totals(bins.by_month)

    def coarse_by(self, name: str, width: int, bins: Bins) -> Counts:
        """Return :meth:`by` of the rows that show a month alone, for each month of ``bins``."""
        return self._coarse.by(name, width, bins.by_month)

    def _in(self, bins: Bins) -> _Ordered:
        return self._exact if bins.unit == "day" else self._all

    @cached_property
    def _all(self) -> _Ordered:
        return _Ordered(self.frame)

    @cached_property
    def _exact(self) -> _Ordered:
        return _Ordered(self.frame.filter(~pl.col(_COARSE)))

    @cached_property
    def _coarse(self) -> _Ordered:
        return _Ordered(self.frame.filter(pl.col(_COARSE)))


@dataclass(frozen=True)
class _Ordered:
    """Rows of ``frame`` in the order of their days."""

    frame: pl.DataFrame

    def totals(self, bins: Bins) -> Counts:
        return np.diff(edges(self._days, bins.starts))

    def by(self, name: str, width: int, bins: Bins) -> Counts:
        return tally(self.frame[name].to_numpy(), edges(self._days, bins.starts), width)

    @cached_property
    def _days(self) -> NDArray[np.int32]:
        return self.frame[DAY].to_numpy()


def _reach(met: Mask) -> tuple[int, int]:
    """Return the places of the first row that is met, and behind the last one."""
    if not met.any():
        return 0, 0
    return int(met.argmax()), len(met) - int(met[::-1].argmax())

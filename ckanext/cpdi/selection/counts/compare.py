"""Rows under a filter over a week, 28 days and the year to date, each beside the same span of the year before.

In: a reader, a condition, the last day. Out: numbers by category. Spans, and which rows can be compared, are those of
the calls by week (:mod:`ckanext.cpdi.selection.weekly`); the filter's own period gives way to the spans.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from ckanext.cpdi.query.parts import PERIOD, split
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection import weekly
from ckanext.cpdi.selection.counts.bins import Bins, day_of, number
from ckanext.cpdi.selection.counts.codes import codes_of
from ckanext.cpdi.selection.counts.columns import file_of
from ckanext.cpdi.selection.counts.masks import masks
from ckanext.cpdi.selection.counts.rows import Rows
from ckanext.cpdi.selection.counts.tally import Counts
from ckanext.cpdi.selection.reader import Reader

Pairs = list[tuple[int, int | None]]


class Compared(NamedTuple):
    """Pairs of current and prior rows, in the order of ``windows``: of all rows, and of each category that has some.

    Prior rows are None where the table begins after the first day of their span: it does not know them all.
    Categories are in their order of names; that of rows without one is None, and last.
    """

    windows: tuple[weekly.Window, ...]
    total: Pairs
    categories: list[tuple[str | None, Pairs]]


def compare(reader: Reader, condition: Condition, until: date, layers: Collection[str] = ()) -> Compared:
    """Return the rows that meet ``condition`` in the windows that end with ``until``; ``layers`` as for the counts.

    Raises NoRowsError where the columnar file of this version is still being made.
    """
    file, table = file_of(reader), reader.table
    parts = split(condition, table, ZoneInfo(reader.state.zone), ()).without(PERIOD)
    wanted = [*parts, *weekly.comparable(table)]
    codes = codes_of(file, layers)
    rows = Rows(codes, masks(reader, file, wanted).all_of(wanted))
    windows = weekly.windows(until)
    bins = Bins(min(window.prior.first for window in windows), until, "day")
    by = codes.category
    counts = rows.by(by.name, by.width, bins) if by else rows.totals(bins)[:, None]
    sums = _sums(counts, windows, bins)
    names = [*(by.values if by else ()), None]
    known = [bool(len(codes.days)) and window.prior.first >= day_of(int(codes.days[0])) for window in windows]
    every = [(name, _pairs(of, known)) for name, of in zip(names, sums, strict=True)]
    filled = [(name, pairs) for name, pairs in every if any(map(any, pairs))]
    filled.sort(key=lambda named: weekly.name_order(named[0] or ""))
    return Compared(windows, _pairs(sums.sum(axis=0), known), filled if by else [])


def _pairs(numbers: Counts, known: Iterable[bool]) -> Pairs:
    """Return the numbers of each window; those of the prior span only where it is ``known``."""
    return [(now, then if has else None) for (now, then), has in zip(numbers.tolist(), known, strict=True)]


def _sums(counts: Counts, windows: Sequence[weekly.Window], bins: Bins) -> Counts:
    """Return for each code and window the rows of the current and of the prior span."""
    before = np.concatenate([np.zeros((1, counts.shape[1]), np.int64), counts.cumsum(axis=0)])

    def within(span: weekly.Span) -> Counts:
        first, last = (number(day) - number(bins.first) for day in span)
        return before[last + 1] - before[first]

    pairs = [[within(window.current), within(window.prior)] for window in windows]
    return np.moveaxis(np.array(pairs), 2, 0)

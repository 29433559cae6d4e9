"""Days without any row, in a table that has rows every day: something was not recorded, or not brought.

In: the rows of each day of a table. Out: the first and the last day of each gap.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np

from ckanext.cpdi.selection.counts.bins import Bins, day_of
from ckanext.cpdi.selection.counts.tally import Counts

USUAL = 10
"""Rows of a usual day from which on an empty one is no chance: it would be, once in 60 years."""


class Gap(NamedTuple):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


def gaps(whole: Bins, rows: Counts) -> list[Gap]:
    """Return the gaps in ``rows``, the numbers of the days ``whole``; none where days are often empty."""
    filled = rows[rows > 0]
    if not len(filled) or np.median(filled) < USUAL:
        return []
    there = np.flatnonzero(rows)
    empty = np.concatenate(([False], rows == 0, [False]))
    # Before its first day and after its last one a table has rows that show their month alone: it does not reach there.
    empty[: there[0] + 1] = empty[there[-1] + 1 :] = False
    changes = np.flatnonzero(empty[1:] != empty[:-1])
    start = whole.starts[0]
    return [
        Gap(day_of(int(start + first)), day_of(int(start + behind) - 1))
        for first, behind in zip(changes[::2], changes[1::2], strict=True)
    ]

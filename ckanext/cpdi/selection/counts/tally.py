"""Numbers of rows by bin and by code, for rows that lie in the order of their days.

In: codes of rows, and where each bin begins among them. Out: a matrix. What is counted at a time fits into a
processor's cache, which makes it three times as fast for millions of rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
BLOCK = 1 << 16
"""Rows that are counted at a time, about."""


def edges(days: NDArray[np.int32], starts: NDArray[np.int32]) -> Counts:
    """Return the place of the first row of each bin, and the place behind the last; ``days`` ascend, as do ``starts``,
    which end with the first day behind the last bin.
    """
    return np.searchsorted(days, starts).astype(np.int64)


def tally(codes: NDArray[Any], bounds: Counts, width: int) -> Counts:
    """Return how many rows of each bin have each of ``width`` codes, a row of the matrix for each bin."""
    bins = len(bounds) - 1
    counts = np.zeros((bins, width), np.int64)
    step = max(1, bins * BLOCK // max(len(codes), 1))
    for first in range(0, bins, step):
        part = bounds[first : first + step + 1]
        places = codes[part[0] : part[-1]]
        if len(part) > 2:
            places = np.repeat(np.arange(len(part) - 1) * width, np.diff(part)) + places
        counted = np.bincount(places, minlength=(len(part) - 1) * width)
        counts[first : first + step] = counted.reshape(len(part) - 1, width)
    return counts

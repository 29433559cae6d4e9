"""The bins of a period: its days, or its months where it is long.

Days are numbers since 1970, as NumPy has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

MOST_DAYS = 400
"""Days of a period that are counted one by one; a longer one by months."""
Unit = Literal["day", "month"]
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Bins:
    """The days from ``first`` to ``last``, in whole days, or in months of which the ends may be cut."""

    first: date
    last: date
    unit: Unit

    @classmethod
    def of(cls, first: date, last: date, *, by_day: bool = True) -> Bins:
        """Return the bins of a period: days where it is short enough and rows show theirs (``by_day``)."""
        return cls(first, last, "day" if by_day and (last - first).days < MOST_DAYS else "month")

    @cached_property
    def starts(self) -> NDArray[np.int32]:
        """The first day of each bin, and the day behind the last one."""
        if self.unit == "day":
            return np.arange(number(self.first), number(self.last) + 2, dtype=np.int32)
        months = np.arange(_month(self.first), _month(self.last) + 2).astype("datetime64[M]")
        return months.astype("datetime64[D]").astype(np.int32)

    @property
    def by_month(self) -> Bins:
        """The months that the period touches."""
        return Bins(self.first, self.last, "month")

    def __len__(self) -> int:
        """Return how many bins there are."""
        return len(self.starts) - 1


def number(day: date) -> int:
    """Return the days from 1970 to ``day``."""
    return (day - _EPOCH).days


def day_of(days: int) -> date:
    """Return the day of a number."""
    return _EPOCH + timedelta(days=days)


def _month(day: date) -> int:
    """Return the months from 1970 to the one of ``day``."""
    return (day.year - _EPOCH.year) * 12 + day.month - 1

"""What Compstat counts: offences by team and day, drawn by seeds, so that two reports say the same of the same day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

Ints = np.ndarray[Any, np.dtype[np.int64]]

# Offence and reports a day in a city of 150,000. Invented, and no city's.
OFFENCES = (
    ("Murder", 0.02),
    ("Rape", 0.12),
    ("Robbery", 0.35),
    ("Aggravated assault", 1.6),
    ("Burglary, residential", 0.8),
    ("Burglary, business", 0.4),
    ("Theft from motor vehicle", 3.4),
    ("Shoplifting", 2.6),
    ("Other larceny", 3.8),
    ("Motor vehicle theft", 1.3),
    ("Arson", 0.03),
)
NAMES = tuple(name for name, _ in OFFENCES)
WINDOWS = ("Week", "28 days", "Year to date")

_YEAR = timedelta(days=364)
"""A year back to the same day of the week."""


@dataclass(frozen=True)
class Counts:
    """The counts of a city with a number of ``teams``."""

    seed: int
    teams: int

    def between(self, first: date, last: date) -> Ints:
        """Return how often each offence was reported from ``first`` to ``last``, both included: teams × offences."""
        total: Ints = np.zeros((self.teams, len(OFFENCES)), dtype=np.int64)
        for year in range(first.year, last.year + 1):
            days = _year(self.seed, self.teams, year)
            begin = (max(first, date(year, 1, 1)) - date(year, 1, 1)).days
            finish = (min(last, date(year, 12, 31)) - date(year, 1, 1)).days
            total += days[finish + 1] - days[begin]
        return total

    def windows(self, end: date) -> Ints:
        """Return the counts of the windows that end with ``end``: windows × (current, prior) × teams × offences."""
        return np.array([[self.between(*now), self.between(*before)] for now, before in _windows(end)])

    def weeks(self, end: date, count: int) -> Ints:
        """Return the counts of ``count`` weeks, the last of which ends with ``end``: weeks × teams × offences."""
        ends = [end - timedelta(days=7 * back) for back in range(count - 1, -1, -1)]
        return np.array([self.between(sunday - timedelta(days=6), sunday) for sunday in ends])


def year_before(day: date) -> date:
    """Return the day with which a report of the year before ends that compares with ``day``."""
    return day - _YEAR


def _windows(end: date) -> list[tuple[tuple[date, date], tuple[date, date]]]:
    """Return the first and last day of each window that ends with ``end``, and of the prior one."""
    starts = (end - timedelta(days=6), end - timedelta(days=27))
    rolling = [((start, end), (start - _YEAR, end - _YEAR)) for start in starts]
    # The 29th of February is compared with the 28th.
    day = min(end.day, 28) if end.month == 2 else end.day
    year = (date(end.year, 1, 1), end), (date(end.year - 1, 1, 1), date(end.year - 1, end.month, day))
    return [*rolling, year]


@cache
def _year(seed: int, teams: int, year: int) -> Ints:
    """Return the sums before each day of ``year``, and at its end: days + 1 × teams × offences."""
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    share = np.array([rate for _, rate in OFFENCES]) / teams
    drawn = np.random.default_rng((seed, year)).poisson(share, size=(days, teams, len(OFFENCES)))
    return np.concatenate([np.zeros_like(drawn[:1]), drawn.cumsum(axis=0)])

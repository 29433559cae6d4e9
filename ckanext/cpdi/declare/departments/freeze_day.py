"""The day of the year on which the years before it are frozen; they count as closed from then on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class FreezeDay:
    """The day of the year on which the years before it are frozen."""

    month: int
    day: int

    @classmethod
    def parse(cls, text: str) -> FreezeDay:
        """Return the day that ``text`` (``MM-DD``) names; raise ValueError for no date, and for February 29."""
        day = date.fromisoformat(f"2001-{text}")
        return cls(day.month, day.day)

    def last(self, today: date) -> date:
        """Return the last freeze day that has come by ``today``."""
        this_year = date(today.year, self.month, self.day)
        return this_year if this_year <= today else this_year.replace(year=today.year - 1)

    def closed(self, year: int) -> date:
        """Return the day from which on ``year`` is closed."""
        return date(year + 1, self.month, self.day)

"""Months of a calendar."""

from __future__ import annotations

from datetime import date, timedelta

_LONGER_THAN_A_MONTH = timedelta(days=32)


def first_of_next_month(day: date) -> date:
    """Return the first day of the month after that of ``day``."""
    return (day.replace(day=1) + _LONGER_THAN_A_MONTH).replace(day=1)

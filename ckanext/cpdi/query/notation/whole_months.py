"""The months that a row stands for where its table shows no days."""

from __future__ import annotations

from datetime import date, timedelta

_MONTHS = {"month": 1, "quarter": 3}


def widened(start: date, end: date, finest: str) -> tuple[date, date]:
    """Return the first and last day of the whole months or quarters that a period touches, as a table has them whose
    rows show ``finest`` of their time at most; the period itself where they show their day.
    """
    months = _MONTHS.get(finest)
    if not months:
        return start, end
    first = date(start.year, start.month - (start.month - 1) % months, 1)
    last = end.month - (end.month - 1) % months + months - 1
    return first, date(end.year + last // 12, last % 12 + 1, 1) - timedelta(days=1)

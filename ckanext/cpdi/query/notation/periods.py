"""Periods that go on with the calendar, such as ``last-28-days``: which days they are on a given day.

In: a name, and the day it is on the department's clock. Out: the first and the last day. Days that are not over are in
none of "the last days": rows come a night late, and half a day is no day to compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnreadableError

Days = tuple[date, date]


def _last(count: int) -> Callable[[date], Days]:
    return lambda today: (today - timedelta(count), today - timedelta(1))


def _last_month(today: date) -> Days:
    end = today.replace(day=1) - timedelta(1)
    return end.replace(day=1), end


def _last_year(today: date) -> Days:
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


def _twelve_months(today: date) -> Days:
    """Return the days since this one a year ago; on the 29th of February, since the 1st of March."""
    leap = (today.month, today.day) == (2, 29)
    return date(today.year - 1, 3, 1) if leap else today.replace(year=today.year - 1), today - timedelta(1)


PERIODS: Mapping[str, Callable[[date], Days]] = {
    "last-7-days": _last(7),
    "last-28-days": _last(28),
    "last-month": _last_month,
    "last-12-months": _twelve_months,
    "this-year": lambda today: (date(today.year, 1, 1), today),
    "last-year": _last_year,
}


def days_of(name: str, today: date, parameter: str) -> Days:
    """Return the first and the last day of the period ``name``; raise UnreadableError where there is none of it."""
    period = PERIODS.get(name.strip().lower())
    if period is None:
        raise UnreadableError(
            Said("{name!r} is no period; there are {names}", name=name[:40], names=", ".join(PERIODS)), parameter
        )
    return period(today)

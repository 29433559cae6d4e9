"""Periods that go on with the calendar, such as ``last-28-days``: which days they are on a given day.

In: a name, and the day it is on the department's clock. Out: the first and the last day. Days that are not over are in
none of "the last days": rows come a night late, and half a day is no day to compare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from ckanext.cpdi.declare.tables.privacy import TIMES
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnreadableError

Days = tuple[date, date]


class Period(NamedTuple):
    """``days`` gives the period from the day that it is, and the last day that is over. Rows have to show their
    ``unit``, or a finer time, to be told apart by it.
    """

    unit: str
    days: Callable[[date, date], Days]


def _last(count: int) -> Callable[[date, date], Days]:
    return lambda _, over: (over - timedelta(count - 1), over)


def _last_month(today: date, _: date) -> Days:
    end = today.replace(day=1) - timedelta(1)
    return end.replace(day=1), end


def _this_year(today: date, _: date) -> Days:
    return today.replace(month=1, day=1), today


def _last_year(today: date, _: date) -> Days:
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


def _twelve_months(_: date, over: date) -> Days:
    """Return the days since the same one a year ago; where it is the 29th of February, since the 1st of March."""
    begin = over + timedelta(1)
    leap = (begin.month, begin.day) == (2, 29)
    return date(begin.year - 1, 3, 1) if leap else begin.replace(year=begin.year - 1), over


PERIODS: Mapping[str, Period] = {
    "last-7-days": Period("date", _last(7)),
    "last-28-days": Period("date", _last(28)),
    "last-month": Period("month", _last_month),
    "this-year": Period("quarter", _this_year),
    "last-year": Period("quarter", _last_year),
    "last-12-months": Period("quarter", _twelve_months),
}


def days_of(name: str, today: date, parameter: str) -> Days:
    """Return the first and the last day of the period ``name``; raise UnreadableError where there is none of it."""
    period = PERIODS.get(name.strip().lower())
    if period is None:
        raise UnreadableError(
            Said("{name!r} is no period; there are {names}", name=name[:40], names=", ".join(PERIODS)), parameter
        )
    return period.days(today, today - timedelta(1))


def usual(last: date, finest: str) -> dict[str, Days]:
    """Return every period of a table whose rows show ``finest`` of their time, by name, as of its ``last`` day: rows
    come a night late, or later, and that day is over.
    """
    return {name: days(last, last) for name, (unit, days) in PERIODS.items() if shown(unit, finest)}


def shown(unit: str, finest: str) -> bool:
    """Return whether rows that show ``finest`` of their time can be told apart by ``unit``."""
    return TIMES.index(finest) <= TIMES.index(unit)

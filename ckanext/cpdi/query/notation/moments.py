"""Moments as people and protocols write them: days of the department, and instants; what of a column they mean.

In: texts of RFC 3339. Out: conditions on a column of days or of instants. A day beside a column of instants is all of
that day; an instant without an offset is one of the department's clock.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeAlias

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import Column
from ckanext.cpdi.query.errors import UnreadableError, WrongTypeError
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    Comparison,
    Condition,
    Instant,
    Interval,
    Not,
    Operator,
    Term,
    all_of,
)

Moment: TypeAlias = date | datetime
"""A day, or an instant with a zone."""
OPEN = ("", "..")
"""How an interval says that an end is open."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?\s?([Zz]|[+-]\d\d(:?\d\d)?)?",
    re.ASCII,
)


def parse_moment(text: str, zone: tzinfo, parameter: str = "") -> Moment:
    """Return the day or instant that ``text`` is; raise UnreadableError for anything else."""
    text = text.strip()
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
        if _INSTANT.fullmatch(text):
            at = datetime.fromisoformat(text.upper())
            return at if at.tzinfo else at.replace(tzinfo=zone)
    except ValueError:
        pass
    raise UnreadableError(
        Said("{text!r} is no day such as 2026-03-01, and no time such as 2026-03-01T14:30:00Z", text=text[:40]),
        parameter,
    )


def parse_day(text: str, parameter: str = "") -> date:
    """Return the day that ``text`` is; raise UnreadableError for anything else."""
    try:
        return date.fromisoformat(text.strip() if _DAY.fullmatch(text.strip()) else "")
    except ValueError:
        raise UnreadableError(Said("{text!r} is no day such as 2026-03-01", text=text[:40]), parameter) from None


def parse_span(text: str, zone: tzinfo, parameter: str = "") -> tuple[Moment | None, Moment | None]:
    """Return the two ends of an interval ``a/b``, ``a/..`` or ``../b``, or a moment as both; None is open."""
    parts = text.split("/")
    if len(parts) > 2 or not text.strip():
        raise UnreadableError(
            Said(
                "{text!r} is no time or interval: write 2026-03-01, 2026-03-01/2026-03-31, "
                "2026-03-01/.. or ../2026-03-31",
                text=text[:40],
            ),
            parameter,
        )
    ends = [None if len(parts) == 2 and part.strip() in OPEN else parse_moment(part, zone, parameter) for part in parts]
    return ends[0], ends[-1]


def between(column: Column, start: Moment | None, end: Moment | None, zone: tzinfo, parameter: str = "") -> Condition:
    """Return the condition that ``column`` is from ``start`` to ``end``, both included; raise where it ends first."""
    _check_is_time(column, parameter)
    if column.type == "date":
        term, days = Term(column.name), [None if at is None else _day(at, zone) for at in (start, end)]
        _check_order(days[0], days[1], parameter)
        bounds: list[Condition] = [Comparison(term, ">=", days[0])] if days[0] else []
        return all_of([*bounds, *([Comparison(term, "<=", days[1])] if days[1] else [])])
    if start is not None and start == end and isinstance(start, datetime):
        return Instant(column.name, start)
    first = None if start is None else _first(start, zone)
    last = None if end is None else _after(end, zone)
    if end is not None:
        _check_order(first, _first(end, zone), parameter)
    if first is None and last is None:
        return EVERYTHING
    return Interval(column.name, first, last, closed=isinstance(end, datetime))


def in_year(column: Column, year: int, zone: tzinfo) -> Condition:
    """Return the condition that ``column`` is in ``year``, by days of ``zone``."""
    return between(column, date(year, 1, 1), date(year, 12, 31), zone)


def compare(column: Column, operator: Operator, moment: Moment, zone: tzinfo, parameter: str = "") -> Condition:
    """Return the condition that ``column`` is before, at or after ``moment``."""
    _check_is_time(column, parameter)
    term = Term(column.name)
    if column.type == "date":
        return Comparison(term, operator, _day(moment, zone))
    if isinstance(moment, datetime):
        return Comparison(term, operator, moment)
    start, end = _first(moment, zone), _after(moment, zone)
    match operator:
        case "=" | "<>":
            whole_day = Interval(column.name, start, end)
            return whole_day if operator == "=" else Not(whole_day)
        case "<" | ">=":
            return Comparison(term, operator, start)
        case ">" | "<=":
            if end is None:
                return Comparison(term, operator, datetime.max.replace(tzinfo=zone))
            return Comparison(term, ">=" if operator == ">" else "<", end)


def _check_is_time(column: Column, parameter: str) -> None:
    if column.type not in ("date", "datetime"):
        raise WrongTypeError(
            Said("{name} is no time: it is of type {kind}", name=column.name, kind=column.type), parameter
        )


def _check_order(start: Moment | None, end: Moment | None, parameter: str) -> None:
    if start is not None and end is not None and start > end:
        raise UnreadableError("the interval ends before it begins", parameter)


def _day(moment: Moment, zone: tzinfo) -> date:
    """Return the day of ``moment``."""
    if not isinstance(moment, datetime):
        return moment
    try:
        return moment.astimezone(zone).date()
    except OverflowError:  # the first and the last day of the calendar, in another zone
        return moment.date()


def _first(moment: Moment, zone: tzinfo) -> datetime:
    """Return the first instant of ``moment``."""
    return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day, tzinfo=zone)


def _after(moment: Moment, zone: tzinfo) -> datetime | None:
    """Return an instant itself, and the first one after a day; None after the last day of the calendar."""
    if isinstance(moment, datetime):
        return moment
    return None if moment == date.max else _first(moment + timedelta(days=1), zone)

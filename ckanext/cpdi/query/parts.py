"""The conditions that a filter joins by AND, by what each of them is about: the period, the hour, one column, or more.

In: a condition, and the columns that are told apart. Out: its parts. A chart of a column's values shows the rows that
meet all parts but those about the column alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    And,
    Between,
    Comparison,
    Condition,
    In,
    Instant,
    Interval,
    IsNull,
    Like,
    Not,
    Or,
    Term,
    walk,
)

HOURS, PERIOD = "hours", "period"
"""What a part may be about beside a column: hour and weekday of the rows' time; the days from one to another."""
_CLOCK = ("hour", "weekday")
_MOMENT = timedelta(microseconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Parts:
    """Each part of a filter with what it is about; empty where it is about several things, or no one of those asked."""

    subjects: dict[Condition, str]

    def __iter__(self) -> Iterator[Condition]:
        """Yield the parts."""
        return iter(self.subjects)

    def about(self, subject: str) -> list[Condition]:
        """Return the parts about ``subject``."""
        return [part for part, about in self.subjects.items() if about == subject]

    def without(self, subject: str) -> list[Condition]:
        """Return the parts that are not about ``subject``; with none, all of them."""
        return [part for part, about in self.subjects.items() if not subject or about != subject]


def split(condition: Condition, table: Table, zone: ZoneInfo, columns: Collection[str]) -> Parts:
    """Return the parts of ``condition``, told apart by ``columns``, hour and period."""
    joined = condition.parts if isinstance(condition, And) else () if condition == EVERYTHING else (condition,)
    return Parts({part: _subject(part, table, zone, columns) for part in joined})


def span(parts: Collection[Condition], zone: ZoneInfo) -> tuple[date | None, date | None]:
    """Return the first and the last day that parts about the period leave; None where they leave it open."""
    bounds = [_bounds(part) for part in parts]
    first = [_day(start, zone) for start, _ in bounds if start is not None]
    last = [_day(end, zone) for _, end in bounds if end is not None]
    return max(first, default=None), min(last, default=None)


def _subject(part: Condition, table: Table, zone: ZoneInfo, columns: Collection[str]) -> str:
    time = table.time_field.name
    if _is_period(part, time):
        return PERIOD
    about: set[str] = set()
    for leaf in walk(part):
        if not isinstance(leaf, And | Or | Not):
            about.update(_named(term, time, zone) for term in _terms(leaf))
    subject = about.pop() if len(about) == 1 else ""
    return subject if subject == HOURS or subject in columns else ""


def _is_period(part: Condition, time: str) -> bool:
    match part:
        case Instant(column) | Interval(column):
            return column == time
        case Comparison(Term(column, None), operator, value):
            return column == time and operator != "<>" and not isinstance(value, Term)
        case Between(Term(column, None)):
            return column == time
        case _:
            return False


def _terms(leaf: Condition) -> Iterator[Term | None]:
    """Yield the terms of a test; None for one that is about no column alone, as places and words are."""
    match leaf:
        case Comparison(term, _, Term() as other):
            yield from (term, other)
        case Comparison(term) | Between(term) | In(term) | Like(term) | IsNull(term):
            yield term
        case _:
            yield None


def _named(term: Term | None, time: str, zone: ZoneInfo) -> str:
    """Return what a term is about."""
    if term is None:
        return ""
    if term.column != time:
        return term.column
    return HOURS if term.function in _CLOCK and term.zone == zone.key else ""


def _bounds(part: Condition) -> tuple[date | None, date | None]:
    """Return the first and the last moment of a part about the period."""
    match part:
        case Instant(_, at):
            return at, at
        case Interval(_, start, end, closed):
            return start, end if closed or end is None else _before(end)
        case Between(_, low, high) if isinstance(low, date) and isinstance(high, date):
            return low, high
        case Comparison(_, operator, value) if isinstance(value, date):
            return _compared(operator, value)
        case _:
            return None, None


def _compared(operator: str, value: date) -> tuple[date | None, date | None]:
    match operator:
        case "=":
            return value, value
        case ">=":
            return value, None
        case ">":
            return _after(value), None
        case "<=":
            return None, value
        case _:
            return None, _before(value)


def _before(moment: date) -> date:
    """Return the last moment before ``moment``; the first of the calendar has none."""
    try:
        return moment - (_MOMENT if isinstance(moment, datetime) else _DAY)
    except OverflowError:
        return moment


def _after(moment: date) -> date:
    try:
        return moment + (_MOMENT if isinstance(moment, datetime) else _DAY)
    except OverflowError:
        return moment


def _day(moment: date, zone: ZoneInfo) -> date:
    try:
        return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment
    except OverflowError:  # the first and the last day of the calendar, in another zone
        return date(moment.year, moment.month, moment.day)

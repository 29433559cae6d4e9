"""Rows of a table counted week by week, as Compstat counts: by team and category, over a week, 28 days and the year to
date, each beside the same span of the year before. All of it is SQL on the published table.

Weeks run from Monday to Sunday by the clock of the table's zone. Only rows that show at least their hour are counted:
of others the day is not known, or they come out weeks later, and no week could be compared with that of a year before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from psycopg import sql

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.tree import Comparison, Condition, In, IsNull, Term, all_of, any_of
from ckanext.cpdi.selection.reader import Reader

WINDOWS = ("week", "28_days", "year_to_date")
_DAYS = {"week": 7, "28_days": 28}
_YEAR = timedelta(days=364)
"""A year back to the same day of the week."""
_SETTLED = timedelta(days=3)
"""After this time the calls of a day that show their hour have come out: they are closed, and a day has gone by."""
_EXACT = ("minute", "hour")


class Span(NamedTuple):
    """Days from ``first`` to ``last``, both included."""

    first: date
    last: date


class Window(NamedTuple):
    """A span and the one of the year before that it is compared with."""

    name: str
    current: Span
    prior: Span


class Count(NamedTuple):
    """How many rows a team and a category have in each window: pairs of current and prior, in the order of WINDOWS.

    ``team`` and ``category`` are None for all of them, and empty for rows without.
    """

    team: str | None
    category: str | None
    pairs: tuple[tuple[int, int], ...]


def windows(last: date) -> tuple[Window, ...]:
    """Return the windows that end with the day ``last``.

    Week and 28 days are compared with the same days of the week, 364 days before; the year to date with the same dates,
    where the 29th of February is compared with the 28th.
    """
    rolling = [Window(name, *_rolling(last, days)) for name, days in _DAYS.items()]
    day = min(last.day, 28) if last.month == 2 else last.day
    prior = Span(date(last.year - 1, 1, 1), date(last.year - 1, last.month, day))
    return (*rolling, Window(WINDOWS[-1], Span(date(last.year, 1, 1), last), prior))


def sunday_of(day: date) -> date:
    """Return the last day of the week that ``day`` is in."""
    return day + timedelta(days=7 - day.isoweekday())


def weeks(reader: Reader) -> Span | None:
    """Return the Sundays of the first and the last whole week of the table that can be counted; None without any."""
    table, writer = reader.table, reader.writer()
    query = sql.SQL(
        "SELECT min({time} AT TIME ZONE {zone})::date, max({time} AT TIME ZONE {zone})::date,"
        " ({published} AT TIME ZONE {zone})::date FROM {name} WHERE {exact}"
    ).format(
        time=sql.Identifier(table.time_field.name),
        zone=sql.Literal(reader.state.zone),
        published=sql.Literal(reader.state.published_at),
        name=_name(reader),
        exact=writer.where(all_of(comparable(table))),
    )
    first, last, published = reader.connection.execute(query, writer.values).fetchone() or (None, None, None)
    if first is None or last is None or published is None:
        return None
    whole = min(last, published - _SETTLED)
    end = whole - timedelta(days=whole.isoweekday() % 7)
    start = sunday_of(first)
    return Span(start, end) if start <= end else None


def settled(reader: Reader) -> date:
    """Return the last day of which the rows that can be compared have come out, by the clock of the table's zone."""
    return (reader.state.published_at.astimezone(ZoneInfo(reader.state.zone)) - _SETTLED).date()


def counts(reader: Reader, sunday: date) -> list[Count]:
    """Return the counts of the windows that end with ``sunday``, by team and category, and their sums.

    All teams come first, then teams by name, Team 2 before Team 10, and rows without one last; so do categories. What
    has no row in any window is left out.
    """
    asked, writer = windows(sunday), reader.writer()
    spans = [span for window in asked for span in (window.current, window.prior)]
    query = sql.SQL(
        "SELECT grouping(team) > 0, coalesce(team, ''), grouping(category) > 0, coalesce(category, ''), {numbers}"
        " FROM (SELECT {team} AS team, {category} AS category, ({time} AT TIME ZONE {zone})::date AS day"
        " FROM {name} WHERE {exact} AND ({near})) AS calls"
        " GROUP BY GROUPING SETS ((team, category), (team), (category), ())"
    ).format(
        numbers=sql.SQL(", ").join(map(_number, spans)),
        team=_text(_field(reader.table, "place.team")),
        category=_text(reader.table.category),
        time=sql.Identifier(reader.table.time_field.name),
        zone=sql.Literal(reader.state.zone),
        name=_name(reader),
        exact=writer.where(all_of(comparable(reader.table))),
        near=sql.SQL(" OR ").join(_near(span, reader) for span in _around(asked)),
    )
    rows = reader.connection.execute(query, writer.values).fetchall()
    counted = [
        Count(None if all_teams else team, None if all_categories else category, _pairs(numbers))
        for all_teams, team, all_categories, category, *numbers in rows
        if any(numbers) or (all_teams and all_categories)
    ]
    return sorted(counted, key=lambda count: (name_order(count.team), name_order(count.category)))


def name_order(name: str | None) -> tuple[int, list[tuple[int, str]]]:
    """Return the place of a team or category in the order of names, with numbers in them taken as numbers."""
    parts = [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"([0-9]{1,9})", name or "")]
    return (0 if name is None else 1 if name else 2), parts


def _rolling(last: date, days: int) -> tuple[Span, Span]:
    current = Span(last - timedelta(days=days - 1), last)
    return current, Span(current.first - _YEAR, current.last - _YEAR)


def _pairs(numbers: list[int]) -> tuple[tuple[int, int], ...]:
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _around(asked: Iterable[Window]) -> tuple[Span, Span]:
    """Return the days of all current spans, and those of all prior ones."""
    parts = [(window.current, window.prior) for window in asked]
    current, prior = zip(*parts, strict=True)
    return _union(current), _union(prior)


def _union(spans: Iterable[Span]) -> Span:
    spans = list(spans)
    return Span(min(span.first for span in spans), max(span.last for span in spans))


def _number(span: Span) -> sql.Composed:
    return sql.SQL("count(*) FILTER (WHERE day BETWEEN {} AND {})").format(*map(sql.Literal, span))


def _near(span: Span, reader: Reader) -> sql.Composed:
    """Return the condition for times of the days of ``span``, which the index on the time answers."""
    bounds = (span.first, span.last + timedelta(days=1))
    begin, end = (
        sql.SQL("({}::timestamp AT TIME ZONE {})").format(sql.Literal(day), sql.Literal(reader.state.zone))
        for day in bounds
    )
    time = sql.Identifier(reader.table.time_field.name)
    return sql.SQL("({time} >= {begin} AND {time} < {end})").format(time=time, begin=begin, end=end)


def comparable(table: Table) -> list[Condition]:
    """Return the conditions for rows that show their hour, and are events of their own."""
    conditions: list[Condition] = []
    if precision := _field(table, "time.precision"):
        conditions.append(In(Term(precision), _EXACT))
    if counted := _field(table, "event.counts"):
        conditions.append(any_of([IsNull(Term(counted)), Comparison(Term(counted), "=", True)]))
    return conditions


def _field(table: Table, source: str) -> str:
    """Return the name of the field that is made of ``source``; empty where there is none."""
    return next((field.name for field in table.fields if field.source == source), "")


def _text(column: str) -> sql.Composable:
    return sql.SQL("coalesce({}, '')").format(sql.Identifier(column)) if column else sql.SQL("''::text")


def _name(reader: Reader) -> sql.Identifier:
    return sql.Identifier("public", reader.state.resource_id)

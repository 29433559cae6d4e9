"""Writes a condition as the parameters of a link, which :mod:`..grammars.link` reads again.

In: a condition, its table and zone. Out: names and values, in an order that stays. What has no plain parameter is
written in ``filter`` as CQL2, so that each condition has a link.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.grammars.link import FIXED, SUFFIXES, WORDS
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    And,
    Between,
    Comparison,
    Condition,
    Envelope,
    In,
    Interval,
    IsNull,
    Not,
    Search,
    Term,
    Value,
    all_of,
)
from ckanext.cpdi.query.writers.cql2 import instant, write

Pairs = list[tuple[str, str]]
_SUFFIX = {operator: f"__{suffix}" for suffix, operator in SUFFIXES.items()} | {"=": ""}


def write_link(condition: Condition, table: Table, zone: tzinfo) -> Pairs:
    """Return the parameters of ``condition``, which mean the same on ``table``; none where it is everything."""
    parts = condition.parts if isinstance(condition, And) else () if condition == EVERYTHING else (condition,)
    pairs: Pairs = []
    rest: list[Condition] = []
    for part in parts:
        plain = _plain(part, table, zone)
        if plain and not {name for name, _ in plain} & {name for name, _ in pairs}:
            pairs += plain
        else:
            rest.append(part)
    return pairs + ([("filter", _without_brackets(write(all_of(rest))))] if rest else [])


def _without_brackets(text: str) -> str:
    """Return the text of a conjunction without the brackets around it, which the whole of a filter does not need."""
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 or character in "'\"":
            return text[1:-1] if place == len(text) - 1 else text
    return text


def _plain(part: Condition, table: Table, zone: tzinfo) -> Pairs:
    """Return the plain parameters of a condition; none where it has none."""
    match part:
        case Envelope(west, south, east, north):
            return [("bbox", ",".join(map(repr, map(float, (west, south, east, north)))))]
        case Search(text) if 0 < len(text.split()) <= WORDS:
            return [("q", text)]
        case Interval():
            return _interval(part, table, zone)
        case In() | Comparison() | Between() | IsNull() | Not(IsNull()):
            return _of_column(part)
        case _:
            return []


def _interval(interval: Interval, table: Table, zone: tzinfo) -> Pairs:
    """Return days where the interval is made of them and of the table's time; else its ends."""
    first = _day(interval.start, zone)
    last = None if interval.end is None or interval.closed else _day(interval.end, zone)
    is_whole = (interval.start is None or first) and (interval.end is None or last)
    is_ordered = not (first and last) or first < last
    if interval.column == table.time_field.name and is_whole and is_ordered and (first or last):
        pairs = [("from", first.isoformat())] if first else []
        return pairs + ([("to", (last - timedelta(days=1)).isoformat())] if last else [])
    ends: Pairs = []
    if interval.column in FIXED:
        return ends
    if interval.start is not None:
        ends.append((f"{interval.column}__gte", instant(interval.start)))
    if interval.end is not None:
        ends.append((f"{interval.column}__{'lte' if interval.closed else 'lt'}", instant(interval.end)))
    return ends


def _day(at: datetime | None, zone: tzinfo) -> date | None:
    """Return the day that begins at an instant; None where none does."""
    try:
        local = at.astimezone(zone) if at else None
    except OverflowError:
        return None
    if local is None or datetime(local.year, local.month, local.day, tzinfo=zone).astimezone(UTC) != local:
        return None
    return local.date() if local.date() > date.min else None


def _of_column(part: In | Comparison | Between | IsNull | Not) -> Pairs:
    """Return the parameters that are named by a column."""
    null = part.part if isinstance(part, Not) else part
    if isinstance(null, IsNull):
        name = _parameter(null.term)
        return [(f"{name}__empty", "no" if isinstance(part, Not) else "yes")] if name else []
    assert not isinstance(part, Not | IsNull)  # noqa: S101
    name = _parameter(part.term)
    match part:
        case In(_, values) if name:
            pairs = [(name, _text(value)) for value in values]
        case Between(_, low, high) if name:
            pairs = [(f"{name}__gte", _text(low)), (f"{name}__lte", _text(high))]
        case Comparison(_, operator, value) if name and operator in _SUFFIX and not isinstance(value, Term):
            pairs = [(f"{name}{_SUFFIX[operator]}", _text(value))]
        case _:
            return []
    return pairs if all(value.strip() for _, value in pairs) else []


def _parameter(term: Term) -> str:
    """Return the name of a column's parameter; empty for a function, or where the name means something else."""
    return "" if term.function or term.column in FIXED else term.column


def _text(value: Value) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case float():
            return repr(value).replace("inf", "1e300")
        case _:
            return str(value)

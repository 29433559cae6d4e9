"""Writes a condition as CQL2 text, which :mod:`..grammars.cql2` reads again.

In: a condition. Out: text that means the same. Instants are written in UTC, coordinates in degrees, longitude first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from ckanext.cpdi.query.grammars.cql2 import FUNCTIONS
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    And,
    Between,
    Comparison,
    Condition,
    Distance,
    Envelope,
    Everything,
    Geometry,
    In,
    Instant,
    Intersects,
    Interval,
    IsNull,
    Like,
    Not,
    Nothing,
    Or,
    Search,
    Term,
    Value,
)

_INFINITE = "1e300"
"""What is beyond all whole numbers of a column; CQL2 has no infinity."""
_NAMES = {function: name for name, function in FUNCTIONS.items()} | {"lower": "casei", "unaccent": "accenti"}
_BARE = re.compile(r"[A-Za-z][A-Za-z0-9_.]*", re.ASCII)
_CLOCK = ("year", "month", "day", "hour", "minute", "second", "weekday", "date")


def write(condition: Condition) -> str:
    """Return ``condition`` as CQL2 text."""
    match condition:
        case Everything() | Nothing():
            return "true" if condition == EVERYTHING else "false"
        case And(parts) | Or(parts):
            joint = " AND " if isinstance(condition, And) else " OR "
            return "(" + joint.join(map(write, parts)) + ")"
        case Not(part):
            return f"NOT ({write(part)})"
        case Search(words):
            return f"search({write_value(words)})"
        case Envelope() | Intersects() | Distance():
            return _spatial(condition)
        case Instant(column, at):
            return f"{_name(column)} = {write_value(at)}"
        case Interval():
            return _interval(condition)
        case _:
            return _test(condition)


def write_value(value: Value) -> str:
    """Return a value as a literal."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            return repr(value).replace("inf", _INFINITE)
        case datetime():
            return f"TIMESTAMP('{instant(value)}')"
        case date():
            return f"DATE('{value.isoformat()}')"
        case str():
            return "'" + value.replace("'", "''") + "'"


def instant(value: datetime) -> str:
    """Return an instant in UTC, by RFC 3339; one at the ends of the calendar keeps its own offset."""
    try:
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except OverflowError:
        return value.isoformat()


def _test(condition: Comparison | Between | In | Like | IsNull) -> str:
    term = _term(condition.term)
    match condition:
        case Comparison(_, operator, value):
            return f"{term} {operator} {_term(value) if isinstance(value, Term) else write_value(value)}"
        case Between(_, low, high):
            return f"({term} >= {write_value(low)} AND {term} <= {write_value(high)})"
        case In(_, values):
            return f"{term} IN ({', '.join(map(write_value, values))})"
        case Like(_, pattern):
            return f"{term} LIKE {write_value(pattern)}"
        case IsNull():
            return f"{term} IS NULL"


def _interval(interval: Interval) -> str:
    column = _name(interval.column)
    bounds: list[str] = []
    if interval.start is not None:
        bounds.append(f"{column} >= {write_value(interval.start)}")
    if interval.end is not None:
        bounds.append(f"{column} {'<=' if interval.closed else '<'} {write_value(interval.end)}")
    return "(" + " AND ".join(bounds or [f"NOT ({column} IS NULL)"]) + ")"


def _spatial(condition: Envelope | Intersects | Distance) -> str:
    match condition:
        case Envelope(west, south, east, north):
            return f"S_INTERSECTS(geometry, BBOX({', '.join(map(_plain, (west, south, east, north)))}))"
        case Intersects(geometry):
            return f"S_INTERSECTS(geometry, {write_geometry(geometry)})"
        case Distance(geometry, metres):
            return f"S_DWITHIN(geometry, {write_geometry(geometry)}, {_plain(metres)}, 'm')"


def write_geometry(geometry: Geometry) -> str:
    """Return a geometry as text of CQL2, which is WKT."""
    coordinates = [geometry.coordinates] if geometry.type == "Point" else geometry.coordinates
    return f"{geometry.type.upper()}{_positions(coordinates)}"


def _positions(coordinates: Sequence[object]) -> str:
    listed = [
        " ".join(map(_plain, item)) if not isinstance(item[0], tuple) else _positions(item)  # pyright: ignore[reportIndexIssue, reportArgumentType, reportUnknownArgumentType, reportUnknownVariableType]
        for item in coordinates
    ]
    return f"({', '.join(listed)})"


def _term(term: Term) -> str:
    column = _name(term.column)
    if term.function is None:
        return column
    if term.function == "fold":
        return f"casei(accenti({column}))"
    clock = f", '{term.zone}'" if term.function in _CLOCK else ""
    return f"{_NAMES[term.function]}({column}{clock})"


def _name(column: str) -> str:
    """Return a column's name; one that begins with ``_``, or has other signs than names have, is quoted."""
    return column if _BARE.fullmatch(column) else f'"{column}"'


def _plain(number: float) -> str:
    """Return a number without an exponent, which WKT does not have everywhere."""
    return format(Decimal(repr(float(number))), "f")

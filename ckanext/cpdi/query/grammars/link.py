"""The plain parameters of a link: ``from``, ``to``, ``datetime``, ``bbox``, ``q``, and any declared column by name.

In: names and values as a query string has them, a table, and its zone. Out: a condition. All parameters hold together;
a column that is named several times has one of the values. An empty value asks for nothing, since a form sends those of
all its fields. The writer of such links is :mod:`ckanext.cpdi.query.writers.link`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import tzinfo

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.columns import Column, Columns
from ckanext.cpdi.query.errors import TooLargeQueryError, UnknownColumnError, UnknownFunctionError, UnreadableError
from ckanext.cpdi.query.grammars.moments import between, compare, parse_day, parse_moment, parse_span
from ckanext.cpdi.query.limits import TEXT, check_tree
from ckanext.cpdi.query.tree import (
    Comparison,
    Condition,
    Envelope,
    In,
    IsNull,
    Not,
    Operator,
    Search,
    Term,
    all_of,
    any_of,
)

SUFFIXES: dict[str, Operator] = {"gte": ">=", "gt": ">", "lte": "<=", "lt": "<"}
"""What may follow a column's name after two underscores, beside :data:`EMPTY`."""
EMPTY = "empty"
"""The suffix that asks for rows whose column is empty (``yes``) or not (``no``)."""
WORDS = 20
"""Words of a search at most."""
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")
Pairs = Iterable[tuple[str, str]]


def parse(arguments: Pairs, table: Table, zone: tzinfo) -> Condition:
    """Return the condition of the ``arguments``; names that mean nothing are an error.

    A service takes out its own parameters first. Raises QueryError with the parameter's name.
    """
    columns = Columns(table)
    given = _gather(arguments)
    conditions = list(_times(given, columns, zone))
    for name, values in given.items():
        if name in _FIXED:
            conditions += (_FIXED[name](value, name) for value in values)
        elif name not in _TIMES:
            conditions.append(_column(name, values, columns, zone))
    return check_tree(all_of(conditions))


def is_parameter(name: str, table: Table) -> bool:
    """Return whether ``name`` is a parameter of links to ``table``: others, such as ``utm_source``, choose no rows."""
    column, _, suffix = name.partition("__")
    return name in _FIXED or name in _TIMES or (column in Columns(table) and suffix in ("", EMPTY, *SUFFIXES))


def _gather(arguments: Pairs) -> dict[str, list[str]]:
    """Return the values of each name in their order, without empty ones; raise where they are too long."""
    given: dict[str, list[str]] = {}
    length = 0
    for name, value in arguments:
        length += len(name) + len(value)
        if value.strip():
            given.setdefault(name.strip(), []).append(value)
        if "\x00" in value:
            raise UnreadableError("no value has the character NUL", name)
    if length > TEXT:
        raise TooLargeQueryError(f"the parameters have at most {TEXT} characters together, these {length}")
    return given


def _times(given: dict[str, list[str]], columns: Columns, zone: tzinfo) -> Iterator[Condition]:
    """Yield the conditions on the time of the table's rows."""
    time = columns.find(columns.table.time_field.name)
    days = {name: parse_day(_only(given, name), name) for name in ("from", "to") if name in given}
    if days:
        yield between(time, days.get("from"), days.get("to"), zone, "to" if "to" in days else "from")
    if "datetime" in given:
        start, end = parse_span(_only(given, "datetime"), zone, "datetime")
        yield between(time, start, end, zone, "datetime")


def _only(given: dict[str, list[str]], name: str) -> str:
    if len(given[name]) > 1:
        raise UnreadableError(f"{name} stands once in a link, here {len(given[name])} times", name)
    return given[name][0]


def parse_box(text: str, parameter: str) -> Envelope:
    """Return the box of ``west,south,east,north`` in degrees, or with heights third and sixth, which no point has.

    What lies beyond the world is cut off; the west is greater than the east across the 180th meridian.
    """
    try:
        sides = [float(side) for side in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) == 6:
        sides = [sides[place] for place in (0, 1, 3, 4)]
    if len(sides) != 4 or not all(map(math.isfinite, sides)):
        raise UnreadableError(
            f"{text[:60]!r} is no box: write west,south,east,north in degrees, such as -80.1,32.7,-79.8,33.0", parameter
        )
    return clip(*sides, parameter=parameter)


def clip(west: float, south: float, east: float, north: float, parameter: str = "") -> Envelope:
    """Return the part of a box that lies in the world; raise UnreadableError where its south is north of its north."""
    if south > north:
        raise UnreadableError("the south of the box is north of its north", parameter)
    if east - west >= 360:
        west, east = -180.0, 180.0
    if not -180 <= west <= 180:
        west = _turned(west)
    if not -180 <= east <= 180:
        east = _turned(east)
    return Envelope(west, min(90.0, max(-90.0, south)), east, min(90.0, max(-90.0, north)))


def _turned(longitude: float) -> float:
    return math.remainder(longitude, 360.0)


def _search(text: str, parameter: str) -> Search:
    if len(text.split()) > WORDS:
        raise TooLargeQueryError(f"a search has at most {WORDS} words, this one {len(text.split())}", parameter)
    return Search(" ".join(text.split()))


_FIXED: dict[str, Callable[[str, str], Condition]] = {"bbox": parse_box, "q": _search}
_TIMES = ("from", "to", "datetime")


def _column(name: str, values: Sequence[str], columns: Columns, zone: tzinfo) -> Condition:
    """Return the condition of a parameter that is named by a column, with an operator or without."""
    named, _, suffix = name.partition("__")
    if named.strip().lower() not in columns:
        names = ", ".join([*_TIMES, *_FIXED, *(field.name for field in columns.table.fields)])
        raise UnknownColumnError(f"there is no parameter {name[:64]!r}; there are {names}", name)
    column = columns.find(named, name)
    if suffix == EMPTY:
        return all_of([_emptiness(column, value, name) for value in values])
    if suffix and suffix not in SUFFIXES:
        ends = ", ".join(f"{column.name}__{end}" for end in (*SUFFIXES, EMPTY))
        raise UnknownFunctionError(f"{name[:64]!r} is none of {column.name}, {ends}", name)
    if column.type in ("date", "datetime"):
        operator = SUFFIXES[suffix] if suffix else "="
        moments = [compare(column, operator, parse_moment(value, zone, name), zone, name) for value in values]
        return all_of(moments) if suffix else any_of(moments)
    term = Term(column.name)
    converted = tuple(dict.fromkeys(columns.value(term, value, zone, name) for value in values))
    if suffix:
        return all_of([Comparison(term, SUFFIXES[suffix], value) for value in converted])
    return Comparison(term, "=", converted[0]) if len(converted) == 1 else In(term, converted)


def _emptiness(column: Column, word: str, parameter: str) -> Condition:
    empty = IsNull(Term(column.name))
    if word.strip().lower() in _YES:
        return empty
    if word.strip().lower() in _NO:
        return Not(empty)
    raise UnreadableError(f"{parameter} is yes or no, not {word[:40]!r}", parameter)

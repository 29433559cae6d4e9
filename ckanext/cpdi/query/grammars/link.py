"""The parameters of a link: ``from``, ``to``, ``period``, ``datetime``, ``bbox``, ``q``, columns, areas, ``filter``.

In: names and values as a query string has them, a table, and its zone. Out: a condition. All parameters hold together;
a column that is named several times has one of the values. An empty value asks for nothing, since a form sends those of
all its fields. ``filter`` is CQL2, for what cannot be said plainly. :mod:`ckanext.cpdi.query.writers.link` writes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from ckanext.cpdi.declare import Table
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.areas import Layers, column_of, layer_of
from ckanext.cpdi.query.columns import Column, Columns
from ckanext.cpdi.query.errors import TooLargeQueryError, UnknownColumnError, UnknownFunctionError, UnreadableError
from ckanext.cpdi.query.grammars import cql2
from ckanext.cpdi.query.limits import TEXT, check_tree
from ckanext.cpdi.query.notation.box import parse_box
from ckanext.cpdi.query.notation.moments import between, compare, parse_day, parse_moment, parse_span
from ckanext.cpdi.query.notation.periods import days_of
from ckanext.cpdi.query.reference import CRS84, Axes, find_axes
from ckanext.cpdi.query.tree import (
    Comparison,
    Condition,
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
PERIOD = "period"
"""The parameter whose days go on with the calendar."""
FIXED = ("from", "to", PERIOD, "datetime", "bbox", "bbox-crs", "q", "filter", "filter-lang", "filter-crs")
"""Parameters that every table has."""
LANGUAGES = {"cql2-text": cql2.parse_text, "cql2-json": cql2.parse_json, "cql-text": cql2.parse_text}
"""What ``filter`` is written in; GDAL calls the first as it was called in the draft of the standard."""
Pairs = Iterable[tuple[str, str]]


def parse(arguments: Pairs, table: Table, zone: tzinfo, areas: Layers) -> Condition:
    """Return the condition of the ``arguments``; names that mean nothing are an error.

    ``areas`` are the declared ones. A service takes out its own parameters first. Raises QueryError with the
    parameter's name.
    """
    columns = Columns(table, areas=areas)
    given = _gather(dated(arguments, zone))
    conditions = list(_times(given, columns, zone))
    crs = _reference(given, "bbox-crs")
    conditions += (parse_box(box, "bbox", crs) for box in given.get("bbox", ()))
    conditions += map(_search, given.get("q", ()))
    conditions += _filters(given, columns, zone)
    conditions += (_column(name, values, columns, zone) for name, values in given.items() if name not in FIXED)
    return check_tree(all_of(conditions))


def dated(arguments: Pairs, zone: tzinfo) -> tuple[tuple[str, str], ...]:
    """Return ``arguments`` with the days of today in the place of a period; a page that stays open keeps them.

    Raises UnreadableError where there is no such period, or where the days are given as well.
    """
    given = tuple(arguments)
    asked = [value for name, value in given if name == PERIOD and value.strip()]
    if not asked:
        return given
    rest = tuple(pair for pair in given if pair[0] != PERIOD)
    if len(asked) > 1 or any(name in ("from", "to") and value.strip() for name, value in rest):
        raise UnreadableError("a period stands once in a link, and alone: without from and to", PERIOD)
    first, last = days_of(asked[0], datetime.now(zone).date(), PERIOD)
    return (("from", first.isoformat()), ("to", last.isoformat()), *rest)


def is_parameter(name: str, table: Table) -> bool:
    """Return whether ``name`` is a parameter of links to ``table``: others, such as ``utm_source``, choose no rows."""
    column, _, suffix = name.partition("__")
    return name in FIXED or bool(layer_of(name)) or (column in Columns(table) and suffix in ("", EMPTY, *SUFFIXES))


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
        raise TooLargeQueryError(
            Said("the parameters have at most {text} characters together, these {length}", text=TEXT, length=length)
        )
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
        raise UnreadableError(Said("{name} stands once in a link, here {n} times", name=name, n=len(given[name])), name)
    return given[name][0]


def _search(text: str) -> Search:
    words = text.split()
    if len(words) > WORDS:
        raise TooLargeQueryError(
            Said("a search has at most {words} words, this one {n}", words=WORDS, n=len(words)), "q"
        )
    return Search(" ".join(words))


def _filters(given: dict[str, list[str]], columns: Columns, zone: tzinfo) -> Iterator[Condition]:
    """Yield the conditions that are written in CQL2."""
    language = _only(given, "filter-lang") if "filter-lang" in given else "cql2-text"
    if language not in LANGUAGES:
        raise UnknownFunctionError(
            Said(
                "filters are written in {languages}, not in {language!r}",
                languages=", ".join(LANGUAGES),
                language=language[:40],
            ),
            "filter-lang",
        )
    crs = _reference(given, "filter-crs")
    yield from (LANGUAGES[language](text, columns, zone, crs) for text in given.get("filter", ()))


def _reference(given: dict[str, list[str]], name: str) -> Axes:
    return find_axes(_only(given, name), name) if name in given else CRS84


def _column(name: str, values: Sequence[str], columns: Columns, zone: tzinfo) -> Condition:
    """Return the condition of a parameter that is named by a column, with an operator or without."""
    named, _, suffix = name.partition("__")
    if named.strip().lower() not in columns and not layer_of(named):
        areas = map(column_of, columns.areas if columns.table.place else ())
        names = ", ".join([*FIXED, *(field.name for field in columns.table.fields), *areas])
        raise UnknownColumnError(
            Said("there is no parameter {name!r}; there are {names}", name=name[:64], names=names), name
        )
    column = columns.asked(named, name)
    if suffix == EMPTY:
        return all_of([_emptiness(column, value, name) for value in values])
    if suffix and suffix not in SUFFIXES:
        ends = ", ".join(f"{column.name}__{end}" for end in (*SUFFIXES, EMPTY))
        raise UnknownFunctionError(
            Said("{name!r} is none of {names}", name=name[:64], names=f"{column.name}, {ends}"), name
        )
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
    raise UnreadableError(
        Said("{parameter} is yes or no, not {word!r}", parameter=parameter, word=word[:40]), parameter
    )

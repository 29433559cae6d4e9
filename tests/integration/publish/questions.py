"""Questions of every kind on a table, drawn by hypothesis from its own values and such as stand in no row."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query import tree
from ckanext.cpdi.query.areas import column_of
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.question import Aggregate, Group, Statistics

ZONES = ("America/New_York", "UTC", "Asia/Kathmandu")
OPERATORS = ("=", "<>", "<", "<=", ">", ">=")
TEXTS = (
    "",
    "%",
    "_",
    "Señal",
    "señal",
    "ß",
    "SS",
    "İ",
    "ΣΑΣ",
    " blank ",
    "100%",
    "a\\b",
    "O'Brien",
    "(a|b)*",
    "\n",
    "🚓",
)
"""Texts that a language, a pattern or a statement may take for more than they are."""
_INSTANT = datetime(2024, 1, 1, tzinfo=UTC)
_OF_TEXT = ("lower", "upper", "unaccent", "fold", "trim", "length")
_OF_DAY = ("year", "month", "day", "weekday", "date")
_OF_TIME = (*_OF_DAY, "hour", "minute", "second")
_NUMBERS = st.one_of(st.integers(-5, 20), st.integers(-(2**62), 2**62), st.floats(-10, 400, allow_nan=False))


LAYER = "ward"
"""The layer of declared areas of a table whose rows have places."""


def _columns(table: Table) -> Columns:
    return Columns(table, areas={LAYER: TEXTS} if table.place else {})


def _names(columns: Columns) -> list[str]:
    """What a term can be of: the columns, and the areas of each layer."""
    return [*columns, *map(column_of, columns.areas)]


def conditions(table: Table, rows: list[dict[str, Any]]) -> st.SearchStrategy[tree.Condition]:
    """Trees of every condition that both writers know."""
    columns = _columns(table)
    leaves = [
        _of_terms(columns, rows),
        _nulls(columns),
        _times(columns, rows),
        st.sampled_from([tree.EVERYTHING, tree.NOTHING]),
    ]
    if table.point:
        leaves.append(_boxes())
    return st.recursive(st.one_of(leaves), _joined, max_leaves=6)


def statistics(table: Table, rows: list[dict[str, Any]]) -> st.SearchStrategy[Statistics]:
    """Groups by up to two terms, with aggregates of every kind, under a condition."""
    columns = _columns(table)
    groups = st.lists(terms(columns), max_size=2).map(
        lambda of: tuple(Group(term, f"g{n}") for n, term in enumerate(of))
    )
    aggregates = st.lists(_aggregates(columns), min_size=1, max_size=3).map(tuple)
    return st.builds(lambda g, a, f: Statistics(g, a, f), groups, aggregates, conditions(table, rows))


def _named(listed: list[tree.Term]) -> tuple[Group, ...]:
    return tuple(Group(term, f"g{place}") for place, term in enumerate(listed))


@st.composite
def terms(draw: st.DrawFn, columns: Columns) -> tree.Term:
    """A column, the areas of a layer, or a function of either."""
    name = draw(st.sampled_from(_names(columns)))
    functions = {"string": _OF_TEXT, "date": _OF_DAY, "datetime": _OF_TIME}.get(columns.asked(name).type, ())
    function = draw(st.sampled_from([None, *functions]))
    return columns.term(name, function, draw(st.sampled_from(ZONES)))


def _joined(parts: st.SearchStrategy[tree.Condition]) -> st.SearchStrategy[tree.Condition]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(tree.And), several.map(tree.Or), parts.map(tree.Not))


@st.composite
def _of_terms(draw: st.DrawFn, columns: Columns, rows: list[dict[str, Any]]) -> tree.Condition:
    term = draw(terms(columns))
    kind = columns.type_of(term)
    values = _values(columns, term, rows)
    choices = ["compare", "between", "in", "term"] + (["like"] * 2 if kind == "string" else [])
    match draw(st.sampled_from(choices)):
        case "compare":
            return tree.Comparison(term, draw(st.sampled_from(OPERATORS)), draw(values))
        case "between":
            return tree.Between(term, draw(values), draw(values))
        case "in":
            return tree.In(term, tuple(draw(st.lists(values, min_size=1, max_size=4))))
        case "term":
            others = terms(columns).filter(lambda other: columns.type_of(other) == kind)
            return tree.Comparison(term, draw(st.sampled_from(OPERATORS)), draw(others))
        case _:
            return tree.Like(term, draw(_patterns(values)))


def _values(columns: Columns, term: tree.Term, rows: list[dict[str, Any]]) -> st.SearchStrategy[Any]:
    own = [row[term.column] for row in rows if row.get(term.column) is not None]
    match columns.type_of(term):
        case "string":
            texts = st.sampled_from([*TEXTS, *own])
            return st.one_of(texts, texts.map(str.lower), texts.map(str.upper))
        case "integer" | "number":
            own = own if not term.function else []
            return st.one_of(_NUMBERS, *([st.sampled_from(own)] if own else []))
        case "boolean":
            return st.booleans()
        case "date":
            days = st.dates(date(2023, 10, 1), date(2024, 7, 1))
            return st.one_of(days, st.dates())
        case _:
            near = st.sampled_from(own or [_INSTANT]).flatmap(
                lambda at: st.sampled_from([at, at + timedelta(microseconds=1)])
            )
            return st.one_of(near, st.datetimes(timezones=st.just(UTC)))


def _patterns(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Patterns made of pieces of values, with wildcards between them; a backslash takes what follows as it is."""
    pieces = st.one_of(
        values.map(lambda text: text[:3].rstrip("\\")), st.sampled_from(["%", "_", "\\%", "\\_", "\\\\"])
    )
    return st.lists(pieces, max_size=4).map("".join)


def _nulls(columns: Columns) -> st.SearchStrategy[tree.Condition]:
    return st.sampled_from(_names(columns)).map(lambda name: tree.IsNull(tree.Term(name)))


@st.composite
def _times(draw: st.DrawFn, columns: Columns, rows: list[dict[str, Any]]) -> tree.Condition:
    names = [name for name in columns if columns[name].type in ("date", "datetime")]
    name = draw(st.sampled_from(names))
    own = [row[name] for row in rows if isinstance(row.get(name), datetime)] or [_INSTANT]
    at = st.one_of(
        st.sampled_from(own), st.datetimes(datetime(2023, 10, 1), datetime(2024, 7, 1), timezones=st.just(UTC))
    )
    if draw(st.booleans()):
        return tree.Instant(name, draw(at))
    return tree.Interval(name, draw(st.none() | at), draw(st.none() | at), draw(st.booleans()))


def _boxes() -> st.SearchStrategy[tree.Condition]:
    longitudes = st.one_of(st.sampled_from([-180.0, 180.0, -79.95, -80.0, -79.931234]), st.floats(-81, -79))
    latitudes = st.one_of(st.sampled_from([-90.0, 90.0, 32.8, 32.75]), st.floats(32, 33))
    return st.builds(tree.Envelope, longitudes, latitudes, longitudes, latitudes)


@st.composite
def _aggregates(draw: st.DrawFn, columns: Columns) -> Aggregate:
    name = draw(st.sampled_from(["", *columns]))
    if not name:
        return Aggregate("count", "rows")
    kinds = {"integer": ["count", "sum", "min", "max", "avg", "stddev", "var"], "boolean": ["count"]}
    kinds |= {"number": kinds["integer"]}
    kind = draw(st.sampled_from(kinds.get(columns[name].type, ["count", "min", "max"])))
    return Aggregate(kind, f"{kind} of {name}", name, draw(st.booleans()))

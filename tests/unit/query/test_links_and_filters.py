"""Each condition is written as a link and as CQL2, and means the same when it is read again."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import cql2
import pytest
from helpers.kinds import AREAS
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.grammars.cql2 import parse_json, parse_text
from ckanext.cpdi.query.grammars.link import parse
from ckanext.cpdi.query.notation.cql2_text import read
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Between,
    Comparison,
    Distance,
    Envelope,
    Geometry,
    In,
    Instant,
    Intersects,
    Interval,
    IsNull,
    Like,
    Not,
    Or,
    Search,
    Term,
    all_of,
    any_of,
)
from ckanext.cpdi.query.writers.cql2 import write
from ckanext.cpdi.query.writers.link import write_link

ZONE = ZoneInfo("America/New_York")
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)
WORDS = st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8), min_size=1, max_size=4)
INSTANTS = st.datetimes(
    min_value=datetime(1900, 1, 1),
    max_value=datetime(2100, 1, 1),
    timezones=st.sampled_from([UTC, ZONE, timezone(timedelta(hours=5, minutes=30))]),
)
MIDNIGHTS = st.dates(date(1990, 1, 1), date(2060, 1, 1)).map(
    lambda at: datetime(at.year, at.month, at.day, tzinfo=ZONE)
)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
WHOLE = st.integers(-(2**63) + 1, 2**63 - 1) | st.floats(-1e9, 1e9) | st.sampled_from([math.inf, -math.inf])
TERMS = [
    (Term("team"), TEXTS),
    (Term("area.ward"), st.sampled_from(AREAS["ward"])),
    (Term("area.ward", "fold"), TEXTS),
    (Term("problem", "lower"), TEXTS),
    (Term("problem", "unaccent"), TEXTS),
    (Term("problem", "fold"), TEXTS),
    (Term("problem", "upper"), TEXTS),
    (Term("problem", "length"), WHOLE),
    (Term("response_minutes"), NUMBERS),
    (Term("_id"), WHOLE),
    (Term("counts_as_event"), st.booleans()),
    (Term("call_datetime"), INSTANTS),
    (Term("closed_datetime"), INSTANTS | MIDNIGHTS),
    (Term("call_datetime", "year", "America/New_York"), WHOLE),
    (Term("call_datetime", "hour", "UTC"), WHOLE),
    (Term("call_datetime", "date", "America/New_York"), st.dates()),
]
LONGITUDES, LATITUDES = st.floats(-180, 180), st.floats(-90, 90)
POSITIONS = st.tuples(LONGITUDES, LATITUDES)


def shapes():
    point = POSITIONS.map(lambda at: Geometry("Point", at))
    points = st.lists(POSITIONS, min_size=1, max_size=4).map(lambda all_: Geometry("MultiPoint", tuple(all_)))
    line = (
        st.tuples(POSITIONS, POSITIONS).filter(lambda ends: ends[0] != ends[1]).map(lambda x: Geometry("LineString", x))
    )
    sides = st.tuples(st.floats(-90, -1), st.floats(-80, -1), st.floats(1, 90), st.floats(1, 80))
    area = sides.map(lambda b: Geometry("Polygon", (((b[0], b[1]), (b[2], b[1]), (b[2], b[3]), (b[0], b[1])),)))
    return point | points | line | area


def conditions_of_columns():
    def of(pair):
        term, values = pair
        operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
        return st.one_of(
            st.builds(Comparison, st.just(term), operators, values),
            st.builds(Between, st.just(term), values, values),
            st.builds(In, st.just(term), st.lists(values, min_size=1, max_size=4).map(tuple)),
            st.just(IsNull(term)),
        )

    return st.sampled_from(TERMS).flatmap(of)


def intervals():
    column = st.sampled_from(["call_datetime", "closed_datetime"])
    ends = st.none() | INSTANTS | MIDNIGHTS
    return st.builds(Interval, column, ends, ends, st.booleans())


PATTERNS = TEXTS.filter(lambda text: text.count("%") + text.count("_") <= 10 and not text.endswith("\\"))
LEAVES = st.one_of(
    conditions_of_columns(),
    intervals(),
    st.builds(Instant, st.just("call_datetime"), INSTANTS),
    st.builds(Like, st.sampled_from([Term("team"), Term("team", "lower")]), PATTERNS),
    st.builds(Comparison, st.just(Term("latitude")), st.just("<"), st.just(Term("response_minutes"))),
    st.builds(Search, WORDS.map(" ".join)),
    st.builds(Envelope, LONGITUDES, st.floats(-90, 0), LONGITUDES, st.floats(0, 90)),
    st.builds(Intersects, shapes()),
    st.builds(Distance, shapes(), st.floats(0, 1e6)),
    st.sampled_from([EVERYTHING, NOTHING]),
)
TREES = st.recursive(
    LEAVES,
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=4).map(all_of),
        st.lists(part, min_size=1, max_size=4).map(any_of),
        part.filter(lambda inner: inner not in (EVERYTHING, NOTHING)).map(Not),
    ),
    max_leaves=12,
)


def meaning(condition):
    """Return the condition in the fewest kinds that can say it: what differs here differs in its rows."""
    match condition:
        case And(parts):
            return _in_order(all_of(list(map(meaning, parts))))
        case Or(parts):
            return _in_order(any_of(list(map(meaning, parts))))
        case Not(part):
            return Not(meaning(part))
        case Instant(column, at):
            return meaning(Comparison(Term(column), "=", at))
        case Between(term, low, high):
            return meaning(all_of([Comparison(term, ">=", low), Comparison(term, "<=", high)]))
        case In(term, values):
            return meaning(any_of([Comparison(term, "=", value) for value in values]))
        case Interval():
            return meaning(_of_interval(condition))
        case _:
            return _of_test(condition)


def _in_order(condition):
    """Return a conjunction or disjunction with its parts in one order, each once."""
    parts = tuple(sorted(dict.fromkeys(condition.parts), key=repr)) if isinstance(condition, And | Or) else ()
    return type(condition)(parts) if len(parts) > 1 else parts[0] if parts else condition


def _of_interval(interval):
    if interval.start is None and interval.end is None:
        return Not(IsNull(Term(interval.column)))
    first = [Comparison(Term(interval.column), ">=", interval.start)] if interval.start else []
    last = [Comparison(Term(interval.column), "<=" if interval.closed else "<", interval.end)] if interval.end else []
    return all_of([*first, *last])


def _of_test(condition):
    match condition:
        case Comparison(term, operator, datetime() as at):
            return Comparison(term, operator, at.astimezone(UTC))
        case Comparison(Term("response_minutes") as term, operator, int() | float() as number):
            return Comparison(term, operator, float(number))
        case Comparison(term, operator, float() as number) if number.is_integer() and abs(number) < 2**63:
            return Comparison(term, operator, int(number))
        case _:
            return condition


@settings(max_examples=80, deadline=None)
@given(TREES)
def test_each_condition_has_a_link_that_means_the_same(calls, tree):
    query = urlencode(write_link(tree, calls, ZONE))
    again = parse(parse_qsl(query, keep_blank_values=True), calls, ZONE, AREAS)
    assert meaning(again) == meaning(tree), query


@settings(max_examples=80, deadline=None)
@given(TREES)
def test_each_condition_has_a_filter_that_means_the_same(calls, tree):
    text = write(tree)
    assert meaning(parse_text(text, Columns(calls, areas=AREAS), ZONE)) == meaning(tree), text


@settings(max_examples=80, deadline=None)
@given(TREES)
def test_text_is_read_as_the_reference_library_reads_it(calls, tree):
    text = write(tree)
    ours, theirs = read(text), cql2.parse_text(text).to_json()
    assert parse_json(json.dumps(ours), Columns(calls, areas=AREAS), ZONE) == parse_text(
        text, Columns(calls, areas=AREAS), ZONE
    )
    assert _alike(ours) == _alike(theirs), text


def _alike(node):
    """Return a value of JSON in one form: numbers as fractions, names in lower case."""
    match node:
        case {"op": op, "args": args}:
            parts = [_alike(arg) for arg in args]
            if op in ("and", "or"):  # the library takes brackets away that change nothing
                parts = [inner for part in parts for inner in _parts(part, op)]
            return {"op": op.lower(), "args": parts}
        case {"timestamp": text}:  # the library shortens fractions of seconds
            return datetime.fromisoformat(text)
        case dict():
            return {key: _alike(value) for key, value in node.items()}
        case list():
            return [_alike(item) for item in node]
        case bool() | str() | None:
            return node
        case _:
            return float(f"{node:.12g}")


def _parts(node, op):
    return node["args"] if isinstance(node, dict) and node.get("op") == op else [node]


def test_plain_conditions_have_plain_parameters(calls):
    tree = all_of(
        [
            Interval("call_datetime", datetime(2026, 3, 1, tzinfo=ZONE), datetime(2026, 4, 1, tzinfo=ZONE)),
            In(Term("team"), ("1", "2")),
            In(Term("area.ward"), ("East Side", "Ñandú")),
            Envelope(-80.0, 32.0, -79.0, 33.0),
            Search("traffic stop"),
            Comparison(Term("counts_as_event"), "=", True),
            Comparison(Term("response_minutes"), "<=", 10),
            Not(IsNull(Term("priority"))),
            Like(Term("problem"), "A%"),
        ]
    )
    assert write_link(tree, calls, ZONE) == [
        ("from", "2026-03-01"),
        ("to", "2026-03-31"),
        ("team", "1"),
        ("team", "2"),
        ("area.ward", "East Side"),
        ("area.ward", "Ñandú"),
        ("bbox", "-80.0,32.0,-79.0,33.0"),
        ("q", "traffic stop"),
        ("counts_as_event", "yes"),
        ("response_minutes__lte", "10"),
        ("priority__empty", "no"),
        ("filter", "problem LIKE 'A%'"),
    ]


@pytest.mark.parametrize("depth", [1, 31])
def test_the_deepest_condition_has_a_link(calls, depth):
    tree = Intersects(Geometry("MultiPolygon", ((((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)),),)))
    for level in range(depth):
        tree = Not(tree) if level % 2 else Or((Search("x"), tree))
    assert meaning(parse(write_link(tree, calls, ZONE), calls, ZONE, AREAS)) == meaning(tree)

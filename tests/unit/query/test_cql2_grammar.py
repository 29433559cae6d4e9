"""CQL2 becomes the conditions that it names; what is no CQL2, or nothing of the table, is an error in words."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from helpers.examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.cql2 import parse_json, parse_text
from ckanext.cpdi.query.reference import EPSG_3857, EPSG_4326
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    NOTHING,
    And,
    Comparison,
    Distance,
    Envelope,
    Geometry,
    In,
    Intersects,
    Interval,
    IsNull,
    Like,
    Not,
    Or,
    Search,
    Term,
)

ZONE = ZoneInfo("America/New_York")
TIME = Term("call_datetime")
SQUARE = (((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0), (0.0, 0.0)),)
AREA = Geometry("Polygon", SQUARE)
BORDER = Geometry("LineString", SQUARE[0])
POLYGON = "POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))"


def at(day, hour=0, zone=ZONE):
    return datetime(2026, 3, day, hour, tzinfo=zone)


@pytest.fixture
def parsed(calls):
    return lambda text, *more: parse_text(text, Columns(calls), ZONE, *more)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("team = 'Team 1'", Comparison(Term("team"), "=", "Team 1")),
        ("'Team 1' = TEAM", Comparison(Term("team"), "=", "Team 1")),
        ("10 > response_minutes", Comparison(Term("response_minutes"), "<", 10)),
        ("response_minutes >= -1.5e1", Comparison(Term("response_minutes"), ">=", -15)),
        ("priority = 1", Comparison(Term("priority"), "=", "1")),
        ('"_id" = 9007199254740993', Comparison(Term("_id"), "=", 9007199254740993)),
        ("team <> 'it''s'", Comparison(Term("team"), "<>", "it's")),
        ("latitude < longitude", Comparison(Term("latitude"), "<", Term("longitude"))),
        ("counts_as_event", Comparison(Term("counts_as_event"), "=", True)),
        ("counts_as_event = FALSE", Comparison(Term("counts_as_event"), "=", False)),
        ("true", EVERYTHING),
        ("not true", NOTHING),
        ("team LIKE 'T_%'", Like(Term("team"), "T_%")),
        ("team NOT LIKE 'T%'", Not(Like(Term("team"), "T%"))),
        ("casei(team) LIKE casei('T%')", Like(Term("team", "lower"), "t%")),
        ("CASEI(problem) = casei('Überfall')", Comparison(Term("problem", "lower"), "=", "überfall")),
        ("accenti(problem) = accenti('café')", Comparison(Term("problem", "unaccent"), "=", "cafe")),
        ("casei(accenti(problem)) = casei(accenti('CAFÉ'))", Comparison(Term("problem", "fold"), "=", "cafe")),
        (
            "response_minutes BETWEEN 1 AND 2 AND team IN ('a', 'b')",
            And(
                (
                    Comparison(Term("response_minutes"), ">=", 1),
                    Comparison(Term("response_minutes"), "<=", 2),
                    In(Term("team"), ("a", "b")),
                )
            ),
        ),
        ("team IS NOT NULL", Not(IsNull(Term("team")))),
        ("geometry IS NULL", IsNull(Term("longitude"))),
        ("search('traffic  stop')", Search("traffic stop")),
        ("year(call_datetime) = 2026", Comparison(Term("call_datetime", "year", "America/New_York"), "=", 2026)),
        (
            "team = 'a' OR team = 'b' AND NOT priority = '1'",
            Or(
                (
                    Comparison(Term("team"), "=", "a"),
                    And((Comparison(Term("team"), "=", "b"), Not(Comparison(Term("priority"), "=", "1")))),
                )
            ),
        ),
        ("call_datetime = DATE('2026-03-01')", Interval("call_datetime", at(1), at(2))),
        ("call_datetime > '2026-03-01T10:00:00Z'", Comparison(TIME, ">", at(1, 10, UTC))),
        ("call_datetime <= TIMESTAMP('2026-03-01T10:00:00')", Comparison(TIME, "<=", at(1, 10))),
        ("T_AFTER(call_datetime, DATE('2026-03-01'))", Comparison(TIME, ">=", at(2))),
        ("T_BEFORE(call_datetime, DATE('2026-03-01'))", Comparison(TIME, "<", at(1))),
        (
            "T_DURING(call_datetime, INTERVAL('2026-03-01', '2026-03-02'))",
            And((Comparison(TIME, ">=", at(1)), Comparison(TIME, "<", at(3)))),
        ),
        (
            "T_DURING(call_datetime, INTERVAL('2026-03-01T00:00:00Z', '2026-03-02T00:00:00Z'))",
            And((Comparison(TIME, ">", at(1, 0, UTC)), Comparison(TIME, "<", at(2, 0, UTC)))),
        ),
        (
            "T_INTERSECTS(INTERVAL('2026-03-01T00:00:00Z', '..'), call_datetime)",
            Comparison(TIME, ">=", at(1, 0, UTC)),
        ),
        (
            "T_DISJOINT(call_datetime, INTERVAL('..', '2026-03-02'))",
            Not(Comparison(TIME, "<", at(3))),
        ),
        (
            "T_OVERLAPS(INTERVAL(call_datetime, closed_datetime), INTERVAL('2026-03-01', '2026-03-02'))",
            And(
                (
                    Comparison(TIME, "<", at(1)),
                    Comparison(Term("closed_datetime"), ">=", at(1)),
                    Comparison(Term("closed_datetime"), "<", at(3)),
                )
            ),
        ),
        ("T_MEETS(call_datetime, closed_datetime)", Comparison(TIME, "=", Term("closed_datetime"))),
        ("S_INTERSECTS(geometry, POINT(1 2))", Intersects(Geometry("Point", (1.0, 2.0)))),
        ("S_INTERSECTS(geom, POINT Z(1 2 3))", Intersects(Geometry("Point", (1.0, 2.0)))),
        ("S_INTERSECTS(geometry, BBOX(-200, -100, 181, 3))", Envelope(-180.0, -90.0, 180.0, 3.0)),
        ("S_INTERSECTS(geometry, BBOX(1, 2, 0, 3, 4, 9))", Envelope(1.0, 2.0, 3.0, 4.0)),
        (f"S_DISJOINT({POLYGON}, geometry)", Not(Intersects(AREA))),
        (f"S_WITHIN(geometry, {POLYGON})", And((Intersects(AREA), Not(Intersects(BORDER))))),
        (f"S_CONTAINS({POLYGON}, geometry)", And((Intersects(AREA), Not(Intersects(BORDER))))),
        (f"S_TOUCHES(geometry, {POLYGON})", Intersects(BORDER)),
        (f"S_CONTAINS(geometry, {POLYGON})", NOTHING),
        ("S_EQUALS(geometry, MULTIPOINT(1 2, 1 2))", Intersects(Geometry("Point", (1.0, 2.0)))),
        (f"S_CROSSES(geometry, {POLYGON})", NOTHING),
        (
            "S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(1 2), MULTIPOINT((3 4))))",
            Or((Intersects(Geometry("Point", (1.0, 2.0))), Intersects(Geometry("MultiPoint", ((3.0, 4.0),))))),
        ),
        ("S_DWITHIN(geometry, POINT(1 2), 1.5, 'km')", Distance(Geometry("Point", (1.0, 2.0)), 1500.0)),
        ("S_DWITHIN(geometry, POINT(1 2), 1, miles)", Distance(Geometry("Point", (1.0, 2.0)), 1609.344)),
    ],
)
def test_text_becomes_a_condition(parsed, text, condition):
    assert parsed(text) == condition


def test_geometries_are_in_their_reference_system(parsed):
    assert parsed("S_INTERSECTS(geometry, POINT(2 1))", EPSG_4326) == Intersects(Geometry("Point", (1.0, 2.0)))
    box = parsed("S_INTERSECTS(geometry, BBOX(-8905559.263, 3857.0, 0, 4000000))", EPSG_3857)
    assert (round(box.west, 4), round(box.south, 4), box.east, round(box.north, 4)) == (-80.0, 0.0346, 0.0, 33.7852)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "a column, a value"),
        ("tema = 'x'", "did you mean team?"),
        ("team", "a condition"),
        ("team = ", "at its end"),
        ("team == 'x'", "character 7"),
        ("team = 'x", "character 8"),
        ("team = 'x' and", "at its end"),
        ("team = 'x' team", "AND, OR or the end"),
        ("(team = 'x'", "have )"),
        ("team = 'x'; drop table x", "character 11"),
        ("team is empty", "NULL"),
        ("team not 'x'", "LIKE, BETWEEN or IN"),
        ("response_minutes + 1 = 2", "do not calculate"),
        ("response_minutes = -team", "do not calculate"),
        ("response_minutes = 'fast'", "a number"),
        ("response_minutes = 1e999", "a number"),
        ("pg_sleep(1) = 2", "filters do not have 'pg_sleep'"),
        ("team = upper(lower('x'), 1)", "filters do not have"),
        ("hour(team) = 1", "of a column of type datetime"),
        ("year(call_datetime, 'Mars/Base') = 1", "UTC, America/New_York"),
        ("team like 'x\\'", "backslash"),
        ("team like '%%%%%%%%%%%'", "10 wildcards"),
        ("response_minutes like '1%'", "column of texts"),
        ("team in ()", "a list of values"),
        ("call_datetime = DATE('2026-13-01')", "2026-03-01"),
        ("call_datetime = TIMESTAMP('2026-03-01')", "TIMESTAMP is not written"),
        ("call_datetime = 3", "a time beside call_datetime"),
        ("T_AFTER(team, DATE('2026-03-01'))", "team is no time"),
        ("T_AFTER(call_datetime)", "two times"),
        ("T_DURING(call_datetime, INTERVAL('2026-03-01'))", "two ends"),
        ("T_AFTER(DATE('2026-03-01'), DATE('2026-03-01'))", "at least one column"),
        ("S_INTERSECTS(team, POINT(1 2))", "geometry and a geometry"),
        ("S_INTERSECTS(geometry, 'x')", "takes geometry and a geometry"),
        ("S_INTERSECTS(geometry, POINT(1))", "coordinates as it wants them"),
        ("S_INTERSECTS(geometry, POINT(1 91))", "90 degrees"),
        ("S_INTERSECTS(geometry, POLYGON((0 0, 2 2, 2 0, 0 2, 0 0)))", "cross themselves"),
        ("S_INTERSECTS(geometry, BBOX(1, 2, 3))", "four numbers"),
        ("S_DWITHIN(geometry, POINT(1 2), -1, 'm')", "from 0"),
        ("S_DWITHIN(geometry, POINT(1 2), 1, 'parsec')", "units"),
        ("A_CONTAINS(team, ('x'))", "filters do not have"),
        ("geometry = 'x'", "spatial functions"),
        ("team = null", "a column, a value"),
        ("search('')", "some words"),
        ("(" * 100, "deep"),
        ("not " * 3000 + "true", "deep"),
        ("team = 'x' or " * 999 + "team = 'y'", "at most 200 conditions"),
        ("x" * 16_001, "16000 characters"),
    ],
)
def test_what_is_wrong_is_said(parsed, text, words):
    with pytest.raises(QueryError) as caught:
        parsed(text)
    assert words in str(caught.value)
    assert caught.value.parameter == "filter"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("[" * 5000, "deep"),
        ("null", "a condition"),
        ('{"op": "="}', "a condition"),
        ('{"op": "=", "args": [{"property": 3}, 4]}', "a column"),
        (
            '{"op": "=", "args": [{"property": "team"}, {"op": "casei", "args": [{"op": "casei", "args": [3]}]}]}',
            "casei",
        ),
        (
            '{"op": "s_intersects", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [[[]]]}]}',
            "type",
        ),
        ('{"op": "s_intersects", "args": [{"property": "geometry"}, {"bbox": "x"}]}', "four numbers"),
        ('{"op": "t_after", "args": [{"property": "call_datetime"}, {"interval": 3}]}', "two ends"),
        ('{"op": "between", "args": []}', "arguments"),
        ('{"op": "in", "args": [{"property": "team"}, "x"]}', "list"),
    ],
)
def test_what_is_wrong_in_json_is_said(calls, text, words):
    with pytest.raises(QueryError) as caught:
        parse_json(text, Columns(calls), ZONE)
    assert words in str(caught.value)


def test_no_conditions_together_are_all_rows(calls):
    assert parse_json('{"op": "and", "args": []}', Columns(calls), ZONE) == EVERYTHING


def test_json_is_read_as_well(calls):
    text = json.dumps(
        {
            "op": "and",
            "args": [
                {"op": "between", "args": [{"property": "response_minutes"}, [1, 2]]},
                {"op": "S_INTERSECTS", "args": [{"property": "geometry"}, {"type": "Point", "coordinates": [1, 2]}]},
            ],
        }
    )
    assert parse_json(text, Columns(calls), ZONE).parts[2] == Intersects(Geometry("Point", (1.0, 2.0)))


PIECES = st.sampled_from(
    """POINT( BBOX( POLYGON(( DATE('2026-03-01') INTERVAL( T_AFTER( S_INTERSECTS( casei( search( \\ \x00 é ' {
    ( ) , = <> < 'x' '' " "a" team call_datetime geometry and or not like in between is null 1 -1 *""".split()
)


@settings(max_examples=examples(80), deadline=None)
@given(st.lists(PIECES, max_size=60).map(" ".join) | st.text(max_size=200))
def test_any_text_is_a_condition_or_an_error(calls, text):
    with suppress(QueryError):
        parse_text(text, Columns(calls), ZONE)


def test_an_error_deep_inside_takes_no_longer_than_any_other(parsed):
    start = time.process_time()
    with pytest.raises(QueryError):
        parsed("((team = 'x') and " * 30 + "team = =" + ")" * 30)
    assert time.process_time() - start < 0.5  # the time of the library doubles with each bracket: minutes here

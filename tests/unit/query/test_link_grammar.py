"""The parameters of a link become the conditions that they name; what means nothing is an error in words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from helpers.kinds import AREAS

from ckanext.cpdi.declare import read_library
from ckanext.cpdi.query.errors import QueryError, TooLargeQueryError, UnknownColumnError
from ckanext.cpdi.query.grammars.link import is_parameter, parse
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    And,
    Comparison,
    Envelope,
    In,
    Instant,
    Interval,
    IsNull,
    Not,
    Search,
    Term,
    any_of,
)

ZONE = ZoneInfo("America/New_York")
TIME = "call_datetime"


def day(number, month=3):
    return datetime(2026, month, number, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("arguments", "condition"),
    [
        ([], EVERYTHING),
        ([("team", ""), ("from", " "), ("q", "")], EVERYTHING),
        ([("from", "2026-03-07"), ("to", "2026-03-08")], Interval(TIME, day(7), day(9))),
        ([("from", "2026-03-07")], Interval(TIME, day(7), None)),
        ([("to", "2026-03-07")], Interval(TIME, None, day(8))),
        ([("datetime", "2026-03-07")], Interval(TIME, day(7), day(8))),
        ([("datetime", "2026-03-07/..")], Interval(TIME, day(7), None)),
        ([("datetime", "/2026-03-07")], Interval(TIME, None, day(8))),
        ([("datetime", "../..")], EVERYTHING),
        ([("datetime", "2026-03-07T10:00:00Z")], Instant(TIME, datetime(2026, 3, 7, 10, tzinfo=UTC))),
        (
            [("datetime", "2026-03-07T10:00:00z/2026-03-08T10:00:00-05:00")],
            Interval(TIME, datetime(2026, 3, 7, 10, tzinfo=UTC), datetime(2026, 3, 8, 15, tzinfo=UTC), closed=True),
        ),
        ([("bbox", "-80,32,-79,33")], Envelope(-80.0, 32.0, -79.0, 33.0)),
        ([("bbox", "-80,32,0,-79,33,100")], Envelope(-80.0, 32.0, -79.0, 33.0)),
        ([("bbox", "-180.5,-91,181,90.1")], Envelope(-180.0, -90.0, 180.0, 90.0)),
        ([("bbox", "170,-20,190,20")], Envelope(170.0, -20.0, -170.0, 20.0)),
        ([("bbox", "170,-20,-170,20")], Envelope(170.0, -20.0, -170.0, 20.0)),
        ([("q", " traffic  stop ")], Search("traffic stop")),
        ([("team", "Team 1")], Comparison(Term("team"), "=", "Team 1")),
        ([("team", "a"), ("q", "x"), ("team", "b")], And((Search("x"), In(Term("team"), ("a", "b"))))),
        ([("TEAM", "a,b")], Comparison(Term("team"), "=", "a,b")),
        ([("counts_as_event", "no")], Comparison(Term("counts_as_event"), "=", False)),
        ([("_id", "7"), ("_id", "9")], In(Term("_id"), (7, 9))),
        ([("response_minutes__gte", "2.5")], Comparison(Term("response_minutes"), ">=", 2.5)),
        (
            [("response_minutes__gt", "2"), ("response_minutes__lte", "9")],
            And((Comparison(Term("response_minutes"), ">", 2), Comparison(Term("response_minutes"), "<=", 9))),
        ),
        ([("call_datetime__lte", "2026-03-07")], Comparison(Term(TIME), "<", day(8))),
        ([("call_datetime__gt", "2026-03-07")], Comparison(Term(TIME), ">=", day(8))),
        ([("call_datetime__lt", "2026-03-07")], Comparison(Term(TIME), "<", day(7))),
        (
            [("closed_datetime", "2026-03-07"), ("closed_datetime", "2026-04-07")],
            any_of([Interval("closed_datetime", day(7), day(8)), Interval("closed_datetime", day(7, 4), day(8, 4))]),
        ),
        ([("team__empty", "yes")], IsNull(Term("team"))),
        ([("team__empty", "no")], Not(IsNull(Term("team")))),
        ([("area.ward", "East Side")], Comparison(Term("area.ward"), "=", "East Side")),
        ([("AREA.Ward", "Ñandú"), ("AREA.Ward", "East Side")], In(Term("area.ward"), ("Ñandú", "East Side"))),
        ([("area.ward__empty", "yes")], IsNull(Term("area.ward"))),
    ],
)
def test_a_parameter_becomes_its_condition(calls, arguments, condition):
    assert parse(arguments, calls, ZONE, AREAS) == condition


def test_days_of_a_table_that_has_days_are_compared_as_days():
    table = read_library(Path(__file__).parents[3] / "schemas").dataset("use-of-force").rows
    column = table.time_field
    assert column.type == "date"
    first, last = (
        Comparison(Term(column.name), ">=", date(2026, 3, 1)),
        Comparison(Term(column.name), "<=", date(2026, 3, 31)),
    )
    assert parse([("from", "2026-03-01"), ("to", "2026-03-31")], table, ZONE, AREAS) == And((first, last))
    assert parse([("datetime", "2026-03-01T23:30:00-05:00/2026-04-01T03:00:00Z")], table, ZONE, AREAS) == And(
        (first, last)
    )


@pytest.mark.parametrize(
    ("arguments", "parameter", "words"),
    [
        ([("tema", "x")], "tema", "there is no parameter 'tema'; there are from, to"),
        ([("team__like", "x")], "team__like", "team__gte"),
        ([("team__empty", "maybe")], "team__empty", "yes or no"),
        ([("from", "2026-02-30")], "from", "2026-03-01"),
        ([("from", "yesterday")], "from", "2026-03-01"),
        ([("from", "2026-03-02"), ("to", "2026-03-01")], "to", "ends before it begins"),
        ([("from", "2026-03-02"), ("from", "2026-03-01")], "from", "once"),
        ([("datetime", "a/b/c")], "datetime", "interval"),
        ([("datetime", "2026-03-02/2026-03-01")], "datetime", "ends before it begins"),
        ([("datetime", "2026-3-2")], "datetime", "2026-03-01T14:30:00Z"),
        ([("bbox", "1,2,3")], "bbox", "west,south,east,north"),
        ([("bbox", "1,2,3,nan")], "bbox", "west,south,east,north"),
        ([("bbox", "1,2,3,inf")], "bbox", "west,south,east,north"),
        ([("bbox", "1,9,3,4")], "bbox", "south"),
        ([("response_minutes", "fast")], "response_minutes", "a number"),
        ([("response_minutes__gt", "1e999")], "response_minutes__gt", "a number"),
        ([("_id", "x")], "_id", "a whole number"),
        ([("team", "a\x00")], "team", "NUL"),
        ([("q", "word " * 21)], "q", "at most 20 words"),
        ([("area.town", "x")], "area.town", "there are no areas 'area.town'; there are area.ward"),
        ([("area.ward", "East side")], "area.ward", "did you mean East Side? There are East Side, Nobody's, O'Hara"),
        ([("filter", "area.ward = 'Q'")], "filter", "area.ward has no 'Q'; there are East Side"),
        ([("call_datetime__gte", "soon")], "call_datetime__gte", "2026-03-01T14:30:00Z"),
    ],
)
def test_what_means_nothing_is_an_error_that_says_what_does(calls, arguments, parameter, words):
    with pytest.raises(QueryError) as caught:
        parse(arguments, calls, ZONE, AREAS)
    assert caught.value.parameter == parameter
    assert words in str(caught.value)


def test_a_table_without_places_has_no_areas():
    table = read_library(Path(__file__).parents[3] / "schemas").dataset("use-of-force").rows
    with pytest.raises(UnknownColumnError, match="the rows of this table have no places"):
        parse([("area.ward", "East Side")], table, ZONE, AREAS)


def test_where_no_areas_are_declared_an_error_says_so(calls):
    with pytest.raises(UnknownColumnError, match="none: no areas are declared"):
        parse([("area.ward", "East Side")], calls, ZONE, {})


def test_a_link_has_an_end(calls):
    with pytest.raises(TooLargeQueryError):
        parse([("team", f"{number}") for number in range(9_000)], calls, ZONE, AREAS)


def test_a_service_can_tell_its_own_parameters_from_those_of_a_link(calls):
    assert all(is_parameter(name, calls) for name in ("from", "bbox", "q", "team", "team__empty", "area.x"))
    assert not any(is_parameter(name, calls) for name in ("limit", "utm_source", "team__like", "_"))
    with pytest.raises(UnknownColumnError):
        parse([("limit", "3")], calls, ZONE, AREAS)

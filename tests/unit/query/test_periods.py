"""Periods that go on with the calendar are whole days on the department's clock, also around leap days and new year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.grammars.link import dated, parse
from ckanext.cpdi.query.notation.periods import PERIODS, days_of, usual
from ckanext.cpdi.query.notation.whole_months import widened

ZONE = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("name", "today", "first", "last"),
    [
        ("last-7-days", "2026-03-04", "2026-02-25", "2026-03-03"),
        (" Last-28-Days ", "2026-01-01", "2025-12-04", "2025-12-31"),
        ("last-month", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("last-month", "2026-01-15", "2025-12-01", "2025-12-31"),
        ("last-12-months", "2026-03-04", "2025-03-04", "2026-03-03"),
        ("last-12-months", "2024-02-29", "2023-03-01", "2024-02-28"),
        ("this-year", "2026-01-01", "2026-01-01", "2026-01-01"),
        ("last-year", "2026-12-31", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_period_has_its_days(name, today, first, last):
    days = days_of(name, date.fromisoformat(today), "period")
    assert [day.isoformat() for day in days] == [first, last]


def test_a_table_has_the_same_periods_as_of_its_last_day():
    """The browser offers these; on the day after the table's last one, links with their names have the same days."""
    last = date(2025, 2, 28)
    offered = usual(last, "minute")
    assert list(offered) == list(PERIODS)
    for name in ("last-7-days", "last-28-days", "last-12-months"):
        assert offered[name] == days_of(name, last + timedelta(1), "period")
    for name in ("last-month", "this-year", "last-year"):
        assert offered[name] == days_of(name, last, "period")
    assert offered["last-12-months"] == (date(2024, 3, 1), last)


@pytest.mark.parametrize(
    ("finest", "names"),
    [
        ("date", list(PERIODS)),
        ("month", ["last-month", "this-year", "last-year", "last-12-months"]),
        ("quarter", ["this-year", "last-year", "last-12-months"]),
    ],
)
def test_a_table_has_the_periods_that_its_rows_can_be_told_apart_by(finest, names):
    assert list(usual(date(2025, 6, 30), finest)) == names


MARCH = (date(2024, 3, 1), date(2024, 3, 31))
WEEK = (date(2024, 12, 30), date(2025, 1, 5))


@pytest.mark.parametrize(
    ("days", "finest", "expected"),
    [
        (WEEK, "date", WEEK),
        (MARCH, "month", MARCH),
        (MARCH, "quarter", (date(2024, 1, 1), date(2024, 3, 31))),
        (WEEK, "month", (date(2024, 12, 1), date(2025, 1, 31))),
        (WEEK, "quarter", (date(2024, 10, 1), date(2025, 3, 31))),
        ((date(2024, 2, 5), date(2024, 2, 11)), "month", (date(2024, 2, 1), date(2024, 2, 29))),
    ],
)
def test_days_are_widened_to_whole_months_and_quarters(days, finest, expected):
    assert widened(*days, finest) == expected


def test_a_link_with_a_period_is_that_with_its_days(calls):
    today = datetime.now(ZONE).date()
    first, last = today - timedelta(28), today - timedelta(1)
    given = [("team", "Team 1"), ("period", "last-28-days"), ("from", "")]
    days = (("from", first.isoformat()), ("to", last.isoformat()))
    assert dated(given, ZONE) == (*days, ("team", "Team 1"), ("from", ""))
    assert parse(given, calls, ZONE, {}) == parse([*days, ("team", "Team 1")], calls, ZONE, {})
    assert dated([("period", " "), ("q", "x")], ZONE) == (("period", " "), ("q", "x"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([("period", "last-29-days")], ", ".join(PERIODS)),
        ([("period", "last-year"), ("period", "this-year")], "once"),
        ([("period", "last-year"), ("to", "2026-01-01")], "without from and to"),
    ],
)
def test_another_period_is_refused_with_those_that_there_are(calls, given, words):
    with pytest.raises(QueryError, match=words) as caught:
        parse(given, calls, ZONE, {})
    assert caught.value.parameter == "period"

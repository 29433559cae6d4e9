"""Words of a search that have digits are told apart, and may be a number, a day or a figure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ckanext.cpdi.declare import read_library
from ckanext.cpdi.query.tree import And, Between, Comparison, In, Interval, Term
from ckanext.cpdi.query.words import Word, alternatives, numbers, split

ZONE = ZoneInfo("America/New_York")


def test_words_with_digits_are_taken_out():
    assert split("traffic 24-000123 stop 2026") == ("traffic stop", [Word("24-000123"), Word("2026")])


def test_a_number_is_itself_or_the_first_part_of_one(calls):
    term = Term("incident_number")
    assert list(numbers(Word("a1"), calls)) == [In(term, ("a1", "A1"))]
    begins = And((Comparison(term, ">=", "a1-"), Comparison(term, "<", "a1-\U0010ffff")))
    assert begins in list(alternatives(Word("a1"), calls, ZONE))
    assert Comparison(Term("team"), "=", "a1") in list(alternatives(Word("a1"), calls, ZONE))


def test_a_day_is_that_of_files_and_that_of_the_api(calls):
    start, end = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=ZONE)
    assert Interval("call_datetime", start, end) in list(alternatives(Word("2026-03"), calls, ZONE))
    assert not [part for part in alternatives(Word("2026-13"), calls, ZONE) if isinstance(part, Interval)]


def test_a_day_beside_days_is_that_day_alone(calls):
    table = read_library(Path(__file__).parents[3] / "schemas").dataset("use-of-force").rows
    term = Term(table.time_field.name)
    day = And((Comparison(term, ">=", date(2026, 3, 1)), Comparison(term, "<", date(2026, 3, 2))))
    assert day in list(alternatives(Word("2026-03-01"), table, ZONE))


def test_a_figure_is_compared_with_figures(calls):
    assert Comparison(Term("latitude"), "=", 32.7) in list(alternatives(Word("32.7"), calls, ZONE))
    assert Between(Term("longitude"), -79.9, -79.8) in list(alternatives(Word("-79.8", prefix=True), calls, ZONE))
    assert Between(Term("latitude"), 32.7, 32.8) in list(alternatives(Word("32.7", prefix=True), calls, ZONE))

"""Cells of rows in words: a time says no more of itself than its row shows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ckanext.cpdi.site.explore.cell import Cells
from ckanext.cpdi.site.map.table import table_description

ZONE = ZoneInfo("America/New_York")
AT = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)  # 23:30 of the day before, in the department


@pytest.fixture
def cells(library, profile):
    def make(language="en", table="calls-for-service"):
        return Cells(table_description(library.get(table), profile, language), ZONE, language)

    return make


@pytest.mark.parametrize(
    ("shown", "english", "spanish"),
    [
        ("minute", "Nov 24, 2026, 11:30 PM", "24 nov 2026, 23:30"),
        ("hour", "Nov 24, 2026, 11 PM", "24 nov 2026, 23 h"),
        ("date", "Nov 24, 2026", "24 nov 2026"),
        ("month", "November 2026", "noviembre de 2026"),
        ("quarter", "Quarter 4, 2026", "Trimestre 4, 2026"),
        (None, "Nov 24, 2026, 11:30 PM", "24 nov 2026, 23:30"),
    ],
)
def test_the_time_of_a_row_is_the_departments_and_no_finer_than_it_shows(cells, shown, english, spanish):
    row = {"call_datetime": AT, "time_precision": shown}
    for language, said in (("en", english), ("es", spanish)):
        assert cells(language).say(row)["call_datetime"].replace("\u202f", " ") == said


def test_another_time_of_the_row_says_its_own(cells):
    row = {"call_datetime": AT, "closed_datetime": AT, "time_precision": "month"}
    assert cells().say(row)["closed_datetime"].replace("\u202f", " ") == "Nov 24, 2026, 11:30 PM"


def test_a_quarter_that_is_a_day_is_one(cells):
    row = {"quarter": date(2026, 4, 1), "time_precision": "quarter"}
    assert cells(table="complaints").say(row)["quarter"] == "Quarter 2, 2026"
    assert cells(table="complaints").say({**row, "time_precision": None})["quarter"] == "Apr 1, 2026"


def test_values_have_their_titles_and_numbers_their_language(cells):
    row = {"time_precision": "month", "response_minutes": 1234.5, "team": "O'Neil <b>", "problem": None}
    said = cells("es").say(row)
    assert said == {"time_precision": "Mes", "response_minutes": "1.234,5", "team": "O'Neil <b>", "problem": ""}

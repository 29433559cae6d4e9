"""CSV: what a spreadsheet, a script and a program that trusts nobody make of it."""

import csv
import io
from datetime import UTC, datetime

import pytest

from ckanext.cpdi.publish.formats.csv import Csv


def read(part):
    text = b"".join(Csv().stream(part)).decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_columns_are_the_declared_fields_in_order_with_the_offset_behind_the_time(part_of, calls):
    header = b"".join(Csv().stream(part_of())).decode()
    names = [field.name for field in calls.rows.fields]
    place = names.index("call_datetime") + 1
    assert header == ",".join([*names[:place], "utc_offset", *names[place:]]) + "\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(part_of, text):
    assert read(part_of({"problem": text}))[0]["problem"] == "'" + text


@pytest.mark.parametrize("text", ["a=b", " =1", "100 block of King St", "«ñ»", '"quoted", and\nbroken', "'"])
def test_any_other_text_stays_as_it_is(part_of, text):
    assert read(part_of({"problem": text}))[0]["problem"] == text


def test_negative_numbers_are_no_formulas(part_of):
    assert read(part_of({"latitude": 32.78, "longitude": -79.93}))[0]["longitude"] == "-79.93"


def test_the_two_hours_of_a_clock_change_differ_by_their_offset(part_of):
    rows = read(
        part_of(
            {"call_datetime": datetime(2023, 11, 5, 5, 30, tzinfo=UTC)},
            {"call_datetime": datetime(2023, 11, 5, 6, 30, tzinfo=UTC)},
        )
    )
    assert [(row["call_datetime"], row["utc_offset"]) for row in rows] == [
        ("2023-11-05 01:30:00", "-04:00"),
        ("2023-11-05 01:30:00", "-05:00"),
    ]


def test_a_row_without_its_time_has_the_offset_of_its_next_instant_or_none(part_of):
    later = datetime(2023, 11, 5, 6, 30, tzinfo=UTC)
    rows = read(part_of({"call_datetime": None, "last_modified": later}, {"call_datetime": None}))
    assert [(row["call_datetime"], row["last_modified"], row["utc_offset"]) for row in rows] == [
        ("", "2023-11-05 01:30:00", "-05:00"),
        ("", "", ""),
    ]


def test_booleans_are_yes_no_and_empty(part_of):
    rows = read(part_of({"counts_as_event": True}, {"counts_as_event": False}, {}))
    assert [row["counts_as_event"] for row in rows] == ["yes", "no", ""]


def test_null_is_nothing_and_an_empty_text_is_two_quotes(part_of):
    line = b"".join(Csv().stream(part_of({"problem": "", "problem_code": None}))).decode().splitlines()[1]
    assert ',,"",' in line

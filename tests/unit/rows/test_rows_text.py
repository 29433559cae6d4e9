"""Text of a feed: blanks, control characters, NUL bytes, giants, combining marks, nulls."""

import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_kit import ROW, one, reason, run

from ckanext.cpdi.rows.values.headers import Mapping
from ckanext.cpdi.rows.values.text import LONGEST_CELL, clean, read_texts
from ckanext.cpdi.rows.verdicts import Verdicts


@pytest.mark.parametrize(
    ("fed", "clean_text"),
    [
        ("  Main St  ", "Main St"),
        ("\u00a0Main\u00a0St\u00a0", "Main St"),
        ("Main\r\nSt", "Main St"),
        ("Main\tSt", "Main St"),
        ("Ma\x07in\u200b St\u202e", "Main St"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("", ""),
    ],
)
def test_text_is_trimmed_composed_and_free_of_control_characters(fed, clean_text):
    assert clean(pl.Series([fed], dtype=pl.String)).to_list() == [clean_text]


def test_plain_text_beside_other_text_is_left_alone():
    assert clean(pl.Series(["a b", "\u00fc", None])).to_list() == ["a b", "\u00fc", None]


def test_a_nul_byte_quarantines_the_row(profile):
    assert reason(profile, Address="12\x0034 Quillfen St") == ("quarantined", "nul_byte", "address")


def test_a_giant_cell_quarantines_the_row_and_not_its_neighbours(profile):
    giant = {**ROW, "Incident_Number": "2", "Address": "x" * (LONGEST_CELL + 1)}
    outcome = run(profile, ROW, giant)
    assert outcome.published["_line"].to_list() == [2]
    assert outcome.rejects.row(0) == (3, "quarantined", "cell_too_long", "address")


def test_a_cell_of_the_greatest_length_is_read(profile):
    assert one(profile, Address="x" * LONGEST_CELL, LONGITUDE="-80.01")["location_precision"] == "none"


def test_text_that_is_too_long_to_index_is_quarantined(profile):
    assert reason(profile, Priority="9" * 41) == ("quarantined", "text_too_long", "priority")


def test_a_key_is_needed_and_may_be_64_characters_long(profile):
    assert reason(profile, Incident_Number="  ") == ("quarantined", "key_missing", "incident_number")
    assert reason(profile, Incident_Number="9" * 65) == ("quarantined", "key_too_long", "incident_number")
    assert one(profile, Incident_Number="9" * 64)["incident_number"] == "9" * 64


@pytest.mark.parametrize("number", ["25-000123", "22BU000002", "SAMPLE-25-0001", "C25.0012/A", "7", "CPD2025-7-a"])
def test_record_numbers_are_read_as_departments_write_them(profile, number):
    row = one(profile, Incident_Number=number)
    assert (row["incident_number"], row["data_flags"]) == (number, None)


@pytest.mark.parametrize(
    "typed", ["Jane Doe", "DOE-JANE", "Jane Doe 1990", "555 123 4567", "see 25-000123", "Ñ-1", "-"]
)
def test_what_somebody_typed_in_place_of_a_number_has_a_stand_in_and_a_flag(profile, typed):
    row, again = (one(profile, Incident_Number=typed) for _ in range(2))
    assert re.fullmatch("K[A-Z2-7]{16}", row["incident_number"])
    assert row["data_flags"] == "unknown_value"
    assert again["incident_number"] == row["incident_number"]


def test_the_profiles_nulls_are_empty_cells(profile):
    assert one(profile, Priority="NULL")["priority"] is None


def test_blanks_around_a_code_do_not_make_it_another(profile):
    assert one(profile, Problem="  Traffic Stop ")["problem"] == "Traffic Stop"


@pytest.mark.parametrize("typed", ["=1+1", "@SUM(A1)", "<script>alert(1)</script>", "'; DROP TABLE x; --", "2 Doe"])
def test_what_somebody_typed_is_not_published(profile, typed):
    row = one(profile, Priority=typed, Address=typed, LONGITUDE="-80.01")
    assert (row["priority"], row["block_address"], row["data_flags"]) == (None, None, "unknown_value")


@pytest.mark.parametrize("written", ["1", "12", "3A", "E", "P1", "P-2", "Priority 2", "priority 3"])
def test_priorities_are_read_as_departments_write_them(profile, written):
    assert one(profile, Priority=written)["priority"] == written


CELLS = st.none() | st.sampled_from(["", " ", "NULL", " NULL", "N/A", "King St ", "é", "a\u00a0b", "\0"]) | st.text()


@settings(max_examples=30, deadline=None)
@given(st.lists(CELLS, max_size=6))
def test_a_cell_is_read_alike_whatever_stands_beside_it(cells):
    def read(cells):
        frame = pl.DataFrame({"Address": cells}, schema={"Address": pl.String})
        mapping = Mapping({"address": ("Address",)}, {}, ())
        return read_texts(frame, mapping, ("NULL", "N/A"), Verdicts(len(cells))).columns["address"].to_list()

    assert read(cells) == [read([cell])[0] for cell in cells]
    assert read(["NULL", " N/A ", "", None, "NULLS"]) == [None, None, None, None, "NULLS"]

"""The shapes of a feed's record numbers, and the pattern that a profile may take from them."""

import re

import polars as pl
import pytest

from ckanext.cpdi.rows.values.numbers import numbers, shapes


def proposed(texts, hidden=0):
    """Every number in two batches, as a feed brings them."""
    half = len(texts) // 2
    return numbers("number", [shapes(pl.Series(texts[:half])), shapes(pl.Series(texts[half:]))], hidden)


@pytest.mark.parametrize(
    ("texts", "pattern"),
    [
        ([f"26-{number:06}" for number in range(100)], "[0-9]{2}-[0-9]{6}"),
        ([f"22BU{number:06}" for number in range(100)], "[0-9]{2}BU[0-9]{6}"),
        ([f"SAMPLE-2026-{number:07}" for number in range(100)], "SAMPLE-20[0-9]{2}-[0-9]{7}"),
        ([f"20261124-{number}" for number in range(10, 200)], "20[0-9]{6}-[0-9]{2,3}"),
        ([f"2026{number:06}" for number in range(100)], "20[0-9]{8}"),
        ([f"19{number:06}" for number in range(100)], "[0-9]{8}"),
        ([f"{letter}{number:05}" for number in range(50) for letter in "ABC"], "[A-Za-z]{1}[0-9]{5}"),
        ([f"C#{number:05}" for number in range(50)] + [f"D/{n:04}" for n in range(50)], "C#[0-9]{5}|D/[0-9]{4}"),
    ],
)
def test_the_pattern_is_that_of_the_usual_shapes(texts, pattern):
    found = proposed(texts)
    assert set(found.pattern.split("|")) == set(pattern.split("|"))
    assert all(re.fullmatch(found.pattern, text) for text in texts)


def test_what_is_rare_is_counted_and_no_part_of_the_pattern():
    typed = ["Doe, John", "843-555-0100", "03/12/1985", "１７", "Peña"]
    found = proposed([f"26-{number:06}" for number in range(995)] + typed, hidden=5)
    assert found.pattern == "[0-9]{2}-[0-9]{6}"
    assert found.shapes[0] == ("99-999999", 995)
    assert {shape for shape, _ in found.shapes[1:]} == {"AAA, AAAA", "999-999-9999", "99/99/9999", "99", "AAAA"}
    assert not any(text in repr(found) for text in typed)
    assert found.hidden == 5


def test_a_few_rows_propose_nothing_and_no_rows_have_no_shape():
    assert proposed(["Doe123", "Doe124"]).pattern == ""
    assert proposed([]).shapes == ()
    assert numbers("number", [], 0).pattern == ""

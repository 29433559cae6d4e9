"""Days without any row, and what a profile says of a series: what the counts' answer has as gaps and breaks."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from ckanext.cpdi.declare.departments.note import Note
from ckanext.cpdi.declare.departments.profile import Feed
from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.selection.counts.bins import Bins
from ckanext.cpdi.selection.counts.gaps import gaps
from ckanext.cpdi.services.explorer import series_notes

FIRST = date(2025, 3, 1)


def found(*rows: int) -> list[tuple[str, str]]:
    whole = Bins(FIRST, FIRST + timedelta(days=len(rows) - 1), "day")
    return [(f"{one.first:%d}", f"{one.last:%d}") for one in gaps(whole, np.array(rows))]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((20, 0, 15, 0, 0, 12), [("02", "02"), ("04", "05")]),
        ((0, 0, 20, 0, 15, 0), [("04", "04")]),  # rows that show their month alone are on its first day
        ((20, 15, 12), []),
        ((10, 0, 10), [("02", "02")]),
        ((9, 0, 10, 9, 9), []),  # a usual day has fewer than ten: an empty one is no wonder
        ((0, 0), []),
        ((), []),
    ],
)
def test_days_without_a_row_are_gaps_where_days_usually_have_ten(rows, expected):
    assert found(*rows) == expected


def note(start: str, end: str = "") -> Note:
    return Note(Text("Lost.", "Perdido."), start, end)


def test_what_is_declared_comes_first_and_a_gap_within_it_is_not_told_twice():
    feed = Feed(breaks=(note("2018-01-01"),), gaps=(note("2025-03-01", "2025-03-09"),))
    days = [
        (date(2025, 3, 2), date(2025, 3, 9)),  # within a declared one
        (date(2025, 3, 9), date(2025, 3, 10)),  # longer than what is said of it
    ]
    told = {"en": "Lost.", "es": "Perdido."}
    assert series_notes(feed, days) == {
        "breaks": [{"first": "2018-01-01", "last": None, "text": told}],
        "gaps": [
            {"first": "2025-03-01", "last": "2025-03-09", "text": told},
            {"first": date(2025, 3, 9), "last": date(2025, 3, 10), "text": None},
        ],
    }


def test_a_series_of_which_nothing_is_known_has_what_was_found():
    day = date(2025, 3, 2)
    assert series_notes(Feed(), [(day, day)]) == {"breaks": [], "gaps": [{"first": day, "last": day, "text": None}]}


def test_a_gap_without_a_last_day_is_one_day():
    [gap] = series_notes(Feed(gaps=(note("2025-03-01"),)), [])["gaps"]
    assert (gap["first"], gap["last"]) == ("2025-03-01", "2025-03-01")

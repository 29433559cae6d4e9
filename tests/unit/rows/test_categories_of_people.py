"""In which category each row counts: of the rows that are published alone, and nothing of who may be under 18."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import polars as pl
import pytest
from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, ROOT, SECRET, frame, places_of, town

from ckanext.cpdi.declare import Feed, read_library
from ckanext.cpdi.rows import make_plan, process, record_keys

LIBRARY = read_library(ROOT / "schemas")
SUBJECTS, OFFICERS = "use-of-force-subjects", "use-of-force-officers"
RACES = {"W": "white", "B": "black", "H": "hispanic", "U": "unknown"}
ROW = {"Incident_Number": "26-1", "Date": "2025-05-17", "Subject_ID": "S-1", "Age": "34", "Race": "W", "Sex": "M"}


def outcome(tmp_path, *rows: dict[str, Any], name: str = SUBJECTS, denied: Any = MappingProxyType({}), **feed: Any):
    values = {"race_ethnicity": RACES, "sex": {"M": "male", "F": "female"}}
    profile = structs.replace(
        town(tmp_path), datasets={name: Feed(**{"default_class": "open", "values": values, **feed})}
    )
    batch = frame([{**ROW, **row} for row in rows])
    plan = make_plan(LIBRARY.dataset(name), profile, SECRET, tuple(one for one in batch.columns if one != "_line"))
    return process(batch, plan, places_of(profile), EMPTY_STATE, NOW, denied)


def races(made: Any) -> list[str | None]:
    return made.people["race"].to_list()


@pytest.mark.parametrize(
    ("cells", "race"),
    [
        ({}, "white"),
        ({"Race": "H"}, "hispanic"),
        ({"Race": ""}, "unknown"),
        ({"Race": "Martian"}, None),  # nobody said what this is: the year waits
        ({"Age": "17"}, "not_shown"),
        ({"Age": ""}, "not_shown"),
        ({"Age": "Juv"}, "not_shown"),
        ({"Age": "171"}, "not_shown"),
        ({"Age": "17", "Race": "Martian"}, "not_shown"),
    ],
)
def test_each_row_has_a_category(tmp_path, cells, race):
    made = outcome(tmp_path, cells)
    assert races(made) == [race]
    assert made.people["year"].to_list() == [2025]
    assert made.people["_key"].to_list() == made.published["_key"].to_list()


def test_a_row_that_shows_its_group_alone_tells_nothing_of_its_person(tmp_path):
    assert races(outcome(tmp_path, {}, default_class="sensitive")) == ["not_shown"]


def test_what_is_not_published_is_not_counted(tmp_path):
    made = outcome(tmp_path, {}, {"Date": "nonsense", "Subject_ID": "S-2"}, {"Date": "2026-11-20", "Subject_ID": "S-3"})
    assert races(made) == ["white"]
    assert made.rejects.height == 2


def test_a_denied_record_is_not_counted(tmp_path):
    rows = ({}, {"Incident_Number": "26-2", "Subject_ID": "S-2", "Race": "B"})
    key = record_keys(SECRET, "use-of-force", pl.Series(["26-2"]))
    assert races(outcome(tmp_path, *rows)) == ["white", "black"]
    assert races(outcome(tmp_path, *rows, denied={"use-of-force": key})) == ["white"]


def test_a_feed_without_ages_fills_no_table(tmp_path):
    assert outcome(tmp_path, {}, headers={"age": []}).people.columns == ["_key", "_rank", "_fingerprint", "year"]


def test_a_feed_without_the_column_fills_no_table(tmp_path):
    made = outcome(tmp_path, {}, headers={"race_ethnicity": []}, values={"sex": {"M": "male"}})
    assert set(made.people.columns) == {"_key", "_rank", "_fingerprint", "year", "sex"}


@pytest.mark.parametrize(
    ("age", "category"),
    [
        ("24", "18-24"), ("25", "25-34"), ("65", "65+"), ("99", "65+"),
        ("17", "unknown"), ("", "unknown"), ("?", "unknown"), ("400", "unknown"),
    ],
)  # fmt: skip
def test_officers_are_adults_and_their_ages_ranges(tmp_path, age, category):
    row = {"Incident_Number": "26-1", "Date": "2025-05-17", "Officer_ID": "B-1", "Age": age}
    made = outcome(tmp_path, row, name=OFFICERS)
    assert made.people["age"].to_list() == [category]
    assert races(made) == ["white"]


def test_no_row_has_anything_of_it(tmp_path):
    made = outcome(tmp_path, {"Race": "B", "Sex": "F"})
    assert not {"race_ethnicity", "sex", "race"} & set(made.published.columns)
    other = outcome(tmp_path, {"Race": "W", "Sex": "M"})
    assert made.published["_fingerprint"].to_list() == other.published["_fingerprint"].to_list()

"""Fixed tables of people in declarations: what is refused, in words."""

from __future__ import annotations

import pytest
import yaml
from msgspec import ValidationError, convert

from ckanext.cpdi.declare import Table
from ckanext.cpdi.declare.tables.demographics import Demographic

TABLE = """
key: number
time: day
at_most: {time: month}
inputs:
  - {name: number, type: string, headers: [Number]}
  - {name: age, type: integer, headers: [Age]}
  - {name: race, type: string, headers: [Race]}
fields:
  - {name: day, type: date, title: Day, description: Day, shapefile: DAY, "cpdi:headers": [Day], "cpdi:mask": time}
"""
RACE = {
    "name": "race",
    "column": "race",
    "title": {"en": "By race", "es": "Por raza"},
    "categories": {name: {"en": name, "es": name} for name in ("white", "black", "unknown")},
}


def ages(*names: str):
    return {**RACE, "name": "age", "column": "age", "categories": dict.fromkeys((*names, "unknown"), RACE["title"])}


def demographic(**keys: object) -> Demographic:
    return convert({**RACE, **keys}, Demographic)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"name": "By Race"}, "lower case"),
        ({"smallest": 2}, "smallest: 2 is not from 3 to 50"),
        ({"categories": {"white": RACE["title"], "unknown": RACE["title"]}}, "two or more"),
        ({"categories": {"unknown": RACE["title"], "b": RACE["title"], "w": RACE["title"]}}, "as the last one"),
        ({"categories": {"total": RACE["title"], "b": RACE["title"], "unknown": RACE["title"]}}, "use other names"),
        ({"colour": "red"}, "unknown field"),
    ],
)
def test_what_is_no_table_of_people(keys, words):
    with pytest.raises(ValidationError, match=words):
        demographic(**keys)


@pytest.mark.parametrize(
    "names", [("18-24", "26+"), ("18-24", "25-30"), ("18-24", "old"), ("18+", "25+"), ("25-34", "18-24")]
)
def test_ranges_leave_no_gap(names):
    with pytest.raises(ValueError, match="ranges"):
        _ = demographic(**ages(*names)).bounds


def test_ranges_begin_where_they_say():
    assert demographic(**ages("18-24", "25-34", "35+")).bounds == (18, 25, 35)


def field(name: str, **keys: object) -> dict[str, object]:
    words = {"title": {"en": name, "es": name}, "description": {"en": name, "es": name}}
    return {"name": name, "type": "string", **words, "cpdi:shapefile": name.upper()[:10], **keys}


def table(*demographics: dict[str, object], more: tuple[dict[str, object], ...] = ()) -> Table:
    day = field("day", **{"type": "date", "cpdi:headers": ["Day"], "cpdi:mask": "time"})
    document = yaml.safe_load(TABLE) | {"fields": [day, *more], "demographics": list(demographics)}
    return convert(document, Table)


@pytest.mark.parametrize(
    ("demographics", "words"),
    [
        ([RACE, RACE], "declared twice"),
        ([{**RACE, "column": "colour"}], "no input of type string or integer"),
        ([{**RACE, "column": "day"}], "no input of type string or integer"),
        ([{**RACE, "column": "age"}], "ranges"),
    ],
)
def test_a_table_counts_by_an_input(demographics, words):
    with pytest.raises(ValidationError, match=words):
        table(*demographics)


def test_what_the_rows_show_is_not_withheld_elsewhere():
    shown = field("age_range", **{"cpdi:from": "age.range", "cpdi:mask": "person"})
    assert table(RACE, more=(shown,)).demographics[0].smallest == 5
    with pytest.raises(ValidationError, match="the rows show age_range, so that everybody can count"):
        table(ages("18-24", "25+"), more=(shown,))

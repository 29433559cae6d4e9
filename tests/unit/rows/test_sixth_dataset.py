"""A dataset that somebody declares in one YAML of their own goes through the engine with no code."""

import pytest
import yaml
from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, ROOT, SECRET, frame, places_of, town

from ckanext.cpdi.declare import Feed, read_library
from ckanext.cpdi.declare.departments.cells import Coordinates
from ckanext.cpdi.rows import make_plan, process


def field(name, kind, **more):
    words = {"title": {"en": name, "es": name}, "description": {"en": name}, "cpdi:shapefile": name[:10]}
    return {"name": name, "type": kind, **words, **more}


NUMBER = {"pattern": "[A-Z]-[0-9]+|K[A-Z2-7]{16}"}
TOWS = {
    "name": "tows",
    "type": "incident-table",
    "order": 6,
    "title": {"en": "Tows"},
    "summary": {"en": "Vehicles towed."},
    "description": {"en": "Vehicles towed."},
    "table": {
        "key": "tow_number",
        "time": "towed",
        "inputs": [
            {"name": "address", "type": "address", "headers": ["From"]},
            {"name": "x", "type": "number", "headers": ["X"]},
            {"name": "y", "type": "number", "headers": ["Y"]},
        ],
        "fields": [
            field("tow_number", "string", **{"cpdi:headers": ["Tow No"], "cpdi:mask": "key", "constraints": NUMBER}),
            field("towed", "datetime", **{"cpdi:headers": ["Towed At"], "cpdi:mask": "time"}),
            field("precision", "string", **{"cpdi:from": "time.precision", "cpdi:mask": "public"}),
            field(
                "axles",
                "integer",
                **{"cpdi:headers": ["Axles"], "cpdi:mask": "public", "constraints": {"minimum": 2, "maximum": 9}},
            ),
            field(
                "lot",
                "string",
                **{"cpdi:headers": ["Lot"], "cpdi:mask": "public", "constraints": {"pattern": "é+|[0-9]+"}},
            ),
            field("fee", "number", **{"cpdi:headers": ["Fee"], "cpdi:mask": "public"}),
            field("impounded", "boolean", **{"cpdi:headers": ["Impounded"], "cpdi:mask": "public"}),
            field("released", "date", **{"cpdi:headers": ["Released"], "cpdi:mask": "exact"}),
            field("block", "string", **{"cpdi:from": "place.label", "cpdi:mask": "place"}),
            field("latitude", "number", **{"cpdi:from": "place.latitude", "cpdi:mask": "place"}),
            field("longitude", "number", **{"cpdi:from": "place.longitude", "cpdi:mask": "place"}),
            field("flags", "string", **{"cpdi:from": "flags.text", "cpdi:mask": "public"}),
        ],
    },
}
ROW = {
    "TOW NO": "T-1",
    "Towed At": "2026-01-31T23:30:00",
    "From": "1234 Quillfen St",
    "X": "-80.05",
    "Y": "32.75",
    "Axles": "2",
    "Fee": "120.50",
    "Impounded": "Y",
    "Released": "2026-02-01T23:30:00",
}


@pytest.fixture
def tows(tmp_path):
    (tmp_path / "tows.yaml").write_text(yaml.safe_dump(TOWS), encoding="utf-8")
    return read_library(ROOT / "schemas", [tmp_path]).dataset("tows")


def through(tows, tmp_path, default_class="open", **cells):
    feed = Feed(default_class=default_class, coordinates=Coordinates())
    profile = structs.replace(town(tmp_path), datasets={"tows": feed})
    batch = frame([{**ROW, **cells}])
    plan = make_plan(tows, profile, SECRET, tuple(name for name in batch.columns if name != "_line"))
    return process(batch, plan, places_of(profile), EMPTY_STATE, NOW)


def publish(tows, tmp_path, **cells):
    return through(tows, tmp_path, **cells).published.to_dicts()[0]


def test_its_rows_are_typed_placed_and_keyed(tows, tmp_path):
    row = publish(tows, tmp_path)
    assert (row["tow_number"], row["precision"], row["axles"], row["fee"]) == ("T-1", "minute", 2, 120.5)
    assert (row["impounded"], row["block"]) == (True, "1200 block of Quillfen St")
    assert row["released"].isoformat() == "2026-02-01"
    assert row["flags"] is None


def test_its_masks_are_those_of_its_class(tows, tmp_path):
    row = publish(tows, tmp_path, default_class="sensitive")
    assert (row["precision"], row["block"], row["latitude"]) == ("month", None, None)
    assert row["tow_number"].startswith("K")
    assert row["towed"].isoformat() == "2026-01-01T05:00:00+00:00"


@pytest.mark.parametrize(
    ("cells", "name", "flag"),
    [
        ({"Axles": "1"}, "axles", "out_of_range"),
        ({"Axles": "10"}, "axles", "out_of_range"),
        ({"Axles": "2.5"}, "axles", "unreadable_value"),
        ({"Axles": "9" * 40}, "axles", "unreadable_value"),
        ({"Fee": "NaN"}, "fee", "unreadable_value"),
        ({"Fee": "inf"}, "fee", "unreadable_value"),
        ({"Fee": "$5"}, "fee", "unreadable_value"),
        ({"Impounded": "maybe"}, "impounded", "unreadable_value"),
        ({"Released": "20260-01-01"}, "released", "unreadable_time"),
    ],
)
def test_a_value_that_does_not_fit_is_left_out_and_flagged(tows, tmp_path, cells, name, flag):
    row = publish(tows, tmp_path, **cells)
    assert (row[name], row["flags"]) == (None, flag)


def test_text_without_a_declared_limit_is_as_long_as_an_index_can_hold(tows, tmp_path):
    assert publish(tows, tmp_path, Lot="é" * 500)["lot"] == "é" * 500
    rejects = through(tows, tmp_path, Lot="é" * 501).rejects
    assert rejects.row(0) == (2, "quarantined", "text_too_long", "lot")


@pytest.mark.parametrize(
    ("source", "mask", "message"),
    [
        ("time.of_day", "exact", "nothing makes 'time.of_day'; there are age.adult, .*event.counts"),
        ("response.minutes", "public", "'response.minutes' may tell when a row was"),
    ],
)
def test_a_field_that_nothing_makes_or_that_tells_the_time_is_refused(tows, tmp_path, source, mask, message):
    table = tows.rows
    wrong = structs.replace(table.fields[2], source=source, mask=mask)
    broken = structs.replace(tows, table=structs.replace(table, fields=(*table.fields[:2], wrong, *table.fields[3:])))
    with pytest.raises(ValueError, match=message):
        publish(broken, tmp_path)

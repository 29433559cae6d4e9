"""What a map shows follows from the declaration, the department's words and counts."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from ckanext.cpdi.declare import Text
from ckanext.cpdi.site.explore import counted as explore
from ckanext.cpdi.site.map.counts import Placed
from ckanext.cpdi.site.map.description import bounds_of, describe, layers
from ckanext.cpdi.site.map.words import WORDS

TRAFFIC, ALARM = "Traffic", "Alarm"
PLACED = Placed(rows=1200, points=1000, categories={TRAFFIC: 700, ALARM: 300})
BOX = (-80.2, 32.6, -79.8, 33.0)


@pytest.fixture
def described(library, profile):
    def make(name="calls-for-service", placed=PLACED, language="en"):
        return describe(library.get(name), profile, placed, BOX, language, lambda path: f"/portal{path}")

    return make


def test_addresses_are_those_of_the_tables_own_services(described):
    one = described()
    assert one.tiles == "/portal/ogc/collections/calls-for-service/tiles/WebMercatorQuad/{z}/{y}/{x}"
    assert one.items == "/portal/ogc/collections/calls-for-service/items"
    assert (one.areas, one.places) == ("/portal/data/areas.geojson", "/portal/data/places.geojson")
    assert one.bounds == BOX


@pytest.mark.parametrize(
    ("language", "titles"),
    [
        ("en", ["City boundary", "Patrol team", "Neighborhood", "School zone"]),
        ("es", ["Límite de la ciudad", "Equipo de patrulla", "Barrio", "School zone"]),
    ],
)
def test_layers_of_areas_have_the_titles_that_the_profile_declares_for_maps_and_charts(
    library, profile, monkeypatch, language, titles
):
    drawn = structs.replace(
        profile,
        areas={"neighborhood": "n.geojson", "school_zone": "s.geojson"},
        area_titles={
            "team": Text("Patrol team", "Equipo de patrulla"),
            "neighborhood": Text("Neighborhood", "Barrio"),
        },
    )
    assert [one.title for one in layers(drawn, language)] == titles
    assert [one.name for one in layers(drawn, language)] == ["boundary", "team", "neighborhood", "school_zone"]
    monkeypatch.setattr(explore, "read_areas", lambda _: iter(()))
    counted = explore.counted(library.get("calls-for-service").rows, drawn, language)
    assert [one.title for one in counted if one.name.startswith("area.")] == titles[2:]


def test_a_title_of_a_layer_that_there_is_not_is_refused(profile):
    with pytest.raises(ValueError, match=r"area_titles: there is no layer 'town'; there are boundary, team"):
        structs.replace(profile, area_titles={"town": Text("Town")})


def test_fields_have_the_roles_that_are_declared(described):
    one = described()
    assert (one.time, one.precision, one.category) == ("call_datetime", "time_precision", "call_category")
    assert one.listed == ("call_datetime", "call_category", "problem", "block_address")
    names = {column.name: column for column in one.columns}
    assert set(one.listed) <= set(names)
    assert names["time_precision"].values["month"] == "Month"


def test_categories_count_under_a_plain_name_and_are_titled_in_the_readers_language(described):
    assert [(one.value, one.title, one.key) for one in described().categories] == [
        (ALARM, "Alarm", "n_alarm"),
        (TRAFFIC, "Traffic", "n_traffic"),
    ]
    spanish = described(language="es")
    assert [one.title for one in spanish.categories] == ["Alarma", "Tránsito"]
    (category,) = [column for column in spanish.columns if column.name == spanish.category]
    assert category.values[TRAFFIC] == "Tránsito"


@pytest.mark.parametrize(
    ("placed", "says"),
    [
        (PLACED, "200 of all 1,200 calls have no point and are on no map: they are in the files and the API."),
        (Placed(7, 7), "All 7 calls have a point."),
        (Placed(), ""),
    ],
)
def test_rows_without_a_point_are_counted_in_words(described, placed, says):
    assert described(placed=placed).unplaced == says


def test_everything_is_said_in_both_languages():
    for key, text in WORDS.items():
        assert text.en, key
        assert text.es or key == "no", key
        assert sorted(part for part in text.en.split("{")[1:] if part) or "{" not in text.es, key


@pytest.mark.parametrize(
    ("geojson", "bounds"),
    [
        ('{"type": "Polygon", "coordinates": [[[1, 2], [3, 2], [3, 5], [1, 2]]]}', (1, 2, 3, 5)),
        ('{"type": "Point", "coordinates": [1.5, 2]}', (1.5, 2, 1.5, 2)),
        ("", None),
        ("[]", None),
        ('{"type": "Polygon", "coordinates": []}', None),
        ('{"type": "Polygon", "coordinates": [[["a", "b"]]]}', None),
        ("not JSON at all", None),
        (json.dumps({"coordinates": None}), None),
    ],
)
def test_the_extent_is_whatever_staff_wrote(geojson, bounds):
    assert bounds_of(geojson) == bounds

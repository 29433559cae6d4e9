"""The boundary that a draft is given: used to read the points, kept in the profile, refused where it is no area."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from exports import SOUTH, WEST, calls, decisions, drafted, loaded, text
from shapely.geometry import box, mapping, shape

from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.layout.ground import of_boundary
from ckanext.cpdi.drafting.layout.states import state_of

CITY: dict[str, Any] = dict(mapping(box(WEST - 0.02, SOUTH - 0.02, WEST + 0.1, SOUTH + 0.1)))


def write(path: Path, document: object) -> Path:
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_the_boundary_tells_the_coordinate_system_and_stands_in_the_profile(tmp_path: Path):
    boundary = write(
        tmp_path / "city.geojson", {"type": "Feature", "properties": {"planner": "A. Quill"}, "geometry": CITY}
    )
    header, rows = calls(epsg=2273)
    (tmp_path / "calls.csv").write_text(text(header, rows))
    made, path = drafted(tmp_path / "calls.csv", None, state="", boundary=boundary)
    assert loaded(path).feed("calls-for-service").coordinates.epsg == 2273
    written = (path.parent / "quillport" / "boundary.geojson").read_text()
    assert shape(json.loads(written)["features"][0]["geometry"]).equals(shape(CITY))
    assert "planner" not in written
    assert "The boundary is" not in "".join(decisions(made))


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("not JSON at all", "no GeoJSON that can be read"),
        ("[" * 100_000, "no GeoJSON that can be read"),
        ("null", "no GeoJSON that can be read"),
        ({"type": "FeatureCollection", "features": None}, "no GeoJSON that can be read"),
        ({"type": "FeatureCollection", "features": []}, "is empty, and no area"),
        ({"type": "Feature", "geometry": None}, "is empty, and no area"),
        ({"type": "Point", "coordinates": [WEST, SOUTH]}, "holds Point, and no area"),
        ({"type": "LineString", "coordinates": CITY["coordinates"][0]}, "holds LineString, and no area"),
        ({"type": "Polygon", "coordinates": [[[1, 2], [3]]]}, "no geometry of GeoJSON"),
        ({"type": "Topology", "objects": {}}, "no geometry of GeoJSON"),
        (dict(mapping(box(2e6, 3e5, 2.1e6, 4e5))), "not in degrees of WGS 84"),
        (dict(mapping(box(SOUTH, WEST, SOUTH + 0.1, WEST + 0.1))), "does not lie in South Carolina"),
        (dict(mapping(box(2, 48, 3, 49))), "does not lie in South Carolina"),
    ],
)
def test_what_is_no_boundary_is_refused_in_plain_words(tmp_path: Path, document: object, words: str):
    with pytest.raises(DraftError, match=words) as refusal:
        of_boundary(write(tmp_path / "city.geojson", document), state_of("SC"))
    assert "límite" in refusal.value.words.es


def test_a_boundary_that_crosses_itself_keeps_its_area(tmp_path: Path):
    bow = [[WEST, SOUTH], [WEST + 0.1, SOUTH + 0.1], [WEST + 0.1, SOUTH], [WEST, SOUTH + 0.1], [WEST, SOUTH]]
    place = of_boundary(write(tmp_path / "city.geojson", {"type": "Polygon", "coordinates": [bow]}), state_of("SC"))
    assert place.area.geom_type == "MultiPolygon"

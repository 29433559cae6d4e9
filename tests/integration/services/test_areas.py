"""The department's boundary and areas are published for maps, by the files that its profile names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec import structs

from ckanext.cpdi import config
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.services.areas import areas

pytestmark = pytest.mark.usefixtures("standing")
PATH = "/data/areas.geojson"


def test_the_boundary_comes_first_and_each_area_says_its_layer_and_name(app):
    response = app.get(PATH, status=200)
    assert response.mimetype == "application/geo+json"
    features = response.json["features"]
    profile = config.profile()
    assert features[0]["properties"] == {"layer": "boundary", "name": profile.agency.city}
    teams = {one["properties"]["name"] for one in profile.geojson(profile.teams)["features"]}
    assert {one["properties"]["name"] for one in features if one["properties"]["layer"] == "team"} == teams
    assert all(one["geometry"]["coordinates"] for one in features)


def test_a_population_is_given_out_and_a_wrong_one_is_refused_by_the_name_of_its_area(tmp_path):
    def drawn(population):
        name = {"name": "Old Mill"} | ({} if population is None else {"population": population})
        square = [[-80, 32], [-79, 32], [-79, 33], [-80, 33], [-80, 32]]
        feature = {"type": "Feature", "properties": name, "geometry": {"type": "Polygon", "coordinates": [square]}}
        (tmp_path / "wards.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        own = config.profile()
        boundary = str(Path(own.folder) / own.boundary)
        return structs.replace(own, folder=str(tmp_path), boundary=boundary, teams="", areas={"ward": "wards.geojson"})

    assert areas(drawn(4_100))["features"][1]["properties"] == {
        "layer": "ward",
        "name": "Old Mill",
        "population": 4_100,
    }
    assert areas(drawn(None))["features"][1]["properties"] == {"layer": "ward", "name": "Old Mill"}
    for wrong in (0, -1, 2.5, "many", True):
        with pytest.raises(DeclarationError, match="Old Mill: population is a whole number from 1 on"):
            areas(drawn(wrong))


def test_it_is_kept_by_caches_and_read_by_scripts_of_any_site(app):
    response = app.get(PATH, status=200)
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    again = app.get(PATH, headers={"If-None-Match": response.headers["ETag"]}, status=304)
    assert not again.body

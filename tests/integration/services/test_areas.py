"""The department's boundary and areas are published for maps, by the files that its profile names."""

from __future__ import annotations

import pytest

from ckanext.cpdi import config

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


def test_it_is_kept_by_caches_and_read_by_scripts_of_any_site(app):
    response = app.get(PATH, status=200)
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    again = app.get(PATH, headers={"If-None-Match": response.headers["ETag"]}, status=304)
    assert not again.body

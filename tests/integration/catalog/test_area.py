"""Search by area finds the tables with points, and DCAT has the area as a geometry."""

from __future__ import annotations

import json

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action
from helpers import datastore
from rdflib import Graph
from rdflib.namespace import DCTERMS

from ckanext.cpdi import config
from ckanext.cpdi.catalog.extent import extent
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.catalog.refresh import refresh

TABLES = {"calls-for-service", "electronic-citations"}
LOCN = "http://www.w3.org/ns/locn#geometry"

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")


def found(app, box):
    answer = app.get(f"/api/3/action/package_search?ext_bbox={box}&rows=100", status=200).json["result"]
    return {one["name"] for one in answer["results"]}


@pytest.mark.parametrize("box", ["-81,32,-79,34", "-180,-90,180,90", "-79.95,32.77,-79.93,32.79"])
def test_a_search_by_area_finds_the_tables_and_nothing_without_points(app, box):
    assert found(app, box) == TABLES


def test_a_search_elsewhere_finds_none(app):
    assert found(app, "-75,40,-73,42") == set()


@pytest.mark.parametrize("kind", ["rdf", "ttl", "jsonld"])
def test_dcat_has_the_area_as_a_geometry(app, kind):
    formats = {"rdf": "xml", "ttl": "turtle", "jsonld": "json-ld"}
    for name in TABLES | {"compstat-reports"}:
        graph = Graph().parse(data=app.get(f"/dataset/{name}.{kind}", status=200).body, format=formats[kind])
        shapes = [str(shape) for area in graph.objects(None, DCTERMS.spatial) for shape in graph.objects(area, None)]
        assert bool([one for one in shapes if "POLYGON" in one or "Polygon" in one]) == (name in TABLES)


def test_a_dataset_from_before_gets_its_area_with_the_next_night_and_staffs_own_stays(app):
    datastore.publish()
    tk.get_action("package_patch")(portal_user(), {"id": "calls-for-service", "spatial": ""})
    assert found(app, "-81,32,-79,34") == {"electronic-citations"}
    assert refresh("calls-for-service", config.profile())
    assert found(app, "-81,32,-79,34") == TABLES
    own = json.dumps({"type": "Polygon", "coordinates": [[[10, 50], [11, 50], [11, 51], [10, 51], [10, 50]]]})
    tk.get_action("package_patch")(portal_user(), {"id": "calls-for-service", "spatial": own})
    assert not refresh("calls-for-service", config.profile())
    assert json.loads(call_action("package_show", id="calls-for-service")["spatial"]) == json.loads(own)


def test_the_box_holds_the_whole_boundary():
    import shapely

    profile = config.profile()
    box = shapely.from_geojson(extent(config.library().dataset("calls-for-service"), profile))
    for feature in profile.geojson(profile.boundary)["features"]:
        assert box.contains(shapely.from_geojson(json.dumps(feature["geometry"])))
    assert extent(config.library().datasets["compstat-reports"], profile) == ""

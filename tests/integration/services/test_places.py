"""The places are published with the rows that were masked by them: GeoJSON, CSV, a table, a dataset."""

from __future__ import annotations

import csv
import io
import json
import subprocess

import ckan.plugins.toolkit as tk
import pytest
import shapely
from ckan import model
from click.testing import CliRunner
from helpers import datastore
from helpers.feeds import DATASET, write_sample
from helpers.files import get

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import PLACES, resource_id
from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.desk.gazetteer import build_from
from ckanext.cpdi.desk.place_report import place_report
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.site.runs import place_truth

pytestmark = pytest.mark.usefixtures("with_plugins")


def night(folder, rows=3000):
    feed = write_sample(folder / "sample.csv", rows=rows)
    report = load.run(DATASET, str(feed), label="sample", trusted_path=True)
    assert report.state == "published", report.message
    publish.publish(DATASET, publish.profile_of(DATASET))
    return report


@pytest.fixture
def published(once):
    """A night of many rows for tests that change nothing; the last of them may."""
    return once(night)


@pytest.fixture
def changing(portal, tmp_path):
    return night(tmp_path)


def test_each_place_of_a_row_is_there_and_its_outline_holds_the_rows_point(published, app):
    collection = get(app, "/data/places.geojson").json
    places = {feature["id"]: feature for feature in collection["features"]}
    rows = list(csv.DictReader(io.StringIO(get(app, f"/data/{DATASET}.csv").body)))
    placed = [row for row in rows if row["place_id"]]
    assert len(placed) > 1000
    for row in placed:
        place = places[row["place_id"]]
        properties = place["properties"]
        assert (row["block_address"] or None, row["team"] or None) == (properties["label"], properties["team"])
        if place["geometry"] and place["geometry"]["type"] != "Point":
            point = shapely.Point(float(row["longitude"]), float(row["latitude"]))
            assert shapely.contains(shapely.from_geojson(json.dumps(place["geometry"])), point)
    assert not any(row["place_id"] for row in rows if row["location_precision"] == "none")


def test_outlines_do_not_overlap(published, app):
    collection = get(app, "/data/places.geojson").json
    outlines = [shapely.from_geojson(json.dumps(one["geometry"])) for one in collection["features"] if one["geometry"]]
    polygons = [outline for outline in outlines if outline.geom_type != "Point"]
    assert len(polygons) > 20
    assert all(shapely.is_valid(polygon) for polygon in polygons)
    assert shapely.union_all(polygons).area == pytest.approx(sum(polygon.area for polygon in polygons), rel=1e-6)


def test_gdal_reads_both_files(published, app, tmp_path):
    for extension in ("geojson", "csv"):
        path = tmp_path / f"places.{extension}"
        path.write_text(get(app, f"/data/places.{extension}").body)
        told = subprocess.run(["ogrinfo", "-so", "-al", str(path)], capture_output=True, text=True, check=True).stdout
        assert "place_id: String" in told
        assert "Polygon" in told or "Geometry: Unknown" in told


def test_the_table_is_searched_by_ckans_api_and_written_by_nobody(published, sysadmin):
    found = tk.get_action("datastore_search")({}, {"resource_id": resource_id(PLACES), "limit": 5})
    assert found["total"] == datastore.rows(resource_id(PLACES)) > 20
    assert [field["id"] for field in found["fields"]][1:3] == ["place_id", "label"]
    assert found["fields"][1]["info"]["label"] == "Place"
    for action in ("datastore_upsert", "datastore_create", "datastore_delete"):
        with pytest.raises((tk.NotAuthorized, tk.ValidationError)):
            tk.get_action(action)(
                {"user": sysadmin["name"]},
                {"resource_id": resource_id(PLACES), "records": [{"place_id": "x"}], "force": True},
            )
    assert datastore.rows(resource_id(PLACES)) == found["total"]


def test_the_dataset_is_in_the_catalogue_and_its_name_is_nobodys(published, sysadmin, app):
    package = model.Package.get(PLACES)
    assert package is not None
    assert not package.private
    page = get(app, f"/dataset/{PLACES}").body
    assert "GeoJSON" in page
    assert get(app, f"/dataset/{PLACES}/resource/{resource_id(PLACES)}").status_code == 200
    with pytest.raises(tk.ValidationError):
        tk.get_action("package_create")({"user": sysadmin["name"]}, {"name": PLACES, "owner_org": package.owner_org})


def test_the_truth_is_kept_with_the_run_and_told_rounded(published, app, sysadmin):
    (told,) = place_report().datasets
    figures = told.figures
    assert told.run == published.run
    assert figures.placed_share > 0.97
    assert 0 < figures.median <= figures.p95 <= figures.greatest
    assert sum(place_report().widths.values()) > 20
    page = get(app, "/status").body
    assert "of the rows that may show a place have one" in page
    assert "the 400 m that the profile declares for the width of a place" in page
    report = CliRunner().invoke(cpdi, ["places", "--report"]).output
    assert place_truth.beside_width(figures.p95, 400, "en") in report
    assert "are wider than the 400 m that the profile declares" in report
    assert str(figures.greatest) not in page
    staff = app.get(f"/status/runs/{published.run}", headers=sysadmin["headers"]).body
    assert "places.greatest" in staff
    assert "places.greatest" not in get(app, f"/status/runs/{published.run}").body


def test_the_same_places_are_not_written_again_and_other_ones_wait_for_their_rows(published, app, tmp_path):
    before = get(app, "/data/places.geojson")
    served = next((config.files_path() / "places").glob("*.geojson"))
    written = served.stat().st_mtime_ns
    publish.publish(DATASET, publish.profile_of(DATASET))
    assert served.stat().st_mtime_ns == written
    assert get(app, "/data/places.geojson").headers["ETag"] == before.headers["ETag"]
    assert get(app, "/data/places.geojson", status=304, If_None_Match=before.headers["ETag"])
    config.places_path("charleston").unlink()
    publish.publish(DATASET, publish.profile_of(DATASET))
    assert get(app, "/data/places.geojson").headers["ETag"] == before.headers["ETag"]


def test_before_there_are_places_there_is_no_file(app, portal):
    get(app, "/data/places.geojson", status=404)
    get(app, "/data/places.csv", status=404)


def test_other_places_take_the_place_of_the_first_and_those_that_ended_stay(changing, app, tmp_path):
    before = get(app, "/data/places.geojson")
    build_from(DATASET, [write_sample(tmp_path / "again.csv", rows=6000)], again=True)
    report = load.run(DATASET, str(tmp_path / "sample.csv"), label="sample", trusted_path=True, force=True)
    assert report.state == "published", report.message
    publish.publish(DATASET, publish.profile_of(DATASET))
    after = get(app, "/data/places.geojson")
    assert after.headers["ETag"] != before.headers["ETag"]
    ids = {feature["id"] for feature in after.json["features"]}
    assert {feature["id"] for feature in before.json["features"]} <= ids
    assert any(feature["properties"]["valid_to"] for feature in after.json["features"])
    assert datastore.rows(resource_id(PLACES)) == len(ids)
    package = tk.get_action("package_show")({"ignore_auth": True}, {"id": PLACES})
    versions = {resource["version"] for resource in package["resources"]}
    assert versions == {after.headers["ETag"].strip('"').removesuffix("-geojson")}

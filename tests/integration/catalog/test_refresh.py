"""What CKAN says of a table after a night: fresh numbers, in one update, and the staff's words untouched."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action
from helpers import datastore

from ckanext.cpdi import config
from ckanext.cpdi.catalog import department
from ckanext.cpdi.catalog import refresh as refreshing
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.refresh import refresh
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.publish import snapshot_store

DATASET = "calls-for-service"
TABLE = resource_id(DATASET)


@pytest.fixture
def table(portal):
    return datastore.publish()


def resource(key="csv"):
    return call_action("resource_show", id=resource_id(DATASET, key))


def test_resources_carry_size_time_and_version_of_their_files(table, folders):
    for key in ("csv", "kml", "shp.zip", "geojson"):
        file = snapshot_store.find(folders["files"], DATASET, key)
        assert resource(key)["size"] == file.size == sum(map(len, file.blocks()))
        assert resource(key)["rows"] == 3
        assert resource(key)["version"] in file.path.name
        assert resource(key)["last_modified"]
    assert resource()["datastore_active"] is True


def test_a_format_that_is_not_made_has_no_resource_no_file_and_no_word(table, folders, ckan_config, monkeypatch, app):
    def keys():
        return [one["id"] for one in call_action("package_show", id=DATASET)["resources"]]

    every = keys()
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.formats", ["csv", "geojson", "parquet"])
    publish.publish(DATASET, publish.profile_of(DATASET))
    assert keys() == [resource_id(DATASET, key) for key in ("csv", "geojson", "api")]
    assert {one.extension for one in snapshot_store.files(folders["files"], DATASET)} == {"csv", "geojson", "parquet"}
    assert app.get(f"/data/{DATASET}.kml").status_code == 404
    assert app.get(f"/data/{DATASET}.geojson").status_code == 200
    words = app.get("/help/download").get_data(as_text=True)
    assert "QGIS and ArcGIS</a> open the files in GeoJSON." in words
    assert "Google Earth" not in words
    assert department.ensure_all() == []
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.formats", [])
    assert sorted(department.ensure_all()) == [f"resource {name} of {DATASET}" for name in ("KML", "SHP")]
    publish.publish(DATASET, publish.profile_of(DATASET))
    assert set(keys()) == set(every)
    assert app.get(f"/data/{DATASET}.kml").status_code == 200
    words = app.get("/help/download").get_data(as_text=True)
    assert "QGIS and ArcGIS</a> open the files in Shapefile, GeoPackage, GeoJSON." in words
    assert "Google Earth opens KML" in words


def test_nothing_is_written_while_nothing_differs(table, monkeypatch):
    before = call_action("package_show", id=DATASET)["metadata_modified"]
    assert refresh(DATASET, config.profile()) is False
    assert call_action("package_show", id=DATASET)["metadata_modified"] == before


def test_a_night_updates_the_package_once(table, monkeypatch):
    updates = []
    real = refreshing.tk.get_action

    def counted(name):
        if name in ("package_patch", "resource_patch", "package_update"):
            updates.append(name)
        return real(name)

    monkeypatch.setattr(refreshing.tk, "get_action", counted)
    datastore.publish(count=5)
    assert updates == ["package_patch"]
    assert resource()["rows"] == 5


def test_what_staff_edited_outlives_the_next_night(table, editor):
    context = editor["context"]
    call_action("package_patch", context=dict(context), id=DATASET, title="Calls", caveats="Mind the gap", private=True)
    call_action("resource_patch", context=dict(context), id=TABLE, name="The table", description="All of it")
    call_action("resource_create", context=dict(context), package_id=DATASET, url="https://example.org/x.pdf", name="X")
    datastore.publish(count=5)
    package = call_action("package_show", id=DATASET)
    assert (package["title"], package["caveats"], package["private"]) == ("Calls", "Mind the gap", True)
    assert (resource()["name"], resource()["description"]) == ("The table", "All of it")
    assert package["resources"][-1]["url"] == "https://example.org/x.pdf"
    assert resource()["rows"] == 5


def test_the_days_covered_are_filled_in_until_staff_say_otherwise(table, editor):
    package = call_action("package_show", id=DATASET)
    assert (package["temporal_start"], package["temporal_end"]) == ("2025-03-01", "2025-03-01")
    call_action("package_patch", context=dict(editor["context"]), id=DATASET, temporal_start="2015-01-01")
    datastore.publish(count=5)
    package = call_action("package_show", id=DATASET)
    assert (package["temporal_start"], package["temporal_end"]) == ("2015-01-01", "2025-03-01")


def test_a_dataset_without_a_version_is_left_alone(portal):
    assert refresh("electronic-citations", config.profile()) is False

"""/data.json: DCAT-US 1.1 that holds to its published schema, as data.gov and ArcGIS read it, with nothing private."""

from __future__ import annotations

import json
from typing import Any

import pytest
from helpers import catalogue
from helpers.catalogue import CALLS, CITATIONS, OWN, SERIES
from jsonschema import Draft4Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

SCHEMAS = ".run/schemas/non-federal-v1.1"
ROOT = "https://project-open-data.cio.gov/v1.1/schema/"


@pytest.fixture
def filled(once) -> None:
    once(lambda _folder: catalogue.fill())


@pytest.fixture
def document(app, filled) -> dict[str, Any]:
    return json.loads(app.get("/data.json", status=200).body)


@pytest.fixture(scope="module")
def schema(root) -> Draft4Validator:
    read = {
        name: json.loads((root / SCHEMAS / name).read_text()) for name in ("catalog.json", "dataset-non-federal.json")
    }
    known = [(ROOT + name, Resource(contents, DRAFT4)) for name, contents in read.items()]
    return Draft4Validator(read["catalog.json"], registry=Registry().with_resources(known), format_checker=None)


def by_name(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["identifier"].rpartition("/")[2]: entry for entry in document["dataset"]}


def formats(entry: dict[str, Any]) -> set[str]:
    return {each["format"] for each in entry["distribution"]}


def faults(schema: Draft4Validator, document: dict[str, Any]) -> list[str]:
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in schema.iter_errors(document)
    ]


def test_it_holds_to_the_published_schema(document, schema):
    assert document["dataset"]
    assert faults(schema, document) == []


@pytest.mark.parametrize("field", ["title", "description", "publisher", "contactPoint", "identifier", "accessLevel"])
def test_the_schema_would_say_what_is_missing(document, schema, field):
    del document["dataset"][0][field]
    assert any(field in fault for fault in faults(schema, document))


def test_every_public_dataset_stands_in_it_those_of_the_department_first(document):
    names = list(by_name(document))
    assert names[:2] == [CALLS, CITATIONS]
    assert OWN in names
    assert names.index(SERIES) < names.index(OWN)


def test_nothing_private_or_deleted_stands_in_it(document):
    assert catalogue.seen(json.dumps(document)) == []


def test_a_table_has_its_files_and_its_services(document):
    entry = by_name(document)[CALLS]
    files = {each["format"]: each for each in entry["distribution"] if "downloadURL" in each}
    services = {each["format"]: each for each in entry["distribution"] if "accessURL" in each}
    assert {"CSV", "KML", "SHP", "GeoJSON", "GeoPackage", "GeoParquet", "FlatGeobuf"} <= set(files)
    assert files["CSV"]["mediaType"] == "text/csv"
    assert files["CSV"]["describedBy"] == f"{files['CSV']['downloadURL']}.datapackage.json"
    assert set(services) == {"ArcGIS GeoServices REST API", "OGC API Features", "TileJSON", "API"}
    assert entry["accrualPeriodicity"] == "R/P1D"
    assert entry["temporal"] == "2025-03-01/2025-03-01"
    assert entry["describedBy"].endswith(f"/data/{CALLS}/datapackage.json")
    assert entry["license"].startswith("https://creativecommons.org/publicdomain/zero")
    assert "30-2-50" in entry["rights"]
    assert entry["contactPoint"] == {"@type": "vcard:Contact", "fn": "Records Division"}  # the profile has no address


def test_each_address_of_ours_answers(app, document):
    root = document["@id"].removesuffix("/data.json")
    asked = {
        address
        for entry in document["dataset"]
        for node in (entry, *entry.get("distribution", ()))
        for key in ("landingPage", "describedBy", "downloadURL", "accessURL")
        if (address := node.get(key, "")).startswith(root)
    }
    assert len(asked) > 40
    said = {address: app.get(address.removeprefix(root)).status_code for address in asked}
    assert {address: status for address, status in said.items() if status != 200} == {}


def test_a_series_has_its_reports_the_latest_first_and_covers_their_days(document):
    entry = by_name(document)[SERIES]
    assert [each["title"][:18] for each in entry["distribution"]] == ["Week to 2026-11-22", "Week to 2026-11-15"]
    assert entry["distribution"][0]["downloadURL"] == "https://files.example.gov/compstat%202026-11-22.pdf"
    assert {each["mediaType"] for each in entry["distribution"]} == {"application/pdf"}
    assert entry["temporal"] == "2026-11-09/2026-11-22"
    assert entry["accrualPeriodicity"] == "R/P1W"


def test_what_staff_wrote_stands_as_far_as_a_catalogue_can_hold_it(document):
    entry = by_name(document)[OWN]
    assert entry["contactPoint"] == {
        "@type": "vcard:Contact",
        "fn": "Front desk",
        "hasEmail": "mailto:desk@example.gov",
    }
    assert [each["downloadURL"] for each in entry["distribution"]] == ["https://files.example.gov/racks.xlsx"]
    assert entry["references"] == ["https://example.gov/racks?a=1"]
    assert entry["accrualPeriodicity"] == "irregular"


def test_arcgis_finds_what_it_makes_an_item_of(document):
    """ArcGIS takes title, description, tags, a box in degrees, and the address of a layer, not of a service."""
    for name in (CALLS, CITATIONS):
        entry = by_name(document)[name]
        assert entry["title"]
        assert len(entry["description"]) > 50
        assert entry["keyword"]
        west, south, east, north = map(float, entry["spatial"].split(","))
        assert -180 <= west < east <= 180
        assert -90 <= south < north <= 90
        layer = next(each for each in entry["distribution"] if each["format"] == "ArcGIS GeoServices REST API")
        assert layer["accessURL"].endswith(f"/arcgis/rest/services/{name}/FeatureServer/0")
        assert layer["mediaType"] == "application/json"
        assert "geospatial" in entry["theme"]


def test_a_client_that_has_it_gets_nothing_and_any_site_may_read_it(app, filled):
    answer = app.get("/data.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    again = app.get("/data.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.body) == (304, "")

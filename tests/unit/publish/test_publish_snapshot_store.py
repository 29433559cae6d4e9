"""The shelf and the addresses: names say all there is to know, and nothing else is taken for a file."""

import os

import pytest

from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.address import Address, parse


def put(folder, name, age=0):
    path = folder / "calls" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(name)
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return path


def test_a_file_is_found_with_all_that_its_name_says(tmp_path):
    put(tmp_path, "2024.20261124-7.0123456789ab.shp.zip")
    found = snapshot_store.find(tmp_path, "calls", "shp.zip", 2024)
    assert (found.version, found.recipe, found.year) == ("20261124-7", "0123456789ab", 2024)
    assert found.download_name == "calls-2024_20261124-7.shp.zip"
    assert found.etag == "2024-20261124-7-0123456789ab-shp.zip"
    assert found.media_type == "application/zip"
    assert snapshot_store.find(tmp_path, "calls", "shp.zip") is None


def test_of_two_versions_the_later_is_served(tmp_path):
    put(tmp_path, "all.20261123-9.0123456789ab.csv", age=50)
    put(tmp_path, "all.20261124-10.0123456789ab.csv")
    assert snapshot_store.find(tmp_path, "calls", "csv").version == "20261124-10"
    assert len(snapshot_store.every(tmp_path, "calls")) == 2


@pytest.mark.parametrize(
    "name",
    [".lock", "datapackage.json", "all.1.0123456789ab.csv.datapackage.json", "all.1.0123456789ab.exe", "all.1.xyz.csv"],
)
def test_nothing_else_is_a_file(tmp_path, name):
    put(tmp_path, name)
    assert snapshot_store.files(tmp_path, "calls") == []


def test_the_whole_stands_first_then_years_from_the_last(tmp_path):
    for name in (
        "2023.1.0123456789ab.csv",
        "2024.1.0123456789ab.kml",
        "2024.1.0123456789ab.csv",
        "all.1.0123456789ab.csv",
    ):
        put(tmp_path, name)
    assert [(one.year, one.extension) for one in snapshot_store.files(tmp_path, "calls")] == [
        (None, "csv"),
        (2024, "csv"),
        (2024, "kml"),
        (2023, "csv"),
    ]
    assert snapshot_store.years(tmp_path, "calls") == [2024, 2023]


def test_a_purge_leaves_nothing_to_download(tmp_path):
    put(tmp_path, "all.1.0123456789ab.csv")
    put(tmp_path, "all.1.0123456789ab.csv.datapackage.json")
    put(tmp_path, "datapackage.json")
    snapshot_store.clear(tmp_path, "calls")
    assert [path.name for path in (tmp_path / "calls").iterdir()] == [".lock"]


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("calls-for-service.csv", Address("calls-for-service", None, "csv")),
        ("calls-for-service.shp.zip", Address("calls-for-service", None, "shp.zip")),
        ("calls-for-service/2024.geojson", Address("calls-for-service", 2024, "geojson")),
        ("calls-for-service/all.csv", Address("calls-for-service", None, "csv", whole=True)),
        ("calls.csv.datapackage.json", Address("calls", None, "csv", True)),
        ("calls/2024.kml.datapackage.json", Address("calls", 2024, "kml", True)),
        ("calls/datapackage.json", Address("calls")),
    ],
)
def test_addresses_are_read(path, address):
    assert parse(path) == address


@pytest.mark.parametrize(
    "path", ["", "calls", "calls/", "../etc/passwd.csv", "calls/24.csv", "calls/2024/csv", "calls.CSV", "calls.c%2fsv"]
)
def test_anything_else_is_no_address(path):
    assert parse(path) is None


@pytest.mark.parametrize(
    "path", ["calls.csv", "calls/2024.shp.zip", "calls/2024.kml.datapackage.json", "calls/datapackage.json"]
)
def test_an_address_leads_back_to_its_path(path):
    assert parse(path).path == "/data/" + path


@pytest.mark.parametrize(
    ("content", "told", "whole"),
    [
        (b"12345", '{"resources": [{"bytes": 5}]}', True),
        (b"1234", '{"resources": [{"bytes": 5}]}', False),
        (b"", '{"resources": [{"bytes": 0}]}', False),
        (b"12345", "", False),
        (b"12345", "[]", False),
        (b"12345", '{"resources": []}', False),
    ],
)
def test_a_file_is_whole_that_is_as_long_as_its_sidecar_says(content, told, whole, tmp_path):
    path = put(tmp_path, "all.1.0123456789ab.csv")
    assert not snapshot_store.is_whole(path)
    path.write_bytes(content)
    snapshot_store.sidecar(path).write_text(told)
    assert snapshot_store.is_whole(path) is whole


def test_an_empty_file_is_none(tmp_path):
    put(tmp_path, "all.1.0123456789ab.csv").write_bytes(b"")
    assert snapshot_store.find(tmp_path, "calls", "csv") is None

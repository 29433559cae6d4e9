"""The files of a real table, as GDAL's own programs and other readers see them."""

import csv
import json
import subprocess
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely

from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.snapshot import build

ROWS = ["A3", "A4", "A1", "A2", "A5", "A6", "A7"]
"""Keys of the awkward rows in the order of the published time, then of the key."""
PLACED = {"A1": (-79.931234, 32.781234), "A2": (-79.95, 32.8), "A6": (-80.0, 32.75)}
GDAL = ["csv", "kml", "kmz", "geojson", "shp.zip", "gpkg", "fgb"]


@pytest.fixture(scope="module")
def files(empty_table, awkward, calls, department, site, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files")
    empty_table.commit(awkward)
    build(empty_table.read_dsn, calls, department, folder, site)
    return folder


def path_of(files, extension, year=None):
    """A copy by its public name, since GDAL goes by names; Shapefiles are read inside their ZIP."""
    snapshot = snapshot_store.find(files, "calls-for-service", extension, year)
    named = files / snapshot.download_name
    named.write_bytes(b"".join(snapshot.blocks()))
    return f"/vsizip/{named}" if extension == "shp.zip" else str(named)


def ogrinfo(path, *more):
    done = subprocess.run(["ogrinfo", *more, path], capture_output=True, text=True, check=True)
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


def fields_of(text):
    """Field names and types out of ``ogrinfo -so -al``."""
    lines = [line.partition(": ") for line in text.splitlines() if line.endswith(")") and ": " in line]
    return {name: kind.split(" (")[0] for name, _, kind in lines}


@pytest.mark.parametrize("extension", GDAL)
def test_ogrinfo_counts_every_row_in_every_format(files, extension):
    assert "Feature Count: 7\n" in ogrinfo(path_of(files, extension), "-so", "-al")


@pytest.mark.parametrize("extension", ["kml", "kmz", "geojson", "shp.zip", "gpkg"])
def test_ogrinfo_sees_the_points_where_they_are(files, extension):
    text = ogrinfo(path_of(files, extension), "-so", "-al")
    assert "Extent: (-80.000000, 32.750000) - (-79.931234, 32.800000)" in text
    assert "WGS 84" in text


@pytest.mark.parametrize("extension", ["csv", "kml", "geojson", "gpkg", "fgb"])
def test_ogrinfo_sees_the_declared_names(files, extension, calls):
    found = fields_of(ogrinfo(path_of(files, extension), "-so", "-al"))
    assert {field.name for field in calls.rows.fields} <= set(found)


def test_ogrinfo_sees_the_types_of_geojson_and_geopackage(files):
    for extension in ("geojson", "gpkg"):
        found = fields_of(ogrinfo(path_of(files, extension), "-so", "-al"))
        assert found["call_datetime"] == "DateTime"
        assert found["counts_as_event"] == "Integer(Boolean)"
        assert found["response_minutes"] == found["latitude"] == "Real"
        assert found["problem"] == "String"


def test_ogrinfo_sees_the_types_of_kml_and_shapefile(files, calls):
    found = fields_of(ogrinfo(path_of(files, "kml"), "-so", "-al"))
    assert (found["counts_as_event"], found["latitude"], found["problem"]) == ("Integer", "Real", "String")
    found = fields_of(ogrinfo(path_of(files, "shp.zip"), "-so", "-al"))
    assert {field.shapefile for field in calls.rows.fields} <= set(found)
    assert (found["LATITUDE"], found["RESP_MIN"], found["CALL_TIME"]) == ("Real", "Real", "String")


@pytest.mark.parametrize("extension", ["geojson", "shp.zip", "gpkg", "fgb"])
def test_each_point_belongs_to_its_row_and_the_order_is_time_then_key(files, extension):
    _, _, points, columns = pyogrio.raw.read(path_of(files, extension))
    keys = list(columns[0])
    assert keys == ROWS
    found = {key: shapely.from_wkb(point) for key, point in zip(keys, points, strict=True) if point is not None}
    assert {key: (point.x, point.y) for key, point in found.items() if not point.is_empty} == PLACED


def test_a_year_is_one_of_the_departments_days(files):
    kept = {}
    for year in (2023, 2024):
        with Path(path_of(files, "csv", year)).open(newline="", encoding="utf-8") as file:
            names = ("incident_number", "call_datetime", "utc_offset")
            kept[year] = [tuple(row[name] for name in names) for row in csv.DictReader(file)]
    assert kept[2023] == [
        ("A3", "2023-11-05 01:30:00", "-04:00"),
        ("A4", "2023-11-05 01:30:00", "-05:00"),
        ("A1", "2023-12-31 23:30:00", "-05:00"),
    ]
    assert [key for key, *_ in kept[2024]] == ["A2", "A5", "A6", "A7"]


@pytest.mark.parametrize("extension", ["csv", "geojson", "kml"])
def test_the_whole_is_the_years_in_a_row(files, extension):
    keys = []
    for year in (2023, 2024, None):
        _, _, _, columns = pyogrio.raw.read(path_of(files, extension, year), columns=["incident_number"])
        keys.append(list(columns[0]))
    assert keys[0] + keys[1] == keys[2] == ROWS


def test_the_shapefile_has_its_texts_in_utf_8_cut_at_the_formats_end(files):
    text = ogrinfo(path_of(files, "shp.zip"), "-al", "-q")
    assert "Señal ñandú 🚓" in text
    assert "x" * 300 not in text


def test_parquet_has_the_instants_and_the_points(files):
    found = pq.read_table(path_of(files, "parquet"))
    assert found["incident_number"].to_pylist() == ROWS
    assert found["closed_datetime"].to_pylist()[-1].isoformat() == "2024-06-01T12:41:07+00:00"
    assert found["utc_offset"].to_pylist() == ["-04:00", "-05:00", "-05:00", "-05:00", "-05:00", "-04:00", "-04:00"]
    assert sum(point is not None for point in found["geometry"].to_pylist()) == 3


def test_each_sidecar_has_its_files_size_and_checksum(files):
    import hashlib

    found = snapshot_store.files(files, "calls-for-service")
    assert len(found) == 8 * 3
    for one in found:
        (described,) = json.loads(one.sidecar.read_bytes())["resources"]
        own = "cpdi:" if one.extension == "shp.zip" else ""
        assert described[f"{own}bytes"] == one.size
        assert described[f"{own}hash"] == "sha256:" + hashlib.sha256(b"".join(one.blocks())).hexdigest()
        assert described["path"] == (
            f"{one.year}.{one.extension}" if one.year else f"calls-for-service.{one.extension}"
        )


def test_the_package_lists_every_file_by_its_url(files):
    package = json.loads((files / "calls-for-service" / "datapackage.json").read_bytes())
    paths = [one["path"] for one in package["resources"]]
    assert len(paths) == len(set(paths)) == 8 * 3
    assert paths[0] == "https://data.example/data/calls-for-service.csv"
    assert "https://data.example/data/calls-for-service/2023.shp.zip" in paths


def test_the_archives_are_data_packages(files):
    for extension in ("shp.zip", "kmz"):
        snapshot = snapshot_store.find(files, "calls-for-service", extension, 2024)
        with zipfile.ZipFile(snapshot.path) as archive:
            package = json.loads(archive.read("datapackage.json"))
            assert package["version"] == snapshot.version
            assert (
                "30-2-50" in archive.read("README.txt").decode()
                or "solicitation" in archive.read("README.txt").decode()
            )


def test_no_file_says_the_row_ids(files):
    for extension in GDAL:
        text = ogrinfo(path_of(files, extension), "-so", "-al")
        assert "_id" not in fields_of(text)
        assert "_geom" not in fields_of(text)

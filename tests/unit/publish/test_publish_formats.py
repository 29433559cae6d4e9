"""All formats alike: same rows, same names, whole or strung together, and valid where there are none."""

import gzip
import json
import sqlite3
import zipfile
from dataclasses import replace
from itertools import chain

import msgspec
import polars as pl
import pyarrow.parquet as pq
import pyogrio
import pytest

from ckanext.cpdi.publish.format import StreamFormat
from ckanext.cpdi.publish.formats import chosen, formats, offered
from ckanext.cpdi.publish.packed import Packed
from ckanext.cpdi.publish.rows.offset import with_offset

EXTENSIONS = list(formats())
DRIVERS = ["csv", "kml", "kmz", "geojson", "shp.zip", "gpkg", "fgb"]


def source(path):
    return f"/vsizip/{path}" if path.name.endswith(".zip") else str(path)


def count(path):
    if path.suffix == ".parquet":
        return pq.read_metadata(path).num_rows
    try:
        layers = pyogrio.list_layers(source(path))
    except pyogrio.errors.DataSourceError:
        pytest.skip(f"GDAL does not read {path.suffix}: hold it by a test of its own")
    return sum(
        pyogrio.read_info(source(path), layer=layer, force_feature_count=True)["features"] for layer, _ in layers
    )


def test_csv_comes_first_for_people():
    assert EXTENSIONS[0] == "csv"


def test_without_a_choice_every_format_is_made():
    assert list(chosen(())) == EXTENSIONS


def test_chosen_formats_stand_in_the_order_in_which_people_see_them():
    assert list(chosen(("parquet", "geojson", "csv"))) == ["csv", "geojson", "parquet"]


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("csv", "xls", "parquet"), f"no format 'xls'; there are {', '.join(EXTENSIONS)}"),
        (("geojson",), "csv and parquet must be among them"),
        (("csv", "kml"), "kml needs kmz"),
        (("csv", "kmz"), "parquet must be among them"),
    ],
)
def test_a_choice_that_cannot_be_made_is_refused_in_words(names, words):
    with pytest.raises(ValueError, match=words):
        chosen(names)


def test_a_table_without_points_has_the_formats_that_need_none(calls):
    bare = msgspec.structs.replace(
        calls.rows, fields=tuple(field for field in calls.rows.fields if not field.source.startswith("place."))
    )
    assert list(offered(calls.rows, ())) == EXTENSIONS
    assert list(offered(bare, ())) == ["csv", "parquet"]
    assert list(offered(bare, ("csv", "geojson", "parquet"))) == ["csv", "parquet"]
    assert [formats()["parquet"].title_of(table).en for table in (calls.rows, bare)] == ["GeoParquet", "Parquet"]


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_format_has_every_row_placed_or_not(part_of, tmp_path, extension):
    path = tmp_path / f"calls.{extension}"
    formats()[extension].write(part_of({"latitude": 32.78, "longitude": -79.93}, {}, {}, batch=2), path)
    assert count(path) == 3


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_every_format_is_valid_without_rows(part_of, tmp_path, extension):
    path = tmp_path / f"calls.{extension}"
    formats()[extension].write(part_of(), path)
    if extension == "parquet":
        assert count(path) == 0
    elif extension in ("kml", "kmz"):
        # GDAL takes a document without placemarks for no layer at all; it must still open.
        assert pyogrio.list_layers(source(path)).shape[0] <= 1
    else:
        assert count(path) == 0


@pytest.mark.parametrize("extension", [one for one, kind in formats().items() if isinstance(kind, StreamFormat)])
def test_years_strung_together_are_the_whole_byte_for_byte(part_of, tmp_path, extension):
    kind = formats()[extension]
    years = [part_of({"problem": f"in {year}"}, {"problem": "two"}, year=year) for year in (2022, 2023)]
    empty = part_of(year=2024)
    pieces = []
    for part in (years[0], empty, years[1]):
        path = tmp_path / f"{part.year}.{extension}"
        kind.make(part, path)
        pieces.append((part, path))
    whole = replace(years[0], year=None, rows=4, batches=lambda: chain.from_iterable(part.batches() for part in years))
    kind.join(whole, pieces, tmp_path / "joined")
    kind.write(whole, tmp_path / "written")
    assert b"".join(Packed.of(tmp_path / "joined").blocks()) == (tmp_path / "written").read_bytes()


def test_a_kmz_is_its_kml_whichever_way_it_is_made(part_of, tmp_path):
    part = part_of({"problem": "a & b"}, {})
    formats()["kml"].write(part, tmp_path / "a.kml")
    formats()["kml"].make(part, tmp_path / "a.kml.gz")
    formats()["kmz"].wrap(part, tmp_path / "a.kml.gz", tmp_path / "wrapped.kmz")
    formats()["kmz"].write(part, tmp_path / "written.kmz")
    for name in ("wrapped.kmz", "written.kmz"):
        with zipfile.ZipFile(tmp_path / name) as archive:
            assert archive.read("doc.kml") == (tmp_path / "a.kml").read_bytes()
            assert {"datapackage.json", "README.txt"} < set(archive.namelist())


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_a_table_of_days_has_no_offset(part_of, calls, tmp_path, extension):
    fields = tuple(
        msgspec.structs.replace(one, type="date") if one.type == "datetime" else one for one in calls.rows.fields
    )
    table = msgspec.structs.replace(calls.rows, fields=fields)
    frames = [one.with_columns(pl.col(pl.Datetime).dt.date()) for one in part_of({}, {}).batches()]
    dataset = msgspec.structs.replace(calls, table=table)
    part = replace(part_of({}, {}), dataset=dataset, batches=lambda: iter(frames))
    path = tmp_path / f"calls.{extension}"
    formats()[extension].write(part, path)
    assert formats()[extension].shape(table) == table
    assert count(path) == 2


def test_parquet_is_a_geoparquet(part_of, tmp_path):
    path = tmp_path / "calls.parquet"
    formats()["parquet"].write(part_of({"latitude": 32.78, "longitude": -79.93}, {}), path)
    file = pq.ParquetFile(path)
    geo = json.loads(file.metadata.metadata[b"geo"])
    assert geo["primary_column"] == "geometry"
    assert geo["columns"]["geometry"]["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    assert geo["columns"]["geometry"]["bbox"] == [-79.93, 32.78, -79.93, 32.78]
    points = file.read()["geometry"].to_pylist()
    assert points[1] is None
    assert len(points[0]) == 21


def test_a_geopackage_has_a_spatial_index_and_full_names(part_of, tmp_path, calls):
    path = tmp_path / "calls.gpkg"
    formats()["gpkg"].write(part_of({"latitude": 32.78, "longitude": -79.93, "counts_as_event": True}), path)
    with sqlite3.connect(path) as database:
        assert database.execute(
            "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"
        ).fetchone() == (1,)
    info = pyogrio.read_info(path)
    assert list(info["fields"]) == [field.name for field in with_offset(calls.rows).fields]
    assert dict(zip(info["fields"], info["ogr_subtypes"], strict=True))["counts_as_event"] == "OFSTBoolean"


@pytest.mark.parametrize("points", [0, 1, 60, 3000])
def test_the_index_of_a_geopackage_strung_together_finds_every_point(part_of, tmp_path, points):
    """Up to three levels of nodes; rows without a point, and a year without any, in between."""
    rows = [{"latitude": 30 + at % 61 / 10, "longitude": -80 + at % 97 / 10} for at in range(points)]
    years = [part_of(*rows, {}, year=2022), part_of({}, year=2023), part_of(year=2024), part_of({}, *rows, year=2025)]
    pieces = [(part, tmp_path / f"{part.year}.gpkg.gz") for part in years]
    kind = formats()["gpkg"]
    for part, path in pieces:
        kind.make(part, path)
    count = sum(part.rows for part in years)
    whole = replace(years[0], year=None, rows=count, batches=lambda: pytest.fail("the rows were read again"))
    kind.join(whole, pieces, tmp_path / "all.gpkg.gz")
    path = tmp_path / "all.gpkg"
    path.write_bytes(gzip.decompress((tmp_path / "all.gpkg.gz").read_bytes()))
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT rtreecheck('rtree_calls-for-service_geom')").fetchone() == ("ok",)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT feature_count FROM gpkg_ogr_contents").fetchone() == (count,)
        assert database.execute('SELECT count(*) FROM "rtree_calls-for-service_geom"').fetchone() == (2 * points,)
    named = ("SELECT type, name FROM sqlite_master ORDER BY 1, 2",)
    kind.write(replace(whole, batches=lambda: iter(())), tmp_path / "like.gpkg")
    with sqlite3.connect(path) as one, sqlite3.connect(tmp_path / "like.gpkg") as other:
        assert one.execute(*named).fetchall() == other.execute(*named).fetchall()
    inside = pyogrio.raw.read(path, bbox=(-78.05, 30.95, -77.95, 31.15), columns=["latitude", "longitude"])[3]
    wanted = [row for row in rows if -78.05 <= row["longitude"] <= -77.95 and 30.95 <= row["latitude"] <= 31.15]
    assert len(inside[0]) == 2 * len(wanted)


def test_a_parquet_strung_together_has_the_rows_and_the_extent_of_its_years(part_of, tmp_path):
    years = [part_of({"latitude": 32.5, "longitude": -79.5}, {}, year=2022), part_of({}, year=2023)]
    pieces = [(part, tmp_path / f"{part.year}.parquet") for part in years]
    kind = formats()["parquet"]
    for part, path in pieces:
        kind.make(part, path)
    whole = replace(years[0], year=None, rows=3, batches=lambda: chain.from_iterable(one.batches() for one in years))
    kind.join(whole, pieces, tmp_path / "joined.parquet")
    kind.write(whole, tmp_path / "written.parquet")
    joined, written = (pq.read_table(tmp_path / f"{name}.parquet") for name in ("joined", "written"))
    assert joined.equals(written, check_metadata=True)

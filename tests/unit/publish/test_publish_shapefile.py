"""Shapefile: widths that fit, layers below the format's end, and a key to the short names."""

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pyogrio
import pytest

from ckanext.cpdi.publish.formats.shapefile import Shapefile, plan
from ckanext.cpdi.publish.gis import layers


def write(part, folder, limit=Shapefile.limit):
    kind = Shapefile()
    kind.limit = limit
    path = folder / "out.shp.zip"
    kind.write(part, path)
    return path


def read(path, layer):
    _, _, _, columns = pyogrio.raw.read(f"/vsizip/{path}", layer=layer, force_2d=True)
    names = pyogrio.read_info(f"/vsizip/{path}", layer=layer)["fields"]
    return dict(zip(names, columns, strict=True))


def test_one_layer_where_all_rows_fit():
    assert plan("calls", {2023: 5, 2024: 5}, 10) == [("calls", 10)]


def test_a_layer_a_year_where_they_do_not():
    assert plan("calls", {2023: 5, 2024: 6, None: 1}, 10) == [
        ("calls_2023", 5),
        ("calls_2024", 6),
        ("calls_undated", 1),
    ]


def test_a_year_that_does_not_fit_is_cut():
    assert plan("calls", {2023: 25}, 10) == [("calls_2023_1", 10), ("calls_2023_2", 10), ("calls_2023_3", 5)]


def test_layers_hold_every_row_once_and_in_order(part_of, tmp_path):
    days = ["2022-12-31 23:00", "2023-01-01 06:00", "2023-06-01 12:00", "2024-06-01 12:00"]
    rows = [{"call_datetime": instant(day), "incident_number": f"N{at}"} for at, day in enumerate(days)]
    path = write(part_of(*rows, batch=3), tmp_path, limit=400)
    layers = [name for name, _ in pyogrio.list_layers(f"/vsizip/{path}")]
    assert layers == ["calls-for-service_2022", "calls-for-service_2023", "calls-for-service_2024"]
    assert [list(read(path, one)["INCIDENT"]) for one in layers] == [["N0"], ["N1", "N2"], ["N3"]]


def test_texts_are_utf_8_and_cut_between_characters(part_of, tmp_path):
    path = write(part_of({"problem": "ñ" * 200, "block_address": "Calle 8 · ñandú"}), tmp_path)
    found = read(path, "calls-for-service")
    assert found["PROBLEM"][0] == "ñ" * 127
    assert found["BLOCK"][0] == "Calle 8 · ñandú"


@pytest.mark.parametrize("value", [-79.9312345, 0.1, 1e-7, 123456789.125, 0.0, 5.0])
def test_numbers_come_out_as_they_went_in(part_of, tmp_path, value):
    path = write(part_of({"response_minutes": value}, {"response_minutes": None}), tmp_path)
    found = read(path, "calls-for-service")["RESP_MIN"]
    assert found[0] == value
    assert found[1] != found[1]


def test_a_number_without_any_value_is_no_integer(part_of, tmp_path):
    path = write(part_of({"response_minutes": None}), tmp_path)
    info = pyogrio.read_info(f"/vsizip/{path}", layer="calls-for-service")
    types = dict(zip(info["fields"], info["dtypes"], strict=True))
    assert types["RESP_MIN"] == "float64"


def test_an_empty_table_is_a_layer_with_its_fields(part_of, tmp_path, calls):
    path = write(part_of(), tmp_path)
    info = pyogrio.read_info(f"/vsizip/{path}")
    assert info["features"] == 0
    assert list(info["fields"]) == [field.shapefile for field in Shapefile().shape(calls.rows).fields]


def test_the_archive_describes_itself(part_of, tmp_path, calls):
    path = write(part_of({}), tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        key = list(csv.DictReader(io.StringIO(archive.read("fields.csv").decode())))
        package = json.loads(archive.read("datapackage.json"))
        text = archive.read("README.txt").decode()
        names = set(archive.namelist())
    assert [(one["short_name"], one["name"]) for one in key] == [
        (one.shapefile, one.name) for one in Shapefile().shape(calls.rows).fields
    ]
    assert {one["path"] for one in package["resources"]} == names - {"datapackage.json", "README.txt"}
    assert "No commercial solicitation." in text
    assert "20261124-7" in text


def test_the_same_rows_give_the_same_bytes(part_of, tmp_path):
    first = write(part_of({"problem": "a"}), tmp_path).read_bytes()
    assert write(part_of({"problem": "a"}), tmp_path).read_bytes() == first


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"problem": "longer than anywhere else", "latitude": -2.5, "longitude": -179.9, "response_minutes": 1234.5},
        {"latitude": 32.7812345, "longitude": -79.9},
    ],
    ids=["alike", "wider", "other decimals"],
)
def test_years_strung_together_are_the_layer_of_all_rows_byte_for_byte(part_of, tmp_path, monkeypatch, more):
    monkeypatch.setattr(layers, "ROWS", 2)
    rows = [
        {"latitude": 32.5, "longitude": -79.5, "problem": "ñ"},
        {"response_minutes": 2.5},
        {"counts_as_event": True},
    ]
    years = [part_of(*rows, year=2023), part_of({}, *rows, {"latitude": 32.5, "longitude": -79.5} | more, year=2024)]
    pieces = [(part, tmp_path / f"{part.year}.shp.zip") for part in years]
    for part, path in pieces:
        Shapefile().write(part, path)
    batches = [one for part in years for one in part.batches()]
    whole = replace(years[0], year=None, rows=8, batches=lambda: iter(batches))
    Shapefile().write(whole, tmp_path / "written.zip")
    Shapefile().join(whole, pieces, tmp_path / "joined.zip")
    assert (tmp_path / "joined.zip").read_bytes() == (tmp_path / "written.zip").read_bytes()
    assert not [one for one in tmp_path.iterdir() if one.suffix != ".zip"]


def test_years_that_fit_one_layer_are_not_written_again(part_of, tmp_path):
    years = [part_of({"latitude": 32.5, "longitude": -79.5}, {}, year=year) for year in (2023, 2024)]
    pieces = [(part, tmp_path / f"{part.year}.shp.zip") for part in years]
    for part, path in pieces:
        Shapefile().write(part, path)
    unread = replace(years[0], year=None, rows=4, batches=lambda: pytest.fail("the rows were read"))
    Shapefile().join(unread, pieces, tmp_path / "joined.zip")
    assert pyogrio.read_info(f"/vsizip/{tmp_path / 'joined.zip'}")["features"] == 4

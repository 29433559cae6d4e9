"""KML: well-formed whatever the rows hold, no finer in time than the rows say, and no larger than a globe opens."""

import gzip
import hashlib
import json
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pyogrio
import pytest

from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.formats.kml import Kml
from ckanext.cpdi.publish.formats.kmz import Kmz

KML = "{http://www.opengis.net/kml/2.2}"


def read(part):
    return ElementTree.fromstring(b"".join(Kml().stream(part)))


def values(placemark):
    return {one.get("name"): one.text for one in placemark.iter(f"{KML}SimpleData")}


def test_an_empty_table_is_a_document_with_its_fields(part_of, calls):
    root = read(part_of())
    assert [one.get("name") for one in root.iter(f"{KML}SimpleField")] == [field.name for field in calls.rows.fields]
    assert not list(root.iter(f"{KML}Placemark"))


def test_the_notice_of_the_law_stands_in_the_document(part_of):
    assert "No commercial solicitation." in read(part_of()).find(f"{KML}Document/{KML}description").text


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "]]> & &amp; \"'", "Señor 🚓", "two\nlines"])
def test_hostile_text_comes_out_as_it_went_in(part_of, text):
    (placemark,) = read(part_of({"problem": text})).iter(f"{KML}Placemark")
    assert values(placemark)["problem"] == text
    assert placemark.find(f"{KML}name").text == text


def test_characters_that_xml_cannot_hold_are_left_out(part_of):
    (placemark,) = read(part_of({"problem": "a\x00b\x1bc\ufffed"})).iter(f"{KML}Placemark")
    assert values(placemark)["problem"] == "abcd"


def test_null_is_left_out_and_booleans_are_digits(part_of):
    (placemark,) = read(part_of({"counts_as_event": True, "call_category": "Traffic"})).iter(f"{KML}Placemark")
    assert values(placemark) == {
        "incident_number": "N0",
        "call_datetime": "2024-05-01T08:00:00-04:00",
        "counts_as_event": "1",
        "call_category": "Traffic",
    }


@pytest.mark.parametrize(
    ("precision", "when"),
    [
        ("minute", "2024-05-01T08:00:00-04:00"),
        ("hour", "2024-05-01T08:00:00-04:00"),
        ("date", "2024-05-01"),
        ("month", "2024-05"),
        (None, "2024-05-01T08:00:00-04:00"),
    ],
)
def test_a_time_stamp_is_no_finer_than_the_row(part_of, precision, when):
    (placemark,) = read(part_of({"time_precision": precision})).iter(f"{KML}Placemark")
    assert placemark.find(f"{KML}TimeStamp/{KML}when").text == when


def test_only_rows_with_a_place_have_a_point(part_of):
    placed, placeless = read(part_of({"latitude": 32.78, "longitude": -79.93}, {})).iter(f"{KML}Placemark")
    assert placed.find(f"{KML}Point/{KML}coordinates").text == "-79.93,32.78"
    assert placeless.find(f"{KML}Point") is None


def test_a_row_without_a_problem_is_called_by_its_category_or_its_key(part_of):
    grouped, bare = read(part_of({"call_category": "Domestic"}, {})).iter(f"{KML}Placemark")
    assert grouped.find(f"{KML}name").text == "Domestic"
    assert bare.find(f"{KML}name").text == "N1"


@pytest.fixture
def years(part_of, tmp_path):
    """Makes files of two years in the format ``extension``; gives the whole and its pieces."""

    def made(extension):
        parts = [
            part_of({"problem": f"<{year}>"}, {"latitude": 32.78, "longitude": -79.93}, year=year)
            for year in (2023, 2024)
        ]
        pieces = [(part, tmp_path / f"{part.year}.{extension}") for part in parts]
        for part, path in pieces:
            formats()[extension].make(part, path)
        whole = replace(parts[0], year=None, rows=4, batches=lambda: (one for part in parts for one in part.batches()))
        return whole, pieces

    return made


@pytest.fixture
def small(monkeypatch):
    """As if every table were too large for one document."""
    monkeypatch.setattr(Kml, "limit", 100)


def test_a_large_table_leads_to_the_kmz_of_each_year(years, small, tmp_path):
    whole, pieces = years("kml")
    path = tmp_path / "whole.kml"
    Kml().join(whole, pieces, path)
    document = ElementTree.fromstring(gzip.decompress(path.read_bytes())).find(f"{KML}Document")
    links = document.findall(f"{KML}NetworkLink")
    assert [one.find(f"{KML}Link/{KML}href").text for one in links] == [
        f"https://data.example/data/calls-for-service/{year}.kmz" for year in (2023, 2024)
    ]
    assert [one.find(f"{KML}visibility").text for one in links] == ["0", "0"]
    assert "No commercial solicitation." in document.find(f"{KML}description").text
    assert not list(document.iter(f"{KML}Placemark"))


def test_the_kmz_of_a_large_table_has_the_years_as_they_lie(years, small, tmp_path):
    whole, pieces = years("kmz")
    path = tmp_path / "whole.kmz"
    Kmz().join(whole, pieces, path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["doc.kml", "2023.kml", "2024.kml", "datapackage.json", "README.txt"]
        links = ElementTree.fromstring(archive.read("doc.kml")).iter(f"{KML}href")
        assert [one.text for one in links] == ["2023.kml", "2024.kml"]
        listed = {one["path"]: one for one in json.loads(archive.read("datapackage.json"))["resources"]}
        for part, source in pieces:
            content = archive.read(f"{part.year}.kml")
            assert content == zipfile.ZipFile(source).read("doc.kml") == b"".join(Kml().stream(part))
            described = listed[f"{part.year}.kml"]
            assert described["bytes"] == len(content)
            assert described["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    layers = [layer for layer, _ in pyogrio.list_layers(path)]
    assert sum(pyogrio.read_info(path, layer=one, force_feature_count=True)["features"] for one in layers) == 4


def test_the_kmz_of_a_small_table_is_one_document_the_same_however_it_is_made(years, tmp_path):
    whole, pieces = years("kmz")
    Kmz().join(whole, pieces, tmp_path / "joined.kmz")
    Kmz().write(whole, tmp_path / "written.kmz")
    joined, written = (zipfile.ZipFile(tmp_path / f"{name}.kmz") for name in ("joined", "written"))
    assert joined.namelist() == written.namelist()
    assert joined.read("doc.kml") == written.read("doc.kml") == b"".join(Kml().stream(whole))
    assert joined.read("datapackage.json") == written.read("datapackage.json")


def test_a_piece_that_ends_early_is_an_error(years, small, tmp_path):
    whole, pieces = years("kmz")
    _, cut = pieces[0]
    with zipfile.ZipFile(cut) as archive:
        entry = archive.getinfo("doc.kml")
    content = bytearray(cut.read_bytes())
    place = content.find(b"PK\x01\x02") + 20  # what the directory says of the compressed size
    content[place : place + 4] = (entry.compress_size + len(content)).to_bytes(4, "little")
    cut.write_bytes(content)
    with pytest.raises(OSError, match="ended early"):
        Kmz().join(whole, pieces, tmp_path / "whole.kmz")

"""``/data`` as clients use it: versions, ranges, caches, and what is said instead of a file."""

from __future__ import annotations

import gzip
import json
import shutil
from datetime import UTC, datetime
from email.utils import format_datetime
from types import SimpleNamespace

import ckan.plugins.toolkit as tk
import pytest
from helpers.demo import set_up
from helpers.files import NAME, RECIPE, URL, get, publish


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture
def served(request, with_plugins, app, ckan_config, monkeypatch, folder):
    """A portal with files, made by the first test: none of this module changes anything."""
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.files_path", str(folder))
    if not any(folder.iterdir()):
        request.getfixturevalue("whole_db")
        set_up()
        publish("20261124-7")
    return app


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("kml", "application/vnd.google-earth.kml+xml"),
        ("kmz", "application/vnd.google-earth.kmz"),
        ("geojson", "application/geo+json"),
        ("shp.zip", "application/zip"),
        ("gpkg", "application/geopackage+sqlite3"),
        ("fgb", "application/vnd.flatgeobuf"),
        ("parquet", "application/vnd.apache.parquet"),
    ],
)
def test_each_file_has_its_type_its_name_and_a_link_to_its_description(served, extension, media_type):
    response = get(served, f"{URL}/2024.{extension}")
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f"attachment; filename={NAME}-2024_20261124-7.{extension}"
    assert response.headers["ETag"] == f'"2024-20261124-7-{RECIPE}-{extension}"'
    described = f"{tk.config['ckan.site_url']}{URL}/2024.{extension}.datapackage.json"
    assert response.headers["Link"] == f'<{described}>; rel="describedby"; type="application/json"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert len(response.bytes) == int(response.headers["Content-Length"])


def test_public_files_may_be_kept_for_a_minute_by_everybody_and_carry_no_cookie(served):
    response = get(served, f"{URL}.csv")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert "Vary" not in get(served, f"{URL}.parquet").headers
    assert "Set-Cookie" not in response.headers
    assert not [name for name, _ in response.headers if name.startswith("X-Cpdi")]


def test_who_takes_gzip_gets_the_file_as_it_lies_with_an_etag_of_its_own(served):
    plain, packed = get(served, f"{URL}.csv"), get(served, f"{URL}.csv", Accept_Encoding="gzip, deflate, br")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.bytes) == plain.bytes
    assert int(packed.headers["Content-Length"]) == len(packed.bytes)
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    assert "Content-Encoding" not in plain.headers
    for name in ("Content-Type", "Content-Disposition", "Last-Modified", "Link", "Vary"):
        assert packed.headers[name] == plain.headers[name]
    get(served, f"{URL}.csv", status=304, Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"])
    get(served, f"{URL}.csv", status=200, Accept_Encoding="gzip", If_None_Match=plain.headers["ETag"])


def test_neither_head_nor_a_client_that_has_the_file_unpacks_it(served, folder):
    for copy in (folder / NAME).glob(".*.csv"):
        copy.unlink()
    head = served.client.head(f"{URL}.csv")
    get(served, f"{URL}.csv", status=304, If_None_Match=head.headers["ETag"])
    get(served, f"{URL}.csv", status=412, If_Match='"another"')
    assert not list((folder / NAME).glob(".*.csv"))
    assert len(get(served, f"{URL}.csv").bytes) == int(head.headers["Content-Length"])
    assert len(list((folder / NAME).glob(".*.csv"))) == 1


def test_where_no_copy_can_be_written_the_file_is_unpacked_while_it_is_sent(served, folder, monkeypatch):
    whole = get(served, f"{URL}.csv")
    for copy in (folder / NAME).glob(".*.csv"):
        copy.unlink()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    streamed = get(served, f"{URL}.csv")
    assert streamed.bytes == whole.bytes
    for name in ("Content-Length", "ETag", "Last-Modified", "Content-Type", "Content-Disposition", "Vary"):
        assert streamed.headers[name] == whole.headers[name]
    assert get(served, f"{URL}.csv", Range="bytes=0-4").bytes == whole.bytes


def test_head_says_what_get_says_without_the_file(served):
    got, head = get(served, f"{URL}.csv"), served.client.head(f"{URL}.csv")
    assert head.data == b""
    for name in ("ETag", "Last-Modified", "Content-Length", "Content-Type", "Content-Disposition"):
        assert head.headers[name] == got.headers[name]


def test_a_client_that_has_the_version_is_told_so(served):
    first = get(served, f"{URL}.csv")
    same = get(served, f"{URL}.csv", status=304, If_None_Match=first.headers["ETag"])
    assert same.bytes == b""
    assert same.headers["ETag"] == first.headers["ETag"]
    get(served, f"{URL}.csv", status=304, If_Modified_Since=first.headers["Last-Modified"])
    get(served, f"{URL}.csv", status=304, If_None_Match=f'"older", {first.headers["ETag"]}')
    before = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
    get(served, f"{URL}.csv", If_Modified_Since=before)
    get(served, f"{URL}.csv", If_None_Match='"older"', If_Modified_Since=first.headers["Last-Modified"])


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None)]
)
def test_parts_of_a_file_can_be_fetched(served, wanted, start, end):
    whole = get(served, f"{URL}.csv").bytes
    part = get(served, f"{URL}.csv", status=206, Range=wanted)
    assert part.bytes == whole[start:end]
    assert part.headers["Content-Range"].endswith(f"/{len(whole)}")


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=0-9,20-29"},
        {"Range": "items=0-5"},
        {"Range": "bytes=9-5"},
        {"Range": "bytes=0-9", "If-Range": 'W/"{etag}"'},
        {"Range": "bytes=0-9", "If-Range": '"another"'},
        {"Range": "bytes=0-9", "If-Range": "Tue, 24 Nov 2020 03:00:00 GMT"},
        {"Range": "bytes=99999999-", "If-Range": '"another"'},
    ],
)
def test_a_part_that_is_not_to_be_had_is_answered_with_all(served, headers):
    whole = get(served, f"{URL}.csv")
    asked = {name: value.replace("{etag}", whole.headers["ETag"].strip('"')) for name, value in headers.items()}
    response = served.get(f"{URL}.csv", headers=asked, status=200)
    assert response.get_data() == whole.bytes
    assert "Content-Range" not in response.headers


def test_a_part_of_the_file_that_a_client_began_with_can_be_fetched(served):
    whole = get(served, f"{URL}.csv")
    for condition in (whole.headers["ETag"], whole.headers["Last-Modified"]):
        response = served.get(f"{URL}.csv", headers={"Range": "bytes=5-9", "If-Range": condition}, status=206)
        assert response.get_data() == whole.bytes[5:10]


def test_the_last_no_bytes_are_refused_with_the_size_unless_the_client_has_the_file(served):
    whole = get(served, f"{URL}.csv")
    response = get(served, f"{URL}.csv", status=416, Range="bytes=-0")
    assert response.headers["Content-Range"] == f"bytes */{len(whole.bytes)}"
    get(served, f"{URL}.csv", status=304, Range="bytes=-0", If_None_Match=whole.headers["ETag"])


def test_head_has_no_parts(served):
    head = served.client.head(f"{URL}.csv", headers={"Range": "bytes=0-9"})
    assert head.status_code == 200
    assert int(head.headers["Content-Length"]) == len(get(served, f"{URL}.csv").bytes)


@pytest.mark.parametrize("known", ["*", "W/{etag}", '"a", W/{etag}, "b"'])
def test_any_way_to_name_the_version_is_understood(served, known):
    etag = get(served, f"{URL}.csv").headers["ETag"]
    get(served, f"{URL}.csv", status=304, If_None_Match=known.replace("{etag}", etag))


def test_a_condition_on_another_version_is_not_met(served):
    etag = get(served, f"{URL}.csv").headers["ETag"]
    get(served, f"{URL}.csv", status=412, If_Match='"another"')
    get(served, f"{URL}.csv", status=200, If_Match=etag)


def test_a_part_beyond_the_end_is_refused_with_the_size(served):
    size = get(served, f"{URL}.csv").headers["Content-Length"]
    response = get(served, f"{URL}.csv", status=416, Range="bytes=99999999-")
    assert response.headers["Content-Range"] == f"bytes */{size}"
    assert response.headers["Content-Type"].startswith("text/plain")


def test_sidecars_and_the_package_of_all_files_are_served(served):
    one = json.loads(get(served, f"{URL}/2024.csv.datapackage.json").body)
    assert one["resources"][0]["path"] == "2024.csv"
    every = json.loads(get(served, f"{URL}/datapackage.json").body)
    assert len(every["resources"]) == 16
    for resource in every["resources"]:
        path = resource["path"].removeprefix(tk.config["ckan.site_url"])
        assert int(served.client.head(path).headers["Content-Length"]) == resource.get(
            "bytes", resource.get("cpdi:bytes")
        )


def test_the_spanish_pages_addresses_serve_the_same_files(served):
    assert get(served, f"/es{URL}.csv").bytes == get(served, f"{URL}.csv").bytes


def test_the_word_all_is_the_whole_table(served):
    assert get(served, f"{URL}/all.csv").bytes == get(served, f"{URL}.csv").bytes


@pytest.mark.parametrize(
    "asked",
    ["fbclid=x", "utm_source=mail&utm_medium=a", "_=1700000000", "gclid=1", "v=2", "?", "=", "%00=1"],
)
@pytest.mark.parametrize("path", [f"{URL}.csv", f"{URL}/2024.csv", f"{URL}.csv.datapackage.json"])
def test_what_does_not_concern_the_file_is_left_unheeded(served, path, asked):
    assert get(served, f"{path}?{asked}").bytes == get(served, path).bytes


@pytest.mark.parametrize(
    "asked",
    ["filters[team]=x", "where=1%3D1", "fields=team", "resultOffset=5", "since=2026", "team=Team+1&where=1%3D1"],
)  # fmt: skip
def test_what_chooses_rows_in_another_grammar_is_refused_with_the_address_of_all(served, asked):
    response = get(served, f"{URL}.csv?{asked}", status=400)
    assert response.body.endswith(f"{tk.config['ckan.site_url']}{URL}.csv\n")
    assert "N0000" not in response.body


@pytest.mark.parametrize("path", [f"{URL}.exe", f"{URL}/1999.csv", f"{URL}/1999.csv.datapackage.json"])
def test_a_file_that_is_not_there_is_answered_with_those_that_are(served, path):
    response = get(served, path, status=404)
    assert response.headers["Content-Type"].startswith("text/plain")
    assert f"{URL}.csv\n" in response.body
    assert f"{URL}/2024.shp.zip\n" in response.body
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "path", ["/data/nothing.csv", "/data/", "/data/x/y/z", f"{URL}/../../etc/passwd", "/data/compstat-reports.csv"]
)
def test_a_dataset_that_is_not_there_is_answered_with_those_that_are(served, path):
    response = get(served, path, status=404, Accept="application/json")
    assert f"{tk.config['ckan.site_url']}{URL}/datapackage.json" in json.loads(response.body)["addresses"]


def test_a_script_of_another_site_may_ask_for_parts(served):
    response = served.options(
        f"{URL}.csv", headers={"Origin": "https://other.example", "Access-Control-Request-Method": "GET"}
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Range" in response.headers["Access-Control-Allow-Headers"]
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_nothing_can_be_written(served):
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert served.client.open(f"{URL}.csv", method=method).status_code == 405

"""``/data`` as clients use it: versions, ranges, caches, who may read, and what is said instead of a file."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

import ckan.plugins.toolkit as tk
import polars as pl
import pytest
from ckan import model
from ckan.tests import factories

from ckanext.cpdi import config
from ckanext.cpdi.publish import shelf
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.part import Part, schema
from ckanext.cpdi.publish.put import put_away, put_package, put_snapshot
from ckanext.cpdi.services import access

NAME = "calls-for-service"
URL = f"/data/{NAME}"
RECIPE = "0123456789ab"


def publish(version, rows=20):
    """Put files of a whole table and of 2024 on the shelf, as a build does."""
    dataset, folder = config.library().dataset(NAME), config.files_path()
    profile = config.profile()
    noon = datetime(2024, 5, 1, 16, 0, tzinfo=UTC)
    frame = pl.DataFrame(
        [{"incident_number": f"N{at:04}", "call_datetime": noon, "problem": "Señal"} for at in range(rows)],
        schema_overrides={"call_datetime": pl.Datetime("us", "UTC")},
    ).with_columns(pl.col("call_datetime").dt.convert_time_zone(profile.time_zone))
    columns = schema(dataset.rows, profile.time_zone)
    missing = [pl.lit(None, kind).alias(name) for name, kind in columns.items() if name not in frame.columns]
    frame = frame.with_columns(missing).select(list(columns))
    home = folder / NAME
    home.mkdir(exist_ok=True)
    wanted = set()
    for year in (None, 2024):
        part = Part(dataset, profile, config.site(), version, datetime.now(UTC), year, rows, lambda: iter([frame]))
        for extension, kind in formats().items():
            made, target = home / f".made.{extension}", home / shelf.file_name(year, version, RECIPE, extension)
            kind.write(part, made)
            put_snapshot(part, kind, made, target)
            wanted.add(target)
    put_away(folder, NAME, wanted)
    put_package(folder, part)


@pytest.fixture
def served(portal, app):
    publish("20261124-7")
    return app


def get(app, path, status=200, **headers):
    return app.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()}, status=status)


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("kml", "application/vnd.google-earth.kml+xml"),
        ("kmz", "application/vnd.google-earth.kmz"),
        ("geojson", "application/geo+json"),
        ("shp.zip", "application/zip"),
        ("gpkg", "application/geopackage+sqlite3"),
        ("parquet", "application/vnd.apache.parquet"),
    ],
)
def test_each_file_has_its_type_its_name_and_a_link_to_its_description(served, extension, media_type):
    response = get(served, f"{URL}/2024.{extension}")
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f"attachment; filename={NAME}-2024_20261124-7.{extension}"
    assert response.headers["ETag"] == f'"20261124-7-{RECIPE}-{extension}"'
    described = f"{tk.config['ckan.site_url']}{URL}/2024.{extension}.datapackage.json"
    assert response.headers["Link"] == f'<{described}>; rel="describedby"; type="application/json"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Accept-Ranges"] == "bytes"
    assert len(response.bytes) == int(response.headers["Content-Length"])


def test_public_files_may_be_kept_for_a_minute_by_everybody_and_carry_no_cookie(served):
    response = get(served, f"{URL}.csv")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert "Vary" not in response.headers
    assert "Set-Cookie" not in response.headers
    assert not [name for name, _ in response.headers if name.startswith("X-Cpdi")]


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


def test_a_new_version_has_another_etag_and_no_earlier_date(served):
    first = get(served, f"{URL}.csv")
    publish("20261125-8", rows=3)
    second = get(served, f"{URL}.csv", If_None_Match=first.headers["ETag"])
    assert second.headers["ETag"] != first.headers["ETag"]
    dates = [parsedate_to_datetime(one.headers["Last-Modified"]) for one in (first, second)]
    assert dates == sorted(dates)
    assert second.body.count("\n") == 4
    assert "_20261125-8.csv" in second.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("wanted", "start", "end"), [("bytes=0-9", 0, 10), ("bytes=5-", 5, None), ("bytes=-7", -7, None)]
)
def test_parts_of_a_file_can_be_fetched(served, wanted, start, end):
    whole = get(served, f"{URL}.csv").bytes
    part = get(served, f"{URL}.csv", status=206, Range=wanted)
    assert part.bytes == whole[start:end]
    assert part.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_part_of_another_version_is_never_mixed_in(served):
    etag = get(served, f"{URL}.csv").headers["ETag"]
    get(served, f"{URL}.csv", status=206, Range="bytes=0-9", If_Range=etag)
    publish("20261125-8")
    whole = get(served, f"{URL}.csv", status=200, Range="bytes=0-9", If_Range=etag)
    assert len(whole.bytes) > 10


def test_a_part_beyond_the_end_is_refused_with_the_size(served):
    size = get(served, f"{URL}.csv").headers["Content-Length"]
    response = get(served, f"{URL}.csv", status=416, Range="bytes=99999999-")
    assert response.headers["Content-Range"] == f"bytes */{size}"
    assert response.headers["Content-Type"].startswith("text/plain")


def test_sidecars_and_the_package_of_all_files_are_served(served):
    one = json.loads(get(served, f"{URL}/2024.csv.datapackage.json").body)
    assert one["resources"][0]["path"] == "2024.csv"
    every = json.loads(get(served, f"{URL}/datapackage.json").body)
    assert len(every["resources"]) == 14
    for resource in every["resources"]:
        path = resource["path"].removeprefix(tk.config["ckan.site_url"])
        assert int(served.client.head(path).headers["Content-Length"]) == resource["bytes"]


def test_the_spanish_pages_addresses_serve_the_same_files(served):
    assert get(served, f"/es{URL}.csv").bytes == get(served, f"{URL}.csv").bytes


def test_the_word_all_is_the_whole_table(served):
    assert get(served, f"{URL}/all.csv").bytes == get(served, f"{URL}.csv").bytes


def test_what_is_asked_of_the_rows_is_refused_rather_than_left_out(served):
    response = get(served, f"{URL}.csv?team=Team+1", status=400)
    assert f"{tk.config['ckan.site_url']}{URL}.csv" in response.body
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


def test_a_table_that_is_not_built_yet_says_when_to_ask_again(portal, app):
    for path in (f"{URL}.csv", f"{URL}/2024.csv", f"{URL}/datapackage.json"):
        response = get(app, path, status=503)
        assert int(response.headers["Retry-After"]) > 0
        assert "not been built yet" in response.body


def hide(private=True):
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": NAME, "private": private}
    )
    access.forget()


def test_a_private_dataset_looks_like_one_that_never_was(served):
    hide()
    never = get(served, "/data/nothing.csv", status=404)
    for path in (
        f"{URL}.csv",
        f"{URL}/2024.kml",
        f"{URL}.csv.datapackage.json",
        f"{URL}/datapackage.json",
        f"{URL}.csv?x=1",
    ):
        response = get(served, path, status=404)
        assert response.body == never.body
        assert NAME not in response.body


def test_a_private_dataset_is_served_to_its_staff_and_kept_by_no_cache(served, editor, stranger):
    hide()
    response = served.get(f"{URL}.csv", headers=editor["headers"])
    assert response.headers["Cache-Control"] == "private, no-store"
    served.get(f"{URL}.csv", headers=stranger["headers"], status=404)
    get(served, f"{URL}.csv", status=404)


def test_a_dataset_made_private_is_gone_within_a_minute(served, monkeypatch):
    get(served, f"{URL}.csv")
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": NAME, "private": True}
    )
    now = access.time.monotonic()
    monkeypatch.setattr(access.time, "monotonic", lambda: now + access.SECONDS + 1)
    get(served, f"{URL}.csv", status=404)


def test_a_deleted_dataset_is_served_to_nobody(served, sysadmin):
    model.Package.get(NAME).state = "deleted"  # which CKAN's form and API refuse to do
    model.repo.commit()
    access.forget()
    get(served, f"{URL}.csv", status=404)
    served.get(f"{URL}.csv", headers=sysadmin["headers"], status=404)


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

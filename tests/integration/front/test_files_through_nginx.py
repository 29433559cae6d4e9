"""Files as nginx sends them: in every part what Python would say and send itself."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from helpers.files import URL
from helpers.front import joined
from helpers.reports import WEEKLY

OF_THE_CONNECTION = {"date", "server", "connection", "transfer-encoding", "accept-ranges"}
"""nginx says Accept-Ranges of a whole file alone."""
REPORT = f"/reports/{WEEKLY}/2024-03-24"
LONG_AGO = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
LATER = format_datetime(datetime(2035, 1, 1, tzinfo=UTC), usegmt=True)


def by_python(app, path, method="GET", **headers):
    """The same from Python alone, as (status, headers, body)."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    got = app.client.open(path, method=method, headers=sent)
    return got.status_code, joined(list(got.headers)), got.data


def same(front, app, path, method="GET", **headers):
    """Ask both; return nginx's answer when they are equal."""
    answer = front.ask(path, method, **headers)
    status, said, body = by_python(app, path, method, **headers)
    assert answer.status == status
    assert {name: value for name, value in answer.headers.items() if name not in OF_THE_CONNECTION} == {
        name: value for name, value in said.items() if name not in OF_THE_CONNECTION
    }
    assert answer.body == body
    return answer


@pytest.mark.parametrize("extension", ["csv", "kml", "kmz", "geojson", "shp.zip", "gpkg", "fgb", "parquet"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_each_file_and_what_is_said_of_it(front, app, extension, method):
    answer = same(front, app, f"{URL}.{extension}", method)
    assert answer.status == 200
    assert answer.headers["accept-ranges"] == "bytes"
    assert "x-accel-redirect" not in answer.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{URL}.csv.datapackage.json", 200),
        (f"{URL}/datapackage.json", 200),
        (f"/es{URL}.csv", 200),
        (f"{URL}/completeness.csv", 200),
        (f"{URL}/1999.csv", 404),
        ("/data/no-such.csv", 404),
        (f"{URL}.csv?offset=1", 400),
        ("/data/electronic-citations.csv", 404),  # no run has published rows
    ],
)
def test_what_else_is_said_at_these_addresses(front, app, path, status):
    assert same(front, app, path).status == status


@pytest.mark.parametrize("path", [f"{REPORT}.pdf", f"{REPORT}/1.pdf", f"{REPORT}.webp", f"/reports/{WEEKLY}/2024.zip"])
def test_reports_and_years_of_them(front, app, path):
    assert same(front, app, path).status == 200
    assert same(front, app, path, "HEAD").status == 200


def test_a_part_of_a_report(front, app):
    answer = same(front, app, f"{REPORT}.pdf", Range="bytes=0-7")
    assert (answer.status, answer.body) == (206, b"%PDF-1.4")


@pytest.mark.parametrize("wanted", ["bytes=0-9", "bytes=5-", "bytes=-7", "bytes=0-0", "bytes=100-99999999999"])
def test_a_part_of_a_file(front, app, wanted):
    answer, whole = same(front, app, f"{URL}.csv", Range=wanted), by_python(app, f"{URL}.csv")[2]
    assert answer.status == 206
    start, _, end = answer.headers["content-range"].removeprefix("bytes ").partition("/")[0].partition("-")
    assert answer.body == whole[int(start) : int(end) + 1]


def test_a_part_beyond_the_end_is_refused_with_the_size(front, app):
    assert same(front, app, f"{URL}.csv", Range="bytes=99999999999-").status == 416


def test_a_client_that_has_the_file_is_told_so(front, app):
    said = front.ask(f"{URL}.csv").headers
    for headers, status in [
        ({"If_None_Match": said["etag"]}, 304),
        ({"If_None_Match": f'"older", W/{said["etag"]}'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": '"older"', "If_Modified_Since": said["last-modified"]}, 200),
        ({"If_Modified_Since": said["last-modified"]}, 304),
        ({"If_Modified_Since": LATER}, 304),
        ({"If_Modified_Since": LONG_AGO}, 200),
    ]:
        assert same(front, app, f"{URL}.csv", **headers).status == status, headers


def test_a_part_is_only_of_the_file_that_the_client_has_begun(front, app):
    said = front.ask(f"{URL}.csv").headers
    for condition, status in [
        (said["etag"], 206),
        ('"older"', 200),
        (said["last-modified"], 206),
        (LONG_AGO, 200),
    ]:
        answer = same(front, app, f"{URL}.csv", Range="bytes=3-9", If_Range=condition)
        assert answer.status == status, condition


def test_conditions_that_nginx_would_judge_by_another_time_are_judged_by_python(front, app):
    said = front.ask(f"{URL}.csv").headers
    for headers in (
        {"If_Match": said["etag"]},
        {"If_Match": "*"},
        {"If_Match": '"older"'},
        {"If_Unmodified_Since": said["last-modified"]},
        {"If_Unmodified_Since": LATER},
        {"If_Match": said["etag"], "Range": "bytes=0-4"},
    ):
        same(front, app, f"{URL}.csv", **headers)
    assert front.ask(f"{URL}.csv", If_Match=said["etag"]).status == 200


def test_a_unit_that_nobody_knows_is_ignored_by_nginx_and_several_parts_come_as_such(front):
    whole = front.ask(f"{URL}.csv").body
    answer = front.ask(f"{URL}.csv", Range="items=0-5")
    assert answer.status in (200, 416)
    several = front.ask(f"{URL}.csv", Range="bytes=0-9,20-29")
    if several.status == 206:
        assert whole[20:30] in several.body
        assert several.headers["content-type"].startswith("multipart/byteranges")


@pytest.mark.parametrize("extension", ["csv", "kml", "geojson", "gpkg", "fgb"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_packed_file_goes_out_as_it_lies_to_who_takes_gzip(front, app, extension, method):
    path = f"{URL}.{extension}"
    plain, answer = front.ask(path), same(front, app, path, method, Accept_Encoding="gzip, br")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert answer.headers["etag"] != plain.headers["etag"]
    assert int(answer.headers["content-length"]) < len(plain.body)
    if method == "GET":
        assert gzip.decompress(answer.body) == plain.body
    known = same(front, app, path, method, Accept_Encoding="gzip, br", If_None_Match=answer.headers["etag"])
    assert known.status == 304


@pytest.mark.parametrize(
    "headers", [{}, {"Accept_Encoding": "identity"}, {"Accept_Encoding": "gzip;q=0"}, {"Accept_Encoding": "br"}]
)
def test_who_does_not_take_gzip_gets_the_plain_file(front, app, headers):
    answer = same(front, app, f"{URL}.csv", **headers)
    assert answer.body.startswith(b"incident_number,")


def test_a_part_is_one_of_the_plain_file_whatever_the_client_takes(front, app):
    plain, packed = front.ask(f"{URL}.csv"), front.ask(f"{URL}.csv", Accept_Encoding="gzip")
    answer = same(front, app, f"{URL}.csv", Accept_Encoding="gzip", Range="bytes=0-9")
    assert (answer.status, answer.body) == (206, plain.body[:10])
    again = same(front, app, f"{URL}.csv", Accept_Encoding="gzip", Range="bytes=0-9", If_Range=packed.headers["etag"])
    assert (again.status, again.body) == (200, plain.body)


def test_what_does_not_lie_packed_is_sent_as_it_is_and_pages_are_compressed(front):
    for extension in ("kmz", "shp.zip", "parquet"):
        answer = front.ask(f"{URL}.{extension}", Accept_Encoding="gzip")
        assert "content-encoding" not in answer.headers
        assert "vary" not in answer.headers
    page = front.ask("/help", Accept_Encoding="gzip")
    assert page.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in page.headers["vary"]


def test_the_folder_of_files_has_no_address_of_its_own(front, folder):
    for path in (folder / "files").rglob("*.csv*"):
        assert front.ask(f"/_files/{path.relative_to(folder / 'files')}").status == 404
    assert front.ask("/_files/").status == 404
    assert front.ask("/data/../_files/calls-for-service/datapackage.json").status == 404

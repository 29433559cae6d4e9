"""``/reports``: files of editions, pictures, years, the listing; what is not published is not there for anybody."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta

import ckan.plugins.toolkit as tk
import pytest
from helpers.files import get
from helpers.reports import MONTHLY, WEEKLY, pdf, publish, week

from ckanext.cpdi import config
from ckanext.cpdi.services.http import access
from ckanext.cpdi.services.reports import files

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
WEEK = week(date(2024, 3, 24))
URL = f"/reports/{WEEKLY}/2024-03-24"
PRIVATE = (
    f"{URL}.pdf", f"{URL}.webp", f"{URL}/1.pdf", URL, f"{URL}/text", f"/reports/{WEEKLY}/2024.zip",
    f"/reports/{WEEKLY}.json", f"/reports/{WEEKLY}.atom",
)  # fmt: skip


def hide(series=WEEKLY, **changes):
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    context = {"user": user["name"], "ignore_auth": True}
    tk.get_action("package_patch")(context, {"id": series, **(changes or {"private": True})})
    access.forget()


def test_the_file_of_a_period_is_shown_by_browsers_and_kept_for_a_minute(app):
    publish(WEEKLY, WEEK, ["First page", "Second page"])
    response = get(app, f"{URL}.pdf")
    assert response.bytes == pdf(["First page", "Second page"])
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == f"inline; filename={WEEKLY}-2024-03-24.pdf"
    assert response.headers["Cache-Control"] == "public, max-age=60"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response.headers
    get(app, f"{URL}.pdf", status=304, If_None_Match=response.headers["ETag"])
    get(app, f"{URL}.pdf", status=304, If_Modified_Since=response.headers["Last-Modified"])
    part = get(app, f"{URL}.pdf", status=206, Range="bytes=0-7")
    assert part.bytes == b"%PDF-1.4"
    get(app, f"{URL}.pdf", status=416, Range="bytes=9999999-")
    picture = get(app, f"{URL}.webp")
    assert (picture.headers["Content-Type"], picture.bytes[:4]) == ("image/webp", b"RIFF")


def test_an_edition_has_its_address_for_ever(app):
    publish(WEEKLY, WEEK, ["Wrong"])
    first = get(app, f"{URL}.pdf")
    publish(WEEKLY, WEEK, ["Right"])
    now = get(app, f"{URL}.pdf")
    assert now.bytes == pdf(["Right"])
    assert now.headers["ETag"] != first.headers["ETag"]
    assert now.headers["Content-Disposition"].endswith(f"{WEEKLY}-2024-03-24-2.pdf")
    assert get(app, f"{URL}/1.pdf").bytes == first.bytes
    assert get(app, f"{URL}/2.pdf").bytes == now.bytes
    get(app, f"{URL}/3.pdf", status=404)


def test_a_month_is_called_by_its_name_alone(app):
    publish(MONTHLY, (date(2024, 2, 1), date(2024, 2, 29)))
    get(app, f"/reports/{MONTHLY}/2024-02.pdf")
    for wrong in ("2024-02-29", "2024-2", "2024-13", "2024-02-30", "x", "0000-01", "2024-02-29T00:00"):
        assert "There is no such report" in get(app, f"/reports/{MONTHLY}/{wrong}.pdf", status=404).body


def test_a_year_is_one_file_that_every_program_reads(app):
    weeks = [week(date(2024, 3, day)) for day in (24, 17)]
    for period in [*weeks, week(date(2025, 1, 5))]:
        publish(WEEKLY, period, [f"The week to {period[1]}"])
    publish(WEEKLY, weeks[0], ["Corrected"])
    response = get(app, f"/reports/{WEEKLY}/2024.zip")
    assert response.headers["Content-Disposition"] == f"attachment; filename={WEEKLY}-2024.zip"
    with zipfile.ZipFile(io.BytesIO(response.bytes)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["index.csv", "2024-03-17.pdf", "2024-03-24.pdf"]
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.flag_bits & 8 for entry in archive.infolist()} == {0}  # sizes stand before the content
        assert archive.read("2024-03-24.pdf") == pdf(["Corrected"])
        index = list(csv.DictReader(io.StringIO(archive.read("index.csv").decode())))
    assert [(line["file"], line["edition"], line["period_start"]) for line in index] == [
        ("2024-03-17.pdf", "1", "2024-03-11"), ("2024-03-24.pdf", "2", "2024-03-18"),
    ]  # fmt: skip
    assert get(app, index[1]["address"].removeprefix(tk.config["ckan.site_url"])).bytes == pdf(["Corrected"])
    get(app, f"/reports/{WEEKLY}/2024.zip", status=304, If_None_Match=response.headers["ETag"])
    publish(WEEKLY, week(date(2024, 3, 31)))
    get(app, f"/reports/{WEEKLY}/2024.zip", status=200, If_None_Match=response.headers["ETag"])
    assert "No report of this year" in get(app, f"/reports/{WEEKLY}/2019.zip", status=404).body


def test_the_listing_has_every_edition_with_its_addresses(app):
    publish(WEEKLY, WEEK, ["Wrong"])
    publish(WEEKLY, WEEK, ["Right", "And more"])
    reports = get(app, f"/reports/{WEEKLY}.json").json["reports"]
    assert [(one["edition"], one["present"], one["pages"]) for one in reports] == [(2, True, 2), (1, False, 1)]
    for one in reports:
        assert get(app, one["pdf"].removeprefix(tk.config["ckan.site_url"])).status_code == 200
    assert not any("file_name" in one or "note" in one for one in reports)


def test_the_listing_has_the_periods_without_a_report(app, monkeypatch):
    publish(WEEKLY, WEEK)
    publish(WEEKLY, week(WEEK[1] - timedelta(days=14)))
    monkeypatch.setattr(files, "today", lambda: WEEK[1] + timedelta(days=14))
    first = get(app, f"/reports/{WEEKLY}.json")
    assert [(gap["period"], gap["awaited"]) for gap in first.json["missing"]] == [("2024-03-17", False)]
    monkeypatch.setattr(files, "today", lambda: WEEK[1] + timedelta(days=15))
    later = get(app, f"/reports/{WEEKLY}.json", If_None_Match=first.headers["ETag"])
    assert later.json["missing"][0] == {
        "period": "2024-03-31", "period_start": "2024-03-25", "period_end": "2024-03-31", "awaited": True,
    }  # fmt: skip


@pytest.mark.parametrize("changes", [{"private": True}, {"state": "deleted"}])
def test_a_series_that_is_hidden_is_as_one_that_never_was(app, changes, editor):
    publish(WEEKLY, WEEK, ["walnuts"])
    for path in PRIVATE:
        get(app, path)
    assert app.get("/reports/search?q=walnuts&f=json").json["total"] == 1
    hide(**changes)
    for path in PRIVATE:
        hidden, never = get(app, path, 404), get(app, path.replace(WEEKLY, "never-was"), 404)
        assert hidden.body.replace(WEEKLY, "never-was") == never.body
    assert app.get("/reports/search?q=walnuts&f=json").json["total"] == 0
    assert app.get(f"/reports/search?q=walnuts&series={WEEKLY}&f=json").json["series"] == {}
    if "private" in changes:
        response = app.get(f"{URL}.pdf", headers=editor["headers"])
        assert response.headers["Cache-Control"] == "private, no-store"


def test_what_is_withdrawn_is_gone_and_its_predecessor_is_back(app):
    publish(WEEKLY, WEEK, ["Wrong"])
    report = publish(WEEKLY, WEEK, ["Right"])
    with config.store() as store:
        store.reports.withdraw(report, "analyst")
    assert get(app, f"{URL}.pdf").bytes == pdf(["Wrong"])
    get(app, f"{URL}/2.pdf", status=404)
    assert len(get(app, f"/reports/{WEEKLY}.json").json["reports"]) == 1


def test_a_table_of_rows_is_no_series(app):
    get(app, "/reports/calls-for-service.json", status=404)
    get(app, "/reports/calls-for-service/2024-03.pdf", status=404)


def test_without_the_database_it_is_said(app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.datastore.read_url", "postgresql://nobody:hush@127.0.0.1:9/nowhere")
    for path in (f"{URL}.pdf", f"/reports/{WEEKLY}.json", "/reports/search?q=walnuts", URL):
        response = get(app, path, status=503)
        assert "hush" not in response.body

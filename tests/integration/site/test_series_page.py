"""The page of a series: the latest on top, years, gaps, editions that were replaced; nothing of it needs a script."""

from __future__ import annotations

import re
from datetime import date, timedelta

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from helpers.reports import MONTHLY, WEEKLY, publish, week

from ckanext.cpdi.catalog.parts import URL_TYPE
from ckanext.cpdi.services.http import access
from ckanext.cpdi.site.reports import dataset_page

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
PAGE = f"/dataset/{WEEKLY}"


@pytest.fixture(autouse=True)
def new():
    dataset_page._of_version.cache_clear()  # each test has a store of its own, whose versions begin anew


def as_site():
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": user["name"], "ignore_auth": True}


def test_the_latest_is_on_top_years_follow_and_gaps_are_marked(app):
    for end in (date(2023, 12, 17), date(2024, 1, 7), date(2024, 1, 14)):
        publish(WEEKLY, week(end))
    body = app.get(PAGE).body
    assert body.index("Week of 8–14 Jan 2024") < body.index(f'href="/reports/{WEEKLY}/2023-12-17"')
    assert f'src="/reports/{WEEKLY}/2024-01-14/1.webp"' in body
    assert body.index('id="y2024"') < body.index('id="y2023"')
    assert re.findall(r'<li class="cp-gap">(.*)</li>', body) == [
        "No report for 25–31 Dec 2023", "No report for 18–24 Dec 2023",
    ]  # fmt: skip
    assert "For 2 periods there is no report" in body
    assert f'href="/reports/{WEEKLY}/2023.zip"' in body
    assert f'href="/reports/{WEEKLY}.atom"' in body
    assert "<script" not in body.split("<main", 1)[1]


def test_months_are_called_by_their_names_in_both_languages(app):
    for start, end in ((date(2024, 1, 1), date(2024, 1, 31)), (date(2024, 3, 1), date(2024, 3, 31))):
        publish(MONTHLY, (start, end))
    assert "No report for February 2024" in app.get(f"/dataset/{MONTHLY}").body
    spanish = app.get(f"/es/dataset/{MONTHLY}").body
    assert "Sin informe: febrero de 2024" in spanish
    assert "El último informe" in spanish
    assert f'href="/es/reports/{MONTHLY}/2024-03"' in spanish


@pytest.mark.parametrize(
    ("day", "english", "spanish"),
    [
        (date(2024, 1, 28), "", ""),
        (date(2024, 1, 29), "No report yet for 15–21 Jan 2024.", "Aún no hay informe: 15 al 21 de enero de 2024."),
        (
            date(2024, 2, 5),
            "No report yet for 2 periods: 15–21 Jan 2024 … 22–28 Jan 2024.",
            "Aún no hay informe de 2 períodos: 15 al 21 de enero de 2024 … 22 al 28 de enero de 2024.",
        ),
    ],
)
def test_a_report_that_is_late_is_missed_in_words(app, monkeypatch, day, english, spanish):
    publish(WEEKLY, week(date(2024, 1, 14)))
    monkeypatch.setattr(dataset_page, "today", lambda: day)
    for path, sentence in ((PAGE, english), (f"/es{PAGE}", spanish)):
        said = re.findall(r'<p class="cp-late">(.*)</p>', app.get(path).body)
        assert said == ([sentence] if sentence else [])


def test_a_corrected_report_stands_once_with_what_it_replaces(app):
    for text in ("Wrong", "Right"):
        publish(WEEKLY, week(date(2024, 1, 7)), [text])
    body = app.get(PAGE).body
    assert "corrected; replaces" in body
    assert f'href="/reports/{WEEKLY}/2024-01-07/1.pdf"' in body
    assert body.count("<li><a href=") - body.count('<li><a href="#') == len(re.findall(r"<li><a href=\"[^#]", body))
    assert "1 report<" in body.replace("1 report,", "1 report<")


def test_untagged_reports_are_flagged_for_staff_alone(app, editor):
    publish(WEEKLY, week(date(2024, 1, 7)), tagged=False)
    assert "tagged" not in app.get(PAGE).body
    body = app.get(PAGE, headers=editor["headers"]).body
    assert "1 report is not tagged" in body
    assert "untagged" in body
    assert "Edit this page" in body


def test_the_page_changes_with_the_archive(app):
    assert "No report has been published here yet" in app.get(PAGE).body
    publish(WEEKLY, week(date(2024, 1, 7)))
    assert "Week of 1–7 Jan 2024" in app.get(PAGE).body
    publish(WEEKLY, week(date(2024, 1, 14)))
    response = app.get(PAGE)
    assert "Week of 8–14 Jan 2024" in response.body
    assert response.headers["Cache-Control"] == "public, max-age=60"


def test_what_staff_added_by_hand_stands_beside_the_archive_and_what_runs_wrote_stands_once(app):
    resources = [
        {"name": "Reading guide", "url": "https://example.org/guide.pdf", "format": "PDF"},
        {"name": "Twice", "url": "https://example.org/twice.pdf", "format": "PDF"},
    ]
    tk.get_action("package_patch")(as_site(), {"id": WEEKLY, "resources": resources})
    model.Session.query(model.Resource).filter_by(name="Twice").one().url_type = URL_TYPE
    model.Session.commit()
    publish(WEEKLY, week(date(2024, 1, 7)))
    body = app.get(PAGE).body
    assert "Other files" in body
    assert "Reading guide" in body
    assert "Twice" not in body


def test_the_page_has_the_metadata_that_ckan_describes(app):
    changes = {"id": WEEKLY, "title": "Weekly figures", "methodology": "By *hand*.", "language": ["en", "es"]}
    tk.get_action("package_patch")(as_site(), changes)
    body = app.get(PAGE).body
    package = tk.get_action("package_show")(as_site(), {"id": WEEKLY})
    for text in (
        "Weekly figures",
        "By <em>hand</em>",
        package["organization"]["title"],
        package["license_title"],
        "Spanish",
    ):
        assert text in body
    assert all(f">{tag['display_name']}</a>" in body for tag in package["tags"])


def test_a_private_series_is_shown_to_staff_alone(app, editor):
    publish(WEEKLY, week(date(2024, 1, 7)))
    tk.get_action("package_patch")(as_site(), {"id": WEEKLY, "private": True})
    access.forget()
    assert app.get(PAGE, status=404)
    assert "Week of 1–7 Jan 2024" in app.get(PAGE, headers=editor["headers"]).body


def test_an_archive_that_cannot_be_read_is_no_empty_one(app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.datastore.read_url", "postgresql://nobody:hush@127.0.0.1:9/nowhere")
    body = app.get(PAGE, status=200).body
    assert "The reports cannot be read at the moment" in body
    assert "No report has been published" not in body


def test_many_reports_make_a_small_page(app):
    from ckanext.cpdi import config
    from ckanext.cpdi.store.reports import PageText, Received

    first = date(2014, 1, 5)
    with config.store() as store:
        for number in range(560):
            mark, period = f"{number:064}", week(first + timedelta(weeks=number))
            store.reports.publish(
                store.reports.receive(
                    Received(WEEKLY, "x.pdf", mark, mark, 300_000, (PageText(1, "x"),), period=period), None
                )
            )
    body = app.get(PAGE).body
    assert body.count("application/pdf") + body.count('.pdf"') >= 560
    assert len(body.encode()) <= 200_000


def test_home_says_how_many_reports_there_are_and_leads_to_the_latest(app):
    resources = [
        {"name": f"To {end}", "url": f"https://example.org/{end}.pdf", "format": "PDF", "period_end": end}
        for end in ("2023-12-31", "2024-01-14", "2024-01-07")
    ]
    undated = {"name": "Old", "url": "https://example.org/old.pdf", "format": "PDF", "issued": "2020-01-01"}
    tk.get_action("package_patch")(as_site(), {"id": WEEKLY, "resources": [*resources, undated]})
    body = app.get("/").body
    assert "4 reports" in body
    assert "https://example.org/2024-01-14.pdf" in body
    assert "2024-01-07.pdf" not in body
    tk.get_action("package_patch")(as_site(), {"id": WEEKLY, "private": True})
    assert "https://example.org/2024-01-14.pdf" not in app.get("/").body

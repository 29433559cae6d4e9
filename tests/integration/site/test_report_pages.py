"""The pages of the archive: search to the page, a report, its text, the feed; odd questions are answered in words."""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ET
from datetime import date

import ckan.plugins.toolkit as tk
import pytest
from helpers.reports import MONTHLY, WEEKLY, publish, week

pytestmark = pytest.mark.usefixtures("with_plugins", "standing_reports")
URL = f"/reports/{WEEKLY}/2024-03-24"
HOSTILE = '<script>alert(1)</script> & "quotes" were stolen'
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def standing_reports(once):
    once(lambda _folder: fill())


def fill():
    publish(WEEKLY, week(date(2024, 3, 17)), ["One robbery.", "Nothing else."])
    publish(WEEKLY, week(date(2024, 3, 24)), ["It rained walnuts."])
    publish(WEEKLY, week(date(2024, 3, 24)), ["One page.", "Two stolen bicycles\nnear the river.\n\nMore.", HOSTILE])
    publish(WEEKLY, week(date(2024, 12, 1)), ["A bicycle, stolen.", ""], ["ocr", "none"])
    spanish = ["Hubo tres robos cerca del río."]
    publish(MONTHLY, (date(2024, 2, 1), date(2024, 2, 29)), spanish, language="es")


def test_a_hit_leads_to_its_page_with_the_words(app):
    body = app.get('/reports/search?q="stolen+bicycle"').body
    assert "1 page has" in body
    assert f'href="{URL}?page=2&amp;q=%22stolen+bicycle%22"' in body
    assert "<mark>stolen</mark> <mark>bicycles</mark>" in body
    assert "Week of 18–24 Mar 2024, page 2" in body
    assert "<script" not in body


def test_facets_say_how_many_pages_there_are_and_can_be_taken_back(app):
    body = app.get(f"/reports/search?q=stolen+or+robo&series={MONTHLY}").body
    assert f'href="/reports/search?q=stolen+or+robo&amp;series={WEEKLY}"' in body
    assert 'href="/reports/search?q=stolen+or+robo" aria-current="true"' in body
    assert "1 page has" in body
    assert app.get("/reports/search?q=stolen+or+robo&f=json").json["series"] == {WEEKLY: 3, MONTHLY: 1}


def test_text_of_a_report_is_text_wherever_it_is_shown(app):
    for path in ("/reports/search?q=quotes", f"{URL}?q=quotes&page=3", f"{URL}/text", f"{URL}/text?q=quotes"):
        assert "<script>alert" not in app.get(path).body
    parts = app.get("/reports/search?q=quotes&f=json").json["hits"][0]["snippet"]
    assert "".join(part["text"] for part in parts) in HOSTILE
    assert [part["text"] for part in parts if part["marked"]] == ["quotes"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Search inside the reports"),
        ("q=", "Search inside the reports"),
        ("q=zzzz", "No page of a report has “zzzz”"),
        ("q=the", "Very common words"),
        ('q="stolen+river"', "Leave the quotation marks out"),
        ("q=stolen&year=1999", "Look in all series and years"),
        (f"q={'a' * 201}", "at most 200 characters"),
        ("q=stolen&page=99", "no hits so far down"),
        ("q=stolen&year=x&page=-1&series=nothing", "3 pages have"),
        ("q=%3Cb%3Ehi%3C/b%3E", "“&lt;b&gt;hi&lt;/b&gt;”"),
        ("q=%00&year=٣", "No page of a report"),
    ],
)
def test_odd_questions_are_answered_in_words(app, query, said):
    assert said in app.get(f"/reports/search?{query}", status=200).body


def test_what_was_looked_for_is_kept_by_no_cache(app):
    for path in ("/reports/search?q=stolen", f"{URL}?q=stolen", f"{URL}/text?q=stolen"):
        assert app.get(path).headers["Cache-Control"] == "private, no-store"
    for path in (URL, f"{URL}/text"):
        assert app.get(path).headers["Cache-Control"] == "public, max-age=60"


def test_what_was_looked_for_stands_in_no_log(app, caplog):
    with caplog.at_level(logging.DEBUG):
        for path in ("/reports/search?q=stolen", "/reports/search?q=stolen&f=json", f"{URL}?q=stolen", "/metrics"):
            assert "stolen" not in app.get(path).headers.get("Link", "")
    assert "stolen" not in caplog.text
    assert "stolen" not in app.get("/metrics").body


def test_a_report_says_what_it_replaces_and_where_its_neighbours_are(app):
    body = app.get(URL).body
    assert "Week of 18–24 Mar 2024, edition 2" in body
    assert f'href="{URL}/1.pdf"' in body
    assert f'rel="prev" href="/reports/{WEEKLY}/2024-03-17"' in body
    assert f'rel="next" href="/reports/{WEEKLY}/2024-12-01"' in body
    assert f'src="{URL}/2.webp"' in body
    assert f'href="{URL}/text"' in body


def test_a_report_names_the_pages_that_have_the_words(app):
    body = app.get(f"{URL}?q=stolen&page=2").body
    assert "Pages with “stolen”" in body
    assert f'href="{URL}?page=2&amp;q=stolen" aria-current="true">2</a>' in body
    assert f'href="{URL}?page=3&amp;q=stolen">3</a>' in body
    assert "No page of this report has “walnuts”" in app.get(f"{URL}?q=walnuts").body
    assert app.get(f"{URL}?page=999&q={'a' * 999}").status_code == 200


def test_the_text_is_there_page_by_page_and_says_where_it_comes_from(app):
    body = app.get(f"{URL}/text?q=river").body
    assert body.index('id="page-1"') < body.index('id="page-2"') < body.index('id="page-3"')
    assert "near the <mark>river</mark>." in body
    assert "<p>More.</p>" in body
    scanned = app.get(f"/reports/{WEEKLY}/2024-12-01/text").body
    assert "A program has recognised its text" in scanned
    assert "its text has not been recognised" in scanned
    assert 'lang="es"' in app.get(f"/reports/{MONTHLY}/2024-02/text").body


def test_the_feed_has_an_entry_for_each_edition(app):
    response = app.get(f"/reports/{WEEKLY}.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert response.headers["Cache-Control"] == "public, max-age=60"
    feed = ET.fromstring(response.body)
    entries = feed.findall(f"{ATOM}entry")
    site = tk.config["ckan.site_url"]
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert {f"{site}{URL}/1.pdf", f"{site}{URL}/2.pdf"} <= set(ids)
    assert len(ids) == len(set(ids)) == 4
    updated = [entry.find(f"{ATOM}updated").text for entry in entries]
    assert updated == sorted(updated, reverse=True)
    assert feed.find(f"{ATOM}updated").text == updated[0]
    corrected = next(entry for entry in entries if entry.find(f"{ATOM}id").text.endswith("/2.pdf"))
    assert "replaces edition 1" in corrected.find(f"{ATOM}content").text
    links = {link.get("rel"): link.get("href") for link in corrected.findall(f"{ATOM}link")}
    for address in links.values():
        assert app.get(address.removeprefix(site)).status_code == 200


def test_all_of_it_is_there_in_spanish(app):
    body = app.get("/es/reports/search?q=stolen").body
    assert "3 páginas tienen" in body
    assert f'href="/es{URL}?page=2&amp;q=stolen"' in body
    assert "Semana del 18 al 24 de marzo de 2024" in body
    assert "Esta página es una imagen" in app.get(f"/es/reports/{WEEKLY}/2024-12-01/text").body
    assert "febrero de 2024" in app.get(f"/es/reports/{MONTHLY}/2024-02").body
    assert "sustituye a la edición 1" in app.get(f"/es/reports/{WEEKLY}.atom").body

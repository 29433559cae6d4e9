"""One box finds datasets, places, kinds of records, pages of reports and help; nothing that the reader may not see."""

from __future__ import annotations

from datetime import date
from html import unescape

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import SET_UP, portal_user
from ckanext.cpdi.store.reports import PageText, Received

pytestmark = pytest.mark.usefixtures("standing")

SERIES = "compstat-reports"


def set_private(private):
    context = portal_user(**{SET_UP: True})
    tk.get_action("package_patch")(context, {"id": "places", "private": private})


def ask(app, words, language=""):
    return unescape(app.get(f"{language}/search", query_string={"q": words}, status=200).body)


def test_datasets_kinds_and_articles_are_there_by_words(app):
    body = ask(app, "traffic")
    assert 'id="found-kinds"' in body
    assert "Kind of Calls for Service" in body
    assert 'href="/help/calls"' in body
    assert 'href="/dataset/electronic-citations"' in ask(app, "citations")


def test_a_place_is_there_by_its_street_without_a_number(app):
    table = next(one["id"] for one in call_action("package_show", id="places")["resources"] if one["format"] == "CSV")
    label = call_action("datastore_search", resource_id=table, limit=1)["records"][0]["label"]
    assert label in ask(app, label)
    assert 'id="found-places"' not in ask(app, "%")
    assert 'id="found-places"' not in ask(app, "_____________")


def test_a_page_of_a_report_is_there_once_it_is_published(app):
    received = Received(
        SERIES, "a.pdf", "search-everything", "c", 9, (PageText(1, "Quiet."), PageText(2, "Two walnuts were taken.")),
        period=(date(2024, 3, 18), date(2024, 3, 24)),
    )  # fmt: skip
    with config.store() as store:
        report = store.reports.receive(received, None)
        assert "walnuts were" not in ask(app, "walnuts")
        store.reports.publish(report)
        try:
            body = ask(app, "walnuts")
            assert "walnuts were taken" in body
            assert f'href="/reports/{SERIES}/2024-03-24?page=2&q=walnuts"' in body
            assert "página 2" in ask(app, "walnuts", "/es")
        finally:
            store.reports.withdraw(report, "test")


def test_a_private_dataset_is_not_there(app):
    set_private(True)
    try:
        assert 'id="found-places"' not in ask(app, "Street")
        assert 'href="/dataset/places"' not in ask(app, "places")
    finally:
        set_private(False)


@pytest.mark.parametrize("words", ["", "   ", '"', "'", "a:b", "(((", "<script>alert(1)</script>", "%", "\\", "\x00"])
def test_odd_words_are_answered(app, words):
    body = app.get("/search", query_string={"q": words}, status=200).body
    assert "<script>alert" not in body
    assert app.get("/search", query_string={"q": words}).headers["Cache-Control"] == "private, no-store"


def test_a_long_question_is_told_its_limit(app):
    assert "at most 200 characters" in ask(app, "a" * 201)


def test_what_is_nowhere_is_said_with_ways_on(app):
    body = ask(app, "zzzqqq")
    assert "Nothing here has “zzzqqq”." in body
    assert "Nada aquí contiene «zzzqqq»." in ask(app, "zzzqqq", "/es")


def test_every_page_has_the_box(app):
    for path in ("/", "/help", "/status", "/dataset/", "/nothing"):
        assert f'action="{tk.h.url_for("cpdi_search_page.find")}"' in app.get(path).body

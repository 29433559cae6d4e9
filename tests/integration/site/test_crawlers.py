"""Crawlers find every public page and no other, and stay out of what has no end; networks get pictures."""

from __future__ import annotations

import io
import re
from datetime import date
from xml.etree import ElementTree

import pytest
from helpers import catalogue, reports, robots
from helpers.catalogue import CALLS, OWN, SERIES, call_action
from PIL import Image

from ckanext.cpdi.site.crawlers import picture, sitemap

ROOT = "http://test.ckan.net"
SPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def filled(once) -> None:
    once(lambda _folder: catalogue.fill())


def listed(app, path: str = "/sitemap.xml") -> dict[str, str]:
    """Return when each page of a list was changed, by its path; empty where the list does not say."""
    root = ElementTree.fromstring(app.get(path, status=200).get_data())
    assert root.tag in (f"{SPACE}urlset", f"{SPACE}sitemapindex")
    return {node.findtext(f"{SPACE}loc", "").removeprefix(ROOT): node.findtext(f"{SPACE}lastmod", "") for node in root}


def test_every_page_of_the_list_answers_and_may_be_asked_for(app, filled):
    pages = listed(app)
    rules = app.get("/robots.txt").get_data(as_text=True)
    assert {
        "/",
        "/help",
        "/help/api",
        "/status",
        f"/dataset/{CALLS}",
        f"/dataset/{SERIES}",
        f"/dataset/{CALLS}/changes",
    } <= set(pages)
    assert {page: app.get(page).status_code for page in pages if app.get(page).status_code != 200} == {}
    assert [page for page in pages if not robots.allows(rules, page)] == []


def test_a_page_says_when_it_was_changed_where_that_is_known(app, filled):
    pages = listed(app)
    changed = call_action("package_show", id=CALLS)["metadata_modified"][:19]
    assert pages[f"/dataset/{CALLS}"] == f"{changed}Z"
    assert pages["/help"] == ""
    assert pages["/"] == max(pages.values())


def test_a_list_that_would_be_too_long_is_an_index_of_lists(app, filled, monkeypatch):
    whole = listed(app)
    monkeypatch.setattr(sitemap, "MOST", 4)
    parts = listed(app)
    assert list(parts)[:2] == ["/sitemap-1.xml", "/sitemap-2.xml"]
    assert {page for part in parts for page in listed(app, part)} == set(whole)
    assert all(len(listed(app, part)) <= 4 for part in parts)
    assert app.get(f"/sitemap-{len(parts) + 1}.xml").status_code == 404
    assert app.get("/sitemap-0.xml").status_code == 404


def test_nothing_private_or_deleted_has_a_place_or_a_picture(app, filled):
    assert catalogue.seen(app.get("/sitemap.xml").get_data(as_text=True)) == []
    for name in (*catalogue.HIDDEN, "nothing"):
        assert app.get(f"/og/{name}.png").status_code == 404
    for name in (CALLS, OWN, "portal"):
        answer = app.get(f"/og/{name}.png")
        shown = Image.open(io.BytesIO(answer.get_data()))
        assert (answer.mimetype, shown.format, shown.size) == ("image/png", "PNG", (1200, 630))
        assert len(answer.get_data()) < 100_000


@pytest.mark.parametrize(
    "address",
    [
        f"/data/{CALLS}.csv",
        f"/data/{CALLS}/2025.parquet",
        "/data.json",
        "/catalog.jsonld",
        f"/api/3/action/package_show?id={CALLS}",
        "/api/3/action/datastore_search?resource_id=1&limit=100",
        f"/arcgis/rest/services/{CALLS}/FeatureServer/0",
        f"/ogc/collections/{CALLS}/items",
        f"/reports/{SERIES}/2024-03-24",
        f"/reports/{SERIES}/2024-03-24.pdf",
        f"/es/dataset/{CALLS}",
        f"/og/{CALLS}.png",
        f"/status/{CALLS}",
        "/feeds/dataset.atom",
    ],
)
def test_data_and_apis_are_open_to_crawlers(app, filled, address):
    assert robots.allows(app.get("/robots.txt").get_data(as_text=True), address)


@pytest.mark.parametrize(
    "address",
    [
        "/dataset/?q=theft&tags=police",
        "/es/dataset/?page=2",
        "/organization/police?tags=a",
        f"/data/{CALLS}.csv?team=2",
        f"/ogc/collections/{CALLS}/items?offset=5",
        f"/ogc/collections/{CALLS}/items/77",
        f"/ogc/collections/{CALLS}/tiles/WebMercatorQuad/9/1/2",
        f"/arcgis/rest/services/{CALLS}/FeatureServer/0/query?where=1",
        "/reports/search?q=theft",
        "/search?q=theft",
        "/es/search?q=theft",
        "/help?q=theft",
        f"/reports/{SERIES}/2024-03-24?page=3",
        "/api/3/action/datastore_search?resource_id=1&offset=100",
        "/status/deny",
        "/user/login",
    ],
)
def test_what_has_no_end_is_closed_to_crawlers(app, filled, address):
    assert not robots.allows(app.get("/robots.txt").get_data(as_text=True), address)


def test_robots_names_the_list_of_pages(app, filled):
    answer = app.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert re.search(rf"(?m)^Sitemap: {ROOT}/sitemap\.xml$", answer.get_data(as_text=True))


def test_a_title_of_any_length_fits_the_picture():
    for title in ("", "a", "Words " * 60, "Unbroken" * 20, "Policía de Cañón, años"):
        assert Image.open(io.BytesIO(picture.draw(title, "below", "publisher"))).size == (1200, 630)


def test_each_report_has_its_page_in_the_list_and_none_of_a_series_that_is_private(app, portal):
    reports.publish(SERIES, reports.week(date(2024, 3, 24)))
    pages = listed(app)
    assert pages[f"/reports/{SERIES}/2024-03-24"]
    call_action("package_patch", id=SERIES, private=True)
    assert not [page for page in listed(app) if SERIES in page]

"""What stands in the heads of pages for machines: schema.org as Google wants it, Open Graph, feeds; nothing private."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from helpers import catalogue, reports
from helpers.catalogue import CALLS, OWN, SERIES

ROOT = "http://test.ckan.net"
ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = (
    "/feeds/dataset.atom",
    "/feeds/organization/police.atom",
    "/feeds/tag/police.atom",
    "/feeds/custom.atom?q=calls",
)


@pytest.fixture
def filled(once) -> None:
    once(lambda _folder: catalogue.fill())


def page(app, path: str) -> str:
    return app.get(path, status=200).get_data(as_text=True)


def described(body: str) -> dict[str, Any]:
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', body, re.S)
    assert len(blocks) == 1
    return json.loads(blocks[0])


def meta(body: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter):[\w:]+)" content="([^"]*)">', body))


@pytest.mark.parametrize("name", [CALLS, SERIES, OWN])
def test_a_dataset_has_what_google_requires_and_recommends(app, filled, name):
    node = described(page(app, f"/dataset/{name}"))
    assert (node["@type"], node["@id"]) == ("Dataset", f"{ROOT}/dataset/{name}")
    assert node["name"]
    assert 50 <= len(node["description"]) <= 5000
    assert node["license"].startswith("https://")
    assert node["isAccessibleForFree"] is True
    assert node["creator"]["@type"] == "GovernmentOrganization"
    assert node["distribution"]
    assert all(each["contentUrl"].startswith("https://" if name != CALLS else ROOT) for each in node["distribution"])
    assert all(each["encodingFormat"] for each in node["distribution"])


def test_a_table_tells_its_days_its_area_and_its_columns(app, filled):
    node = described(page(app, f"/dataset/{CALLS}"))
    assert node["temporalCoverage"] == "2025-03-01/2025-03-01"
    south, west, north, east = map(float, node["spatialCoverage"]["geo"]["box"].split())
    assert -90 < south < north < 90
    assert -180 < west < east < 180
    assert "incident_number" in [each["name"] for each in node["variableMeasured"]]


def test_the_words_are_those_of_the_pages_language(app, filled):
    node = described(page(app, f"/es/dataset/{CALLS}"))
    assert (node["inLanguage"], node["name"]) == ("es", "Llamadas de servicio e iniciadas por agentes")
    assert node["@id"] == f"{ROOT}/dataset/{CALLS}"


def test_the_home_page_is_a_catalogue_of_the_public_datasets(app, filled):
    body = page(app, "/")
    node = described(body)
    assert node["@type"] == "DataCatalog"
    assert {"@id": f"{ROOT}/dataset/{CALLS}"} in node["dataset"]
    assert catalogue.seen(json.dumps(node)) == []


def test_what_staff_wrote_cannot_end_the_block_it_stands_in(app, filled):
    body = page(app, f"/dataset/{OWN}")
    assert "<script>alert" not in body
    assert described(body)["name"].endswith("</script><script>alert(1)</script>")


@pytest.mark.parametrize("path", ["/", "/es/", f"/dataset/{CALLS}", f"/dataset/{SERIES}", f"/dataset/{OWN}"])
def test_social_networks_get_title_text_and_a_picture_that_is_there(app, filled, path):
    told = meta(page(app, path))
    assert {"og:title", "og:description", "og:url", "og:image", "og:image:alt", "twitter:card"} <= set(told)
    assert app.get(told["og:image"].removeprefix(ROOT)).mimetype == "image/png"
    assert told["og:url"].startswith(ROOT)


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_of_datasets_has_whole_addresses_and_leads_to_pages(app, filled, path):
    root = ElementTree.fromstring(app.get(path, status=200).get_data())
    for node in (root, *root.findall(f"{ATOM}entry")):
        assert all(node.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        assert all(urlsplit(link.get("href", "")).netloc for link in node.findall(f"{ATOM}link"))
    own = next(link.get("href", "") for link in root.findall(f"{ATOM}link") if link.get("rel") == "self")
    assert own == root.findtext(f"{ATOM}id") == f"{ROOT}{path}"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Charleston Police Department"
    pages = [entry.find(f"{ATOM}link").get("href", "") for entry in root.findall(f"{ATOM}entry")]
    assert pages
    assert {app.get(each.removeprefix(ROOT)).status_code for each in pages} == {200}


@pytest.mark.parametrize(
    "path", [*FEEDS, f"/feeds/custom.atom?q={catalogue.SECRET}", "/feeds/custom.atom?state=deleted"]
)
def test_a_feed_shows_nothing_private_or_deleted(app, filled, path):
    body = page(app, path)
    assert catalogue.seen(body.replace(f"q={catalogue.SECRET}", "").replace(f"'{catalogue.SECRET}'", "")) == []


def test_heads_name_the_feeds(app, filled):
    assert f'type="application/atom+xml" title="New and changed datasets" href="{ROOT}/feeds/dataset.atom"' in page(
        app, "/"
    )
    assert f"{ROOT}/dataset/{CALLS}/changes.atom" in page(app, f"/dataset/{CALLS}")


def test_a_private_dataset_tells_machines_nothing_even_where_staff_look_at_it(app, portal, sysadmin):
    catalogue.fill()
    name = catalogue.HIDDEN[0]
    assert app.get(f"/dataset/{name}").status_code == 404
    body = app.get(f"/dataset/{name}", headers=sysadmin["headers"]).get_data(as_text=True)
    assert "ld+json" not in body
    assert f"/og/{name}" not in body


def test_the_page_of_a_series_names_its_latest_reports_and_the_days_of_all(app, portal):
    for weeks in range(14):
        reports.publish(SERIES, reports.week(date(2024, 3, 31) - timedelta(weeks=weeks)))
    node = described(page(app, f"/dataset/{SERIES}"))
    assert len(node["distribution"]) == 12
    assert node["distribution"][0]["contentUrl"] == f"{ROOT}/reports/{SERIES}/2024-03-31.pdf"
    assert node["temporalCoverage"] == "2023-12-25/2024-03-31"

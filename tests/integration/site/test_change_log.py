"""The change log's page and feed, and the frozen years, as readers find them.

The tests share two nights; those that change something come last.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from helpers.feeds import DATASET
from helpers.nights import let_weeks_pass, night

from ckanext.cpdi import config
from ckanext.cpdi.pipeline import publish

PAGE = f"/dataset/{DATASET}/changes"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def read(once, app):
    """A client of a portal after two nights."""

    def fill(folder):
        night(folder / "calls.csv", range(1, 20), build=False)
        night(folder / "calls.csv", range(2, 20), build=False)
        let_weeks_pass()

    once(fill)
    return app


def test_the_page_tells_what_changed(read):
    body = read.get(PAGE).body
    assert "the table had 19 calls" in body
    assert "about 10 of 2025" in body
    assert f'href="{PAGE}.atom"' in body
    assert "<script" not in body


def test_the_feed_can_be_subscribed_to(read):
    response = read.get(f"{PAGE}.atom")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.body)
    assert feed.find(f"{ATOM}title").text.endswith(": changes")
    assert feed.find(f"{ATOM}id").text == f"{tk.config['ckan.site_url']}{PAGE}"
    entries = feed.findall(f"{ATOM}entry")
    assert {one.find(f"{ATOM}category").get("term") for one in entries} >= {"first", "correction"}
    assert len({one.find(f"{ATOM}id").text for one in entries}) == len(entries)
    again = ET.fromstring(read.get(f"{PAGE}.atom").body)
    assert [one.find(f"{ATOM}id").text for one in again.findall(f"{ATOM}entry")] == [
        one.find(f"{ATOM}id").text for one in entries
    ]


def test_both_are_there_in_spanish(read):
    assert "la tabla tenía 19 llamadas" in read.get(f"/es{PAGE}").body
    assert "la tabla tenía 19 llamadas" in read.get(f"/es{PAGE}.atom").body


def test_it_is_linked_from_the_dataset_and_the_status_page(read):
    assert f'href="{PAGE}"' in read.get(f"/dataset/{DATASET}").body
    assert f'href="{PAGE}"' in read.get("/status").body


def test_frozen_years_stand_on_the_page_of_their_dataset(read):
    assert publish.freeze_years(DATASET, config.profile()) == [2025]
    body = read.get(f"/dataset/{DATASET}").body
    assert f'href="/data/{DATASET}/archive/2025.zip"' in body
    assert f'href="/data/{DATASET}/archive/2025.zip.sha256"' in body


def test_a_private_dataset_has_no_log(read, editor):
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": DATASET, "private": True}
    )
    read.get(PAGE, status=404)
    read.get(f"{PAGE}.atom", status=404)
    read.get("/dataset/no-such-dataset/changes", status=404)
    read.get(PAGE, headers=editor["headers"], status=200)

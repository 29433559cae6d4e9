"""``/data/…/archive/…``: frozen years as people cite and check them, and what a purge leaves of them."""

from __future__ import annotations

import hashlib
import io
import zipfile

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests import factories
from helpers.feeds import DATASET
from helpers.files import get
from helpers.nights import night

from ckanext.cpdi import config
from ckanext.cpdi.jobs import tick as ticks
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.services.http import access

URL = f"/data/{DATASET}/archive/2025.zip"


@pytest.fixture
def feed(portal, tmp_path):
    return tmp_path / "calls.csv"


@pytest.fixture
def frozen(feed, app):
    night(feed, range(1, 20), build=False)
    publish.freeze_years(DATASET, config.profile())
    return app


def numbers(response) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(response.bytes)) as archive:
        lines = archive.read(f"{DATASET}-2025.csv").decode().splitlines()[1:]
    return {line.split(",")[1] for line in lines}


def test_an_archive_has_its_version_and_checksum(frozen):
    response = get(frozen, URL)
    version = response.headers["Cpdi-Version"]
    assert response.headers["Content-Type"] == "application/zip"
    assert f"{DATASET}-2025_frozen_{version}.zip" in response.headers["Content-Disposition"]
    assert response.headers["Cache-Control"] == "public, max-age=60"
    line = get(frozen, f"{URL}.sha256").body
    assert line == f"{hashlib.sha256(response.bytes).hexdigest()}  {DATASET}-2025_frozen_{version}.zip\n"
    assert get(frozen, URL.replace(".zip", f".{version}.zip")).bytes == response.bytes
    assert get(frozen, URL, status=206, Range="bytes=0-3").bytes == b"PK\x03\x04"
    get(frozen, URL, status=416, Range="bytes=99999999-")
    get(frozen, URL, status=304, If_None_Match=response.headers["ETag"])


def test_a_purge_rewrites_the_archive_and_the_old_version_is_gone(frozen, feed):
    before = get(frozen, URL)
    old = before.headers["Cpdi-Version"]
    night(feed, [number for number in range(1, 20) if number != 7])
    response = get(frozen, URL)
    assert numbers(before) - numbers(response) == {"25-000007"}
    assert response.headers["Cpdi-Version"] != old
    assert response.headers["ETag"] != before.headers["ETag"]
    gone = get(frozen, URL.replace(".zip", f".{old}.zip"), status=404)
    assert f"{tk.config['ckan.site_url']}{URL}" in gone.body
    assert get(frozen, f"{URL}.sha256").body.startswith(hashlib.sha256(response.bytes).hexdigest())


def test_corrections_do_not_touch_it(frozen, feed):
    before = get(frozen, URL)
    night(feed, range(1, 25), street="King St")
    assert get(frozen, URL).bytes == before.bytes


def test_tick_freezes_what_is_due_once(feed, app):
    night(feed, range(1, 20), build=False)
    get(app, URL, status=404)
    assert ticks.tick().frozen == 1
    get(app, URL)
    assert ticks.tick().frozen == 0


@pytest.mark.parametrize("name", ["1999.zip", "2025.20200101-1.zip", "2025.csv", "..%2f..%2fx.zip", "2025.zip.md5"])
def test_what_is_not_there_is_answered_with_what_is(frozen, name):
    response = get(frozen, f"/data/{DATASET}/archive/{name}", status=404)
    assert response.headers["Content-Type"].startswith("text/plain")


def test_a_private_dataset_looks_like_one_that_never_was(frozen, editor):
    tk.get_action("package_patch")(
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]}, {"id": DATASET, "private": True}
    )
    access.forget()
    never = get(frozen, "/data/nothing/archive/2025.zip", status=404)
    for path in (URL, f"{URL}.sha256", f"{URL}?x=1"):
        assert get(frozen, path, status=404).body == never.body
    response = frozen.get(URL, headers=editor["headers"])
    assert response.headers["Cache-Control"] == "private, no-store"

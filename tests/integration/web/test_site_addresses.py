"""Addresses that the portal gives away: without a language, below its path, and of the site that it is now."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
import pytest
from helpers.report import OWN, save_in_spanish

from ckanext.cpdi import config

TABLE = "calls-for-service"


@pytest.fixture
def report(app, portal, tmp_path) -> str:
    """A report that somebody saved on the Spanish pages; its id."""
    return save_in_spanish(app, tmp_path)


def test_a_reports_address_has_no_language_whoever_saved_it(app, report):
    for path in ("package_show?id=" + OWN, "resource_show?id=" + report, "package_search?q=name:" + OWN):
        body = app.get("/api/3/action/" + path).body
        assert re.search(rf"http://test\.ckan\.net/dataset/[^/]+/resource/{report}/download/week-1\.pdf", body), path
        assert "/es/" not in body
    assert app.get("/api/3/action/resource_search?query=name:Week").body.count("/es/") == 0


def test_a_portal_that_moved_gives_its_new_addresses_at_once(app, report, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://police.example.gov")
    monkeypatch.setitem(ckan_config, "ckan.root_path", "/data-portal/{{LANG}}")
    for action in (
        f"package_show?id={OWN}",
        "package_search",
        "resource_search?query=name:CSV",
        f"resource_show?id={report}",
    ):
        urls = re.findall(r'"url": ?"(http[^"]+)"', app.get(f"/api/3/action/{action}").body)
        ours = [one for one in urls if "test.ckan.net" in one or "police.example.gov" in one]
        assert ours, action
        assert all(one.startswith("https://police.example.gov/data-portal/") for one in ours), ours


def test_a_mail_to_staff_names_an_address_below_the_path(with_plugins, ckan_config, monkeypatch):
    from ckanext.cpdi.notify import letter
    from ckanext.cpdi.pipeline.report import NightReport

    monkeypatch.setitem(ckan_config, "ckan.root_path", "/portal/{{LANG}}")
    report = NightReport(run=7, dataset=TABLE, state="failed")
    body = letter.write(report, config.library().dataset(TABLE), True, letter.HeldFigures(), "en")[1]
    assert f"{tk.config['ckan.site_url']}/portal/status/runs/7\n" in body

"""Every page and service of ours answers while there is nothing yet: no organization, no run, no public table."""

from __future__ import annotations

import re

import pytest
from ckan.tests import factories
from helpers.feeds import write_sample
from helpers.help import HELP

VALUES = {
    "number": ["1", "999999"],
    "layer": ["0", "9"],
    "item": ["1", "x"],
    "z": ["3"],
    "y": ["2"],
    "x": ["1"],
    "dataset": ["calls-for-service", "nowhere"],
    "extension": ["csv", "geojson", "pdf", "exe"],
    "name": ["calls-for-service", "compstat-reports", "nowhere"],
    "series": ["compstat-reports", "nowhere"],
    "period": ["2024-03-24", "never"],
    "year": ["2024"],
    "report": ["00000000-0000-4000-8000-000000000000", "x"],
    "path": ["calls-for-service.csv", "calls-for-service/2024.csv", "calls-for-service/datapackage.json", "nowhere"],
}


def paths(rule):
    """Addresses that the route ``rule`` answers."""
    found = [rule.rule]
    archive = {"name": ["2024.zip", "x"]} if "archive" in rule.rule else {}
    for mark, name in re.findall(r"(<(?:[^<>]*:)?(\w+)>)", rule.rule):
        found = [one.replace(mark, value) for one in found for value in (VALUES | archive)[name]]
    return found


@pytest.fixture
def ours(portal_app):
    rules = [
        one for one in portal_app.url_map.iter_rules() if one.endpoint.startswith("cpdi_") and "GET" in one.methods
    ]
    assert len(rules) > 15
    return [path for rule in rules for path in paths(rule)]


ENGLISH, SPANISH = "", "/es"


def walk(app, ours, *languages, headers=None):
    """Addresses that fail for whom ``headers`` sign; each person and each language has its turn in some state."""
    wrong = []
    more = [*HELP, "/dataset/", "/organization/"]
    for path in [f"{language}{one}" for language in languages for one in (*ours, *more)]:
        response = app.get(path, headers=headers or {}, follow_redirects=False)
        if response.status_code >= 500 and not (response.status_code == 503 and "Retry-After" in response.headers):
            wrong.append((response.status_code, path))
    return wrong


def test_before_anything_was_set_up(app, ours, clean_db, clean_index, clean_store, folders, quiet):
    assert not walk(app, ours, ENGLISH)
    assert app.get("/help").status_code == 200
    boss = factories.SysadminWithToken()
    assert not walk(app, ours, SPANISH, headers={"Authorization": boss["token"]})


def test_before_the_first_run(app, ours, portal, sysadmin, stranger):
    assert not walk(app, ours, SPANISH)
    assert not walk(app, ours, ENGLISH, headers=sysadmin["headers"])
    assert not walk(app, ours, SPANISH, headers=stranger["headers"])


def test_while_no_table_is_public(app, ours, clean_db, clean_index, clean_store, folders, quiet, tmp_path):
    from ckanext.cpdi.catalog.department import ensure_all
    from ckanext.cpdi.jobs import load

    ensure_all()
    load.run("calls-for-service", str(write_sample(tmp_path / "calls.csv")), label="calls", trusted_path=True)
    assert not walk(app, ours, ENGLISH, SPANISH)
    page = app.get("/help/complete", status=200).body
    assert "/completeness.csv" not in page
    assert "no table is public yet" in page

"""``/healthz`` tells a machine what is down, and nothing of where it is."""

from __future__ import annotations

import pytest
from helpers import datastore

from ckanext.cpdi import config

pytestmark = pytest.mark.usefixtures("portal")

DATASET = "calls-for-service"


def test_a_portal_without_runs_is_well(app):
    answer = app.get("/healthz")
    assert answer.status_code == 200
    assert answer.json["status"] == "ok"
    assert set(answer.json["services"].values()) == {"ok"}
    assert answer.json["runs"][DATASET]["state"] == "none"
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_last_run_stands_there(app):
    datastore.publish()
    assert app.get("/healthz").json["runs"][DATASET]["state"] == "ok"
    with config.store() as store:
        run = store.ledger.start(DATASET, "calls.csv", "0" * 64, "1", "1", "1")
        store.ledger.fail(run, "The feed is a web page.")
    answer = app.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (200, "late")
    assert answer.json["runs"][DATASET]["state"] == "failed"
    assert "web page" not in answer.body


def test_a_table_that_is_not_updated_in_time_is_late(app, ckan_config, monkeypatch):
    datastore.publish()
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.late_after", -1)
    assert app.get("/healthz").json["runs"][DATASET]["state"] == "late"


@pytest.mark.parametrize(
    ("setting", "value", "service"),
    [
        ("solr_url", "http://127.0.0.1:1/solr/none", "solr"),
        ("ckan.datastore.read_url", "postgresql://datastore_read:hush@127.0.0.1:1/none", "datastore"),
    ],
)
def test_a_service_that_is_down_is_named_without_its_address(app, ckan_config, monkeypatch, setting, value, service):
    monkeypatch.setitem(ckan_config, setting, value)
    answer = app.get("/healthz")
    assert (answer.status_code, answer.json["status"]) == (503, "down")
    assert answer.json["services"][service] == "down"
    assert "127.0.0.1" not in answer.body
    assert "hush" not in answer.body

"""How many questions an address may ask in a minute."""

from __future__ import annotations

import uuid

import pytest
from helpers.feeds import DATASET
from helpers.files import get
from helpers.nights import night

from ckanext.cpdi.catalog.parts import resource_id

MOST = 5
SEARCH = f"/api/3/action/datastore_search?resource_id={resource_id(DATASET)}&limit=1"


@pytest.fixture
def limited(portal, tmp_path, ckan_config, monkeypatch):
    """A portal that answers a few questions a minute, to an address that has asked none."""
    night(tmp_path / "calls.csv", range(1, 6))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.limits.service_requests_per_minute", MOST)
    return {"REMOTE_ADDR": f"2001:db8:{uuid.uuid4().hex[:4]}:{uuid.uuid4().hex[:4]}::1"}


def ask(app, path, address):
    return app.get(path, environ_overrides=address)


def test_beyond_the_limit_searches_are_refused_with_the_time_to_wait(app, limited):
    assert [ask(app, SEARCH, limited).status_code for _ in range(MOST)] == [200] * MOST
    refused = ask(app, SEARCH, limited)
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json["success"] is False
    spanish = app.get(SEARCH, headers={"Accept-Language": "es"}, environ_overrides=limited).json["error"]["message"]
    assert spanish.startswith("Más preguntas")
    assert "/es/help/limits" in spanish
    assert "/help/limits" in refused.json["error"]["message"]
    assert refused.headers["Cache-Control"] == "private, no-store"


def test_searches_in_reports_count(app, limited):
    for _ in range(MOST):
        assert ask(app, "/reports/search?q=walnuts", limited).status_code == 200
    assert ask(app, "/es/reports/search?q=walnuts", limited).status_code == 429
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    for path, said in (("", "More questions than"), ("/es", "Más preguntas de las que")):
        refused = app.get(f"{path}/reports/search?q=walnuts", headers=browser, environ_overrides=limited)
        assert refused.body.startswith(said)
    assert ask(app, "/reports/compstat-reports.json", limited).status_code == 200


def test_another_address_has_questions_of_its_own_and_a_network_counts_as_one(app, limited):
    for _ in range(MOST):
        ask(app, SEARCH, limited)
    neighbour = {"REMOTE_ADDR": limited["REMOTE_ADDR"].replace("::1", "::2")}
    assert ask(app, SEARCH, neighbour).status_code == 429
    assert ask(app, SEARCH, {"REMOTE_ADDR": "192.0.2.77"}).status_code == 200


def test_pages_and_files_do_not_count(app, limited):
    for _ in range(MOST + 1):
        assert ask(app, f"/data/{DATASET}.csv", limited).status_code == 200
        assert ask(app, "/help", limited).status_code == 200
    assert ask(app, SEARCH, limited).status_code == 200


def test_zero_is_any_number(app, limited, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.limits.service_requests_per_minute", 0)
    assert {ask(app, SEARCH, limited).status_code for _ in range(MOST + 2)} == {200}


def test_the_limit_is_published(app, limited):
    assert f"{MOST} a minute" in get(app, "/help/limits").body


def test_services_that_answer_before_ckan_count_as_well(app, limited):
    path = f"/arcgis/rest/services/{DATASET}/FeatureServer/0/query?where=1=1&returnCountOnly=true&f=json"
    assert [ask(app, path, limited).status_code for _ in range(MOST)] == [200] * MOST
    refused = ask(app, path, limited)
    assert refused.status_code == 429
    assert refused.json["error"]["code"] == 429

"""Scripts of other sites read what everybody may read; nothing of anybody who is somebody."""

from __future__ import annotations

import pytest
from helpers.users import signed_in

from ckanext.cpdi.catalog.parts import resource_id

RID = resource_id("calls-for-service")
ORIGIN = {"Origin": "https://example.org"}
ACTION = "/api/3/action/"
OPEN = "Access-Control-Allow-Origin"

pytestmark = pytest.mark.usefixtures("standing")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{ACTION}datastore_search?resource_id={RID}&limit=1", 200),
        (f"{ACTION}datastore_search?resource_id={RID}&filters=nonsense", 409),
        (f"{ACTION}datastore_search?resource_id=nothing", 404),
        (f"{ACTION}package_show?id=calls-for-service", 200),
        (f"{ACTION}package_show?id=nothing", 404),
        (f"{ACTION}no_such_action", 400),
        (f"{ACTION}cpdi_changes?dataset=calls-for-service", 200),
        ("/api/3", 200),
        ("/catalog.jsonld", 200),
        ("/dataset/calls-for-service.rdf", 200),
        ("/dataset/calls-for-service/changes.atom", 200),
        ("/feeds/dataset.atom", 200),
        (f"/datastore/dump/{RID}?limit=1", 200),
        (f"/datastore/dump/{RID}", 302),
        ("/data/calls-for-service.csv", 200),
        ("/data/nothing.csv", 404),
        ("/healthz", 200),
    ],
)
def test_what_is_made_for_programs_is_open(app, path, status):
    response = app.get(path, headers=ORIGIN, follow_redirects=False)
    assert response.status_code == status
    assert response.headers[OPEN] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_an_action_that_reads_may_be_posted_and_a_browser_may_ask_first(app):
    asked = {**ORIGIN, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    first = app.options(f"{ACTION}datastore_search", headers=asked)
    assert first.status_code == 200
    assert first.headers[OPEN] == "*"
    assert "POST" in first.headers["Access-Control-Allow-Methods"]
    assert first.headers["Access-Control-Allow-Headers"] == "Content-Type"
    for body, status in (({"resource_id": RID}, 200), ({}, 409)):
        response = app.post(f"{ACTION}datastore_search", json=body, headers=ORIGIN)
        assert (response.status_code, response.headers[OPEN]) == (status, "*")


@pytest.mark.parametrize("action", ["package_create", "datastore_create", "cpdi_deny", "user_create"])
def test_an_action_that_writes_is_not_open(app, action):
    asked = {**ORIGIN, "Access-Control-Request-Method": "POST"}
    assert OPEN not in app.options(f"{ACTION}{action}", headers=asked).headers
    assert OPEN not in app.post(f"{ACTION}{action}", json={}, headers=ORIGIN).headers


@pytest.mark.parametrize("path", ["/", "/help", "/status", "/user/login", "/dataset/", "/status/deny"])
def test_a_page_is_not_open(app, path):
    assert OPEN not in app.get(path, headers=ORIGIN).headers


def test_nothing_is_open_where_a_token_or_a_session_comes_along(app, ckan_config):
    path = f"{ACTION}package_show?id=calls-for-service"
    assert {"Cookie", "Authorization"} <= set(app.get(path, headers=ORIGIN).vary)
    for headers in (signed_in()["headers"], {"Authorization": "nonsense"}):
        response = app.get(path, headers=ORIGIN | headers)
        assert OPEN not in response.headers
        assert {"Cookie", "Authorization"} <= set(response.vary)
    app.client.set_cookie(ckan_config["SESSION_COOKIE_NAME"], "x", domain="test.ckan.net")
    assert OPEN not in app.get(path, headers=ORIGIN).headers

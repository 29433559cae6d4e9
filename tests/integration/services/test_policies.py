"""Every answer has the headers that tell a browser what it may do with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers.users import signed_in

from ckanext.cpdi.catalog.parts import resource_id

TABLE = "calls-for-service"
VALUES = {
    "id": TABLE, "name": TABLE, "dataset": TABLE, "package_type": "dataset", "resource_id": resource_id(TABLE),
    "number": 1, "path": f"{TABLE}.csv", "extension": "csv", "filename": "cpdi/emblem.svg",
    "logic_function": "status_show", "ver": 3, "_format": "rdf", "_id": TABLE,
}  # fmt: skip

pytestmark = pytest.mark.usefixtures("standing")


def policy(response):
    return dict(one.strip().split(" ", 1) for one in response.headers["Content-Security-Policy"].split(";"))


def test_every_route_has_them(app, portal_app, monkeypatch):
    monkeypatch.setitem(portal_app.config, "PROPAGATE_EXCEPTIONS", False)  # a stock route that fails has them, too
    answered, boss = 0, signed_in(sysadmin=True)["headers"]
    with portal_app.test_request_context():
        rules = [one for one in portal_app.url_map.iter_rules() if "GET" in one.methods]
    for rule in rules:
        path = re.sub(r"<(?:[^:<>]+(?:\([^)]*\))?:)?(\w+)>", lambda found: str(VALUES.get(found[1], "x")), rule.rule)
        for headers in ({}, boss):
            response = app.get(path, headers=headers, follow_redirects=False)
            where = (rule.endpoint, path, response.status_code)
            assert response.headers["X-Content-Type-Options"] == "nosniff", where
            assert response.headers["Referrer-Policy"] == "same-origin", where
            assert "geolocation=(self)" in response.headers["Permissions-Policy"], where
            assert "Strict-Transport-Security" not in response.headers, where
            rules_of = policy(response)
            if response.mimetype == "text/html":
                assert rules_of["object-src"] == rules_of["base-uri"] == "'none'", where
                assert rules_of["default-src"] == rules_of["form-action"] == "'self'", where
            answered += 1
    assert answered > 400


@pytest.mark.parametrize("path", ["/", "/help", "/status", f"/status/{TABLE}", "/nowhere", "/user/login", "/dataset/"])
def test_a_page_runs_no_script_of_its_own_text_and_stands_in_no_other(app, path):
    response = app.get(path)
    assert policy(response)["script-src"] == "'self'"
    assert policy(response)["frame-ancestors"] == "'self'"
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("path", ["/", "/help", "/status", f"/status/{TABLE}", f"/dataset/{TABLE}/changes"])
def test_a_page_of_ours_has_no_style_in_it_either(app, path):
    assert policy(app.get(path))["style-src"] == "'self'"


def test_a_form_with_handlers_in_it_still_works(app):
    response = app.get(f"/dataset/{TABLE}/resource/new", headers=signed_in(capacity="editor")["headers"], status=200)
    assert "onclick" in response.body
    assert policy(response)["script-src"] == "'self' 'unsafe-inline'"


def test_a_view_may_stand_in_another_sites_page(app):
    response = app.get(f"/dataset/{TABLE}/resource/{resource_id(TABLE)}/view/0d4e2c5e-0000-4000-8000-000000000000")
    assert policy(response)["frame-ancestors"] == "*"
    assert "X-Frame-Options" not in response.headers


@pytest.mark.parametrize("path", [f"/data/{TABLE}.csv", f"/data/{TABLE}.kml", "/api/3/action/status_show", "/healthz"])
def test_what_is_no_page_runs_nothing(app, path):
    response = app.get(path, status=200)
    assert policy(response) == {"default-src": "'none'", "frame-ancestors": "'none'"}


MAPS = [f"/dataset/{TABLE}/explore", f"/dataset/{TABLE}", "/dataset/"]
NO_MAPS = ["/help", "/status", "/dataset/compstat-reports"]
PUBLIC = Path(__file__).parents[3] / "ckanext/cpdi/public"
WORKER, SCRIPT = (
    f"/{next(PUBLIC.glob(f'cpdi/{name}')).relative_to(PUBLIC)}"
    for name in ("vendor/maplibre-gl/*/maplibre-gl-worker.mjs", "explore/start-*.js")
)


def test_pages_with_a_map_may_ask_the_site_of_the_base_map_and_no_other_may(app, ckan_config, monkeypatch):
    before = {path: policy(app.get(path)) for path in (*MAPS, *NO_MAPS, WORKER, SCRIPT)}
    assert all("connect-src" not in before[path] for path in (*MAPS, *NO_MAPS))
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.base_map", "https://tiles.example.gov/streets/style.json?key=1")
    for path in (*MAPS, WORKER):
        assert policy(app.get(path)) == before[path] | {"connect-src": "'self' https://tiles.example.gov"}, path
    for path in (*NO_MAPS, SCRIPT):
        assert policy(app.get(path)) == before[path], path
    said = app.get("/help/places-and-privacy").body
    assert "Maps load their base map from tiles.example.gov" in said
    assert "loads nothing from other sites" not in said
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.base_map", "/maps/city.pmtiles")
    for path in (*MAPS, WORKER):
        assert policy(app.get(path)) == before[path], path


def test_browsers_stay_with_https_where_the_portal_has_it(app, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckan.site_url", "https://police.example.gov")
    assert app.get("/help").headers["Strict-Transport-Security"] == "max-age=31536000"

"""Requests: what changes something comes from the portal's own page; sessions end; nobody guesses passwords."""

from __future__ import annotations

import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests.helpers import call_action
from helpers import harvest
from helpers.users import PASSWORD, browser, token_of

from ckanext.cpdi.protect import attempts

OTHER = "https://elsewhere.example.org"
DATASET = "calls-for-service"


@pytest.fixture
def admin_browser(app, sysadmin, monkeypatch):
    """A browser in which a sysadmin is signed in, and the portal checks tokens."""
    client = browser(app, sysadmin["name"])
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    return client


KEYLESS = ("/arcgis", "/ogc")
"""Where services lie that look at no cookie, so that a form of another site does nothing in somebody's name."""


def test_services_that_take_forms_of_any_site_look_at_no_cookie(app, admin_browser, loaded):
    path = f"/arcgis/rest/services/{DATASET}/FeatureServer/0/query"
    asked = {"f": "json", "where": "1=1", "returnCountOnly": "true"}
    own = admin_browser.open(path, method="POST", data=asked, headers={"Origin": OTHER})
    assert own.status_code == 200
    assert own.data == app.post(path, data=asked).data
    assert "Set-Cookie" not in own.headers


def test_every_route_that_takes_a_form_refuses_one_without_a_token(app, admin_browser, loaded):
    """All of them, ours and those of CKAN and its extensions, as the map of routes has them."""
    checked = 0
    for rule in app.flask_app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}):
            path = rule.rule
            for argument in rule.arguments:
                path = path.replace(f"<int:{argument}>", "1").replace(f"<string:{argument}>", "x")
                path = path.replace(f"<int(min=3, max=3):{argument}>", "3").replace(f"<path:{argument}>", "x")
                path = path.replace(f"<{argument}>", DATASET if argument == "id" else "x")
            if rule.rule.startswith(KEYLESS):
                continue
            before = app.get("/")  # an anonymous look, after which CKAN may leave the view out
            assert before.status_code == 200
            answer = admin_browser.open(path, method=method, follow_redirects=False)
            assert answer.status_code == 403, (method, rule.rule, answer.status_code)
            answer = admin_browser.open(path, method=method, headers={"Origin": OTHER})
            assert answer.status_code == 403, (method, rule.rule, answer.status_code)
            checked += 1
    print(f"{checked} routes that take a form")
    assert checked >= 100


@pytest.mark.parametrize(
    "path",
    [
        "/harvest/refresh/{id}",
        "/harvest/clear/{id}",
        "/harvest/delete/{id}",
        "/harvest/night/job/x/abort",
        "/user/_logout",
        "/api/3/action/harvest_source_reindex?id={id}",
        "/api/3/action/harvest_sources_reindex",
        "/api/3/action/resource_view_update?id=x",
        "/api/action/bulk_update_public?org_id=x",
    ],
)
def test_no_link_changes_anything(admin_browser, path):
    source_id = harvest.source()
    answer = admin_browser.get(path.format(id=source_id))
    assert answer.status_code in (400, 403, 405), answer.status_code
    assert call_action("harvest_source_show", id=source_id)["state"] == "active"
    assert call_action("harvest_job_list", source_id=source_id) == []
    assert admin_browser.get("/status/deny").status_code == 200  # still signed in


def test_the_portals_own_forms_work(admin_browser, clean_queues):
    source_id = harvest.source()
    page = admin_browser.get(f"/harvest/admin/{source_id}")
    assert f"/harvest/refresh/{source_id}" in page.get_data(as_text=True)
    answer = admin_browser.post(
        f"/harvest/refresh/{source_id}", data={"_csrf_token": token_of(page)}, follow_redirects=False
    )
    assert answer.status_code == 302
    assert len(call_action("harvest_job_list", source_id=source_id)) == 1
    page = admin_browser.get(f"/dataset/edit/{DATASET}")
    assert admin_browser.post(f"/dataset/follow/{DATASET}", data={"_csrf_token": token_of(page)}).status_code == 200


def test_the_api_takes_a_cookie_from_the_portals_own_pages_only(app, admin_browser, stranger):
    call, body = "/api/3/action/follow_dataset", {"id": DATASET}
    for headers in (
        {},
        {"Origin": OTHER},
        {"Origin": "null"},
        {"Origin": "http://test.ckan.net", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Authorization": "no token"},
    ):
        assert admin_browser.post(call, json=body, headers=headers).status_code == 403, headers
    token = token_of(admin_browser.get(f"/dataset/edit/{DATASET}"))
    headers = {"Origin": "http://test.ckan.net", "X-CSRFToken": token}  # as CKAN's scripts send it
    assert admin_browser.post(call, json=body, headers=headers).status_code == 200
    headers = {**stranger["headers"], "Origin": OTHER, "Sec-Fetch-Site": "cross-site"}
    assert app.post(call, json=body, headers=headers).status_code == 200
    read = app.post("/api/3/action/package_list", json={}, headers={"Origin": OTHER, "Sec-Fetch-Site": "cross-site"})
    assert read.status_code == 200


def test_a_sign_in_that_another_site_sends_is_refused(app, editor):
    data = {"login": editor["name"], "password": PASSWORD}
    assert app.post("/user/login", data=data, headers={"Origin": OTHER}).status_code == 403


def cookies_of(client):
    return {one.key: one.value for one in client._cookies.values()}


def copy_of(app, client):
    """A browser that has the cookies of another."""
    made = app.test_client()
    for name, value in cookies_of(client).items():
        made.set_cookie(name, value, domain="test.ckan.net")
    return made


def is_signed_in(client):
    return client.get("/status/deny").status_code == 200


def test_a_session_ends_at_sign_out_whoever_has_a_copy_of_its_cookie(app, sysadmin):
    client = browser(app, sysadmin["name"])
    copy = copy_of(app, client)
    assert is_signed_in(client)
    assert is_signed_in(copy)
    client.post("/user/_logout")
    assert not is_signed_in(client)
    assert not is_signed_in(copy)


def test_every_session_ends_with_a_new_password(app, sysadmin):
    clients = [browser(app, sysadmin["name"]) for _ in range(2)]
    user = model.User.get(sysadmin["name"])
    call_action("user_patch", context=dict(sysadmin["context"]), id=user.id, password="another one of the tests 2")
    for client in clients:
        assert not is_signed_in(client)
    assert app.get("/status/deny", headers=sysadmin["headers"]).status_code == 200  # tokens are revoked by themselves
    assert is_signed_in(browser(app, sysadmin["name"], "another one of the tests 2"))


def test_to_be_remembered_keeps_nobody_signed_in_after_sign_out(app, sysadmin):
    client = app.test_client()
    client.post("/user/login", data={"login": sysadmin["name"], "password": PASSWORD, "remember": "63072000"})
    copy = copy_of(app, client)
    client.post("/user/_logout")
    copy.delete_cookie("ckan", domain="test.ckan.net")
    assert not is_signed_in(copy)
    assert 'name="remember"' not in app.get("/user/login").body


def test_tries_to_sign_in_are_limited_and_tell_nothing_of_the_account(app, editor):
    def attempt(login, password="wrong"):
        return app.post("/user/login", data={"login": login, "password": password}, follow_redirects=False)

    for name in (editor["name"], "nobody-of-this-name"):
        for _ in range(attempts.MOST["pair"]):
            assert attempt(name).status_code == 200
    answers = [attempt(editor["name"], PASSWORD), attempt(editor["name"]), attempt("nobody-of-this-name")]
    assert {one.status_code for one in answers} == {429}
    assert all("Wait a quarter of an hour" in one.body for one in answers)
    assert all(one.headers["Retry-After"] == "900" for one in answers)
    for number in range(attempts.MOST["address"]):
        last = attempt(f"somebody-{number}")
    assert last.status_code == 429
    other = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    data = {"login": editor["name"], "password": PASSWORD}
    assert app.post("/user/login", data=data, follow_redirects=False, **other).status_code == 302


def test_who_signs_in_has_all_tries_again(app, editor):
    for _ in range(2):
        for _ in range(attempts.MOST["pair"] - 1):
            app.post("/user/login", data={"login": editor["name"], "password": "wrong"})
        browser(app, editor["name"])
        for key in connect_to_redis().keys("cpdi:*:tries:address:*"):
            connect_to_redis().delete(key)

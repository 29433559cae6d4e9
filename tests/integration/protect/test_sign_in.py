"""Staff sign in at a real provider of OpenID Connect: accounts, roles, and who is not let in."""

from __future__ import annotations

import logging
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.tests import factories
from ckan.tests.helpers import call_action
from helpers.openid import CLIENT, SECRET, Person, key, provider
from helpers.users import PASSWORD, signed_in

from ckanext.cpdi import config
from ckanext.cpdi.protect.sign_in import provider as way
from ckanext.cpdi.protect.sign_in.routes import local

BACK = "http://test.ckan.net/sign-in/back"
ANALYST = {"name": "Ada Quillfeather", "preferred_username": "aquill", "groups": ["Records, Division"]}
MAIL = {"email": "ada@records.example", "email_verified": True}


@pytest.fixture(scope="module")
def _provider(tmp_path_factory):
    with provider(tmp_path_factory.mktemp("openid"), BACK) as started:
        yield started


@pytest.fixture
def openid(_provider, portal, ckan_config, monkeypatch):
    """A provider that the portal's settings name, and which knows one analyst."""
    monkeypatch.setenv("OIDC_SECRET_OF_TESTS", SECRET)
    settings = {
        "issuer": _provider.issuer, "client_id": CLIENT, "client_secret": "env:OIDC_SECRET_OF_TESTS",
        "editors": "Records, Division\nChiefs", "admins": "Chiefs",
    }  # fmt: skip
    for name, value in settings.items():
        monkeypatch.setitem(ckan_config, f"ckanext.cpdi.oidc.{name}", value)
    way._documents.clear()
    _provider.knows(ada=ANALYST)
    return _provider


def begun(client, **query):
    """The provider's address that the portal leads a browser to."""
    answer = client.get("/sign-in", query_string=query, follow_redirects=False)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.headers["Location"]


def come_back(client, address):
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}", follow_redirects=False)


def walk(app, subject="ada", client=None, **query):
    """Sign in all the way; return the browser and the portal's answer."""
    client = client or app.test_client()
    return client, come_back(client, Person().sign_in(begun(client, **query), subject))


def account(subject="ada"):
    model.Session.remove()
    mark = {"cpdi": {"oidc": {"sub": subject}}}
    return model.Session.query(model.User).filter(model.User.plugin_extras.contains(mark)).one_or_none()


def role(user):
    group = model.Group.get(config.organization())
    found = model.Session.query(model.Member.capacity).filter_by(group_id=group.id, table_id=user.id, state="active")
    return found.scalar()


def is_signed_in(client):
    return client.get("/status/desk", follow_redirects=False).status_code == 200


def said(answer):
    return " ".join(answer.get_data(as_text=True).split())


def test_a_first_sign_in_makes_an_account_with_the_role_of_its_groups(app, openid):
    openid.knows(ada={**ANALYST, **MAIL})
    client, answer = walk(app)
    assert (answer.status_code, urlsplit(answer.headers["Location"]).path) == (302, "/status/desk")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert is_signed_in(client)
    made = account()
    assert (made.name, made.fullname, made.email, made.sysadmin) == ("aquill", "Ada Quillfeather", MAIL["email"], False)
    assert role(made) == "editor"
    walk(app)
    assert account().id == made.id


def test_the_way_there_asks_for_a_code_with_proof_state_and_nonce(app, openid):
    asked = {name: values[0] for name, values in parse_qs(urlsplit(begun(app.test_client())).query).items()}
    assert {name: asked[name] for name in ("response_type", "client_id", "redirect_uri", "code_challenge_method")} == {
        "response_type": "code", "client_id": CLIENT, "redirect_uri": BACK, "code_challenge_method": "S256",
    }  # fmt: skip
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 40
    assert asked["scope"] == "openid profile email"


def test_a_role_follows_the_groups_and_goes_with_them(app, openid):
    first, _ = walk(app)
    openid.knows(ada={**ANALYST, "groups": ["Chiefs"]})
    walk(app)
    assert role(account()) == "admin"
    openid.knows(ada={**ANALYST, "groups": ["Parks"]})
    client, answer = walk(app)
    assert answer.status_code == 403
    assert "none of your groups may work on this portal" in said(answer)
    assert role(account()) is None
    assert not is_signed_in(client)
    assert not is_signed_in(first)  # signed in still, and nobody of staff


def test_without_a_group_nobody_gets_an_account(app, openid):
    openid.knows(bo={"name": "Bo"}, cy={"name": "Cy", "groups": {"Chiefs": True}})
    for subject in ("bo", "cy"):
        _, answer = walk(app, subject)
        assert answer.status_code == 403
        assert account(subject) is None


@pytest.mark.parametrize(
    ("claims", "declared", "own"),
    [
        (MAIL, True, True),
        (MAIL, False, False),
        ({**MAIL, "email_verified": False}, True, False),
        ({"email": MAIL["email"]}, True, False),
        ({**MAIL, "email_verified": "true"}, True, False),
    ],
)
def test_an_account_is_taken_over_by_a_verified_mail_alone(
    app, openid, ckan_config, monkeypatch, claims, declared, own
):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.oidc.match_mail", declared)
    had = factories.User(email="Ada@records.example", name="ada-of-before")
    openid.knows(ada={**ANALYST, **claims})
    walk(app)
    found = account()
    assert (found.id == had["id"]) == own
    assert own or found.email is None
    assert role(found) == "editor"


def test_no_account_of_a_sysadmin_or_of_another_person_is_taken_over(app, openid, ckan_config, monkeypatch):
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.oidc.match_mail", True)
    factories.Sysadmin(email=MAIL["email"], name="chief-of-all")
    openid.knows(ada={**ANALYST, **MAIL}, bo={**ANALYST, "email": "bo@records.example", "email_verified": True})
    walk(app)
    assert account().name == "aquill"
    walk(app, "bo")
    openid.knows(cy={**ANALYST, "email": "bo@records.example", "email_verified": True})
    walk(app, "cy")
    assert account("cy").id != account("bo").id
    assert {account("bo").name, account("cy").name} == {"aquill-2", "aquill-3"}


def test_a_closed_account_stays_closed(app, openid):
    walk(app)
    account().delete()
    model.Session.commit()
    client, answer = walk(app)
    assert answer.status_code == 403
    assert "Your account on this portal is closed" in said(answer)
    assert not is_signed_in(client)


def test_editing_ones_profile_keeps_the_account_ones_own(app, openid):
    openid.knows(ada={**ANALYST, **MAIL})
    walk(app)
    made = account()
    own = {"user": made.name, "ignore_auth": False}
    for change in ({"fullname": "Ada Q."}, {"plugin_extras": {"cpdi": {"oidc": {"sub": "another"}}}}):
        call_action("user_patch", context=dict(own), id=made.id, **change)
    assert (account().id, account().fullname) == (made.id, "Ada Q.")


def test_a_state_is_good_once_and_in_one_browser(app, openid):
    client = app.test_client()
    address = Person().sign_in(begun(client), "ada")
    assert come_back(app.test_client(), address).status_code == 400  # a thief's browser, which also spends the state
    answer = come_back(client, address)
    assert answer.status_code == 400
    assert "begun in another browser or too long ago" in said(answer)
    client, _ = walk(app)
    again = app.test_client()
    address = Person().sign_in(begun(again), "ada")
    assert come_back(again, address).status_code == 302
    assert come_back(again, address).status_code == 400
    assert (
        come_back(again, f"{BACK}?{urlencode({'code': 'x', 'state': 'made up', 'iss': openid.issuer})}").status_code
        == 400
    )


def test_a_code_that_was_used_already_signs_nobody_in(app, openid):
    client = app.test_client()
    used = parse_qs(urlsplit(Person().sign_in(begun(client), "ada")).query)
    for browser, expected in ((client, 302), (app.test_client(), 400)):
        state = used["state"][0] if browser is client else parse_qs(urlsplit(begun(browser)).query)["state"][0]
        query = {"code": used["code"][0], "state": state, "iss": openid.issuer}
        answer = come_back(browser, f"{BACK}?{urlencode(query)}")
        assert answer.status_code == expected
        assert is_signed_in(browser) == (expected == 302)


def test_an_answer_of_another_issuer_and_a_refusal_there_sign_nobody_in(app, openid):
    client = app.test_client()
    address = (
        Person().sign_in(begun(client), "ada").replace(urlencode({"iss": openid.issuer}), "iss=https%3A%2F%2Fx.test")
    )
    assert come_back(client, address).status_code == 403
    state = parse_qs(urlsplit(begun(client)).query)["state"][0]
    answer = come_back(client, f"{BACK}?{urlencode({'error': 'access_denied', 'state': state})}")
    assert (answer.status_code, "did not let you in" in said(answer)) == (403, True)
    assert not is_signed_in(client)


def test_new_keys_of_the_provider_are_taken_at_once(app, openid):
    walk(app)
    openid.stop()
    openid.keys = [key("second")]
    openid.start()
    client, _ = walk(app)
    assert is_signed_in(client)


def test_a_provider_that_is_away_is_said_in_plain_words_and_in_the_log_without_secrets(app, openid, caplog):
    client = app.test_client()
    address = Person().sign_in(begun(client), "ada")
    openid.stop()
    try:
        with caplog.at_level(logging.DEBUG):
            after = come_back(client, address)
            way._documents.clear()
            before = app.test_client().get("/es/sign-in", follow_redirects=False)
    finally:
        openid.start()
    for answer in (after, before):
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "Traceback" not in said(answer)
    assert "does not answer as it should" in said(after)
    assert "Espere unos minutos" in said(before)
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert "sign-in refused" in caplog.text
    assert not any(secret in caplog.text for secret in (SECRET, code, "eyJ"))


def test_the_person_goes_where_they_came_from_and_nowhere_else(app, openid):
    _, answer = walk(app, came_from="/es/status/reports")
    assert answer.headers["Location"] == "http://test.ckan.net/es/status/reports"
    for target in (
        "https://elsewhere.test", "//elsewhere.test", "/\\elsewhere.test", "\\\\elsewhere.test", "/\t/elsewhere.test",
        "javascript:alert(1)", " //elsewhere.test", "http://test.ckan.net@elsewhere.test/", "/a\r\nSet-Cookie: x=1",
    ):  # fmt: skip
        assert local(target) == "", target
    _, answer = walk(app, came_from="//elsewhere.test")
    assert answer.headers["Location"] == "http://test.ckan.net/status/desk"


def test_the_answer_has_the_language_in_which_the_sign_in_began(app, openid):
    openid.knows(bo={"name": "Bo"})
    client = app.test_client()
    there = client.get("/es/sign-in", follow_redirects=False).headers["Location"]
    answer = come_back(client, Person().sign_in(there, "bo"))
    assert answer.status_code == 403
    assert "ninguno de sus grupos" in said(answer)
    assert '<html lang="es"' in said(answer)


def test_such_a_session_ends_at_sign_out_and_after_half_a_day(app, openid, monkeypatch):
    client, _ = walk(app)
    with client.session_transaction() as session:
        assert not any("eyJ" in str(value) for value in session.values())
    page = client.post("/user/_logout", follow_redirects=True)
    assert not is_signed_in(client)
    assert 'href="/sign-in/out"' in said(page)
    out = client.get("/sign-in/out", follow_redirects=False).headers["Location"]
    assert out.startswith(f"{openid.issuer}/session/end?")
    assert parse_qs(urlsplit(out).query)["client_id"] == [CLIENT]
    assert "/sign-in/out" not in said(client.get("/user/logged_out_redirect"))
    client, _ = walk(app)
    later = time.time() + 12 * 3600 + 1
    monkeypatch.setattr("ckanext.cpdi.protect.sessions.time.time", lambda: later)
    assert not is_signed_in(client)


def test_an_account_of_the_provider_has_no_password(app, openid, ckan_config, monkeypatch):
    walk(app)
    made = account()
    made.password = PASSWORD
    model.Session.commit()
    answer = app.test_client().post("/user/login", data={"login": made.name, "password": PASSWORD})
    assert "Bad username or password" in said(answer)
    other = signed_in(capacity="editor")["name"]
    client = app.test_client()
    client.post("/user/login", data={"login": other, "password": PASSWORD})
    assert is_signed_in(client)
    app.post("/user/reset", data={"user": made.name})
    assert account().reset_key is None
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.oidc.passwords", False)
    client = app.test_client()
    client.post("/user/login", data={"login": other, "password": PASSWORD})
    assert not is_signed_in(client)
    client.post("/user/login", data={"login": signed_in(sysadmin=True)["name"], "password": PASSWORD})
    assert is_signed_in(client)
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.oidc.issuer", "")
    client = app.test_client()
    client.post("/user/login", data={"login": made.name, "password": PASSWORD})
    assert is_signed_in(client)


def test_without_a_provider_there_is_no_such_sign_in(app, portal):
    for path in ("/sign-in", "/sign-in/back?code=x&state=y", "/sign-in/out"):
        assert app.get(path, status=404)
    assert "/sign-in" not in app.get("/user/login").body


def test_the_sign_in_page_has_the_button_and_the_settings_words(app, openid, ckan_config, monkeypatch):
    page = app.get("/user/login?came_from=/status/reports").body
    assert 'href="/sign-in?came_from=/status/reports"' in page
    assert "Sign in with the department&#39;s account" in page
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.oidc.button_es", "Entrar con la ciudad")
    assert "Entrar con la ciudad" in app.get("/es/user/login").body


def test_what_was_begun_is_forgotten_after_ten_minutes(app, openid):
    client = app.test_client()
    begun(client)
    redis = connect_to_redis()
    kept = [redis.ttl(one) for one in redis.keys("cpdi:*:sign-in:*")]
    assert kept
    assert all(0 < seconds <= 600 for seconds in kept)

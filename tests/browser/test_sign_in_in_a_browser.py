"""Staff sign in at a real provider in a browser, with a keyboard alone, on a desk and on a phone."""

import os
import re

import pytest
from ckan.plugins import toolkit as tk
from helpers.openid import CLIENT, SECRET, provider
from test_release_by_keyboard import check, tab_to

from ckanext.cpdi.protect.sign_in import provider as way

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
PATIENCE = 90_000
ANALYST = {"name": "Ada Quillfeather", "preferred_username": "aquill", "groups": ["Records"]}


@pytest.fixture
def openid(address, tmp_path, monkeypatch):
    monkeypatch.setenv("OIDC_SECRET_OF_TESTS", SECRET)
    way._documents.clear()
    with provider(tmp_path, f"{address}/sign-in/back") as started:
        settings = {
            "issuer": started.issuer, "client_id": CLIENT, "client_secret": "env:OIDC_SECRET_OF_TESTS",
            "editors": "Records", "passwords": False,
        }  # fmt: skip
        for name, value in settings.items():
            monkeypatch.setitem(tk.config, f"ckanext.cpdi.oidc.{name}", value)
        started.knows(ada=ANALYST, bo={"name": "Bo"})
        yield started


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request, browser):
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    opened.set_default_timeout(PATIENCE)
    opened.width = request.param
    yield opened
    opened.close()


def shoot(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


def enter(page, subject):
    """Sign in at the provider's own form."""
    page.wait_for_url(re.compile("/interaction/"))
    page.fill("input[name=login]", subject)
    page.fill("input[name=password]", "any")
    page.keyboard.press("Enter")


def test_an_analyst_signs_in_and_out_by_keyboard(page, address, app, openid, monkeypatch):
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    page.goto(f"{address}/status/desk")
    page.wait_for_url(re.compile("/user/login"))
    shoot(page, "sign-in")
    check(page, "/user/login")
    tab_to(page, "Sign in with the department's account")
    page.keyboard.press("Enter")
    enter(page, "ada")
    page.wait_for_url(re.compile("/status/desk"))
    assert "Ada Quillfeather" in page.locator("header").inner_text()
    tab_to(page, "Log out")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/user/logged_out_redirect"))
    shoot(page, "signed-out")
    check(page, "/user/logged_out_redirect")
    tab_to(page, "Sign out everywhere")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Yes, sign me out").click()
    page.wait_for_url(f"{address}/user/logged_out_redirect**")
    assert "Sign out everywhere" not in page.locator("main, [role=main]").first.inner_text()


def test_who_has_no_group_reads_why_in_spanish(page, address, openid):
    page.goto(f"{address}/es/user/login")
    shoot(page, "sign-in-es")
    check(page, "/es/user/login")
    page.get_by_role("link", name="Entrar con la cuenta del departamento").click()
    enter(page, "bo")
    page.wait_for_url(re.compile("/sign-in/back"))
    assert page.locator("h1").inner_text() == "No ha entrado"
    shoot(page, "refused-es")
    check(page, "/sign-in/back")

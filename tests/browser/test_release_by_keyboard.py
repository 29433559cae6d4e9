"""An editor signs in and lets a held run through, with nothing but a keyboard; the pages are usable by everybody."""

import re

import pytest
from ckan.tests import factories, helpers
from helpers import feeds
from helpers.usable import check

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")

PASSWORD = "correct horse battery staple"


@pytest.fixture
def held(tmp_path):
    """A run that is held since it lost nine rows of ten; gives its number."""
    for name, count in (("good.csv", 200), ("held.csv", 20)):
        path = feeds.write_calls(tmp_path / name, range(1, count + 1))
        with path.open("a", encoding="utf-8") as file:
            file.write(",03/01/2025 10:00:00,Traffic Stop,1 Queen St,LPA_Patrol Area,03/01/2025 10:59:00,-79.9,32.7\n")
        report = load.run(feeds.DATASET, str(path), label=name, trusted_path=True)
    publish.publish(feeds.DATASET, config.profile())
    return report.run


@pytest.fixture
def analyst():
    """The name of an editor of the department's organization, who has a password."""
    user = factories.User(password=PASSWORD)
    helpers.call_action("organization_member_create", id=config.organization(), username=user["name"], role="editor")
    return user["name"]


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request, browser):
    opened = browser.new_page(viewport={"width": request.param, "height": 844})
    opened.width = request.param
    yield opened
    opened.close()


def tab_to(page, says):
    """Press Tab until what ``says`` this has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("(document.activeElement.innerText || document.activeElement.name || '').trim()") == says:
            return
    pytest.fail(f"no Tab reaches {says!r}")


def test_a_held_run_is_released_by_keyboard_alone(page, address, app, held, analyst, monkeypatch):
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    page.goto(f"{address}/status/runs/{held}")
    tab_to(page, "Staff: sign in to see more")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/user/login"))
    tab_to(page, "login")
    page.keyboard.type(analyst)
    tab_to(page, "password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f":[0-9]+/status/runs/{held}$"))
    assert "The table would shrink from 200 to 20 rows" in page.locator("main").inner_text()
    check(page, "a held run, for staff")
    tab_to(page, "Release this run")
    described = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert "is run anew and published" in page.locator(f"#{described}").inner_text()
    page.keyboard.press("Enter")
    page.get_by_text("Released on").wait_for()
    with config.store() as store:
        assert store.ledger.run(held).released is not None
    page.goto(f"{address}/status/{feeds.DATASET}")
    check(page, "a table, for staff")


def test_the_pages_are_usable_by_everybody(page, address, held):
    for path in (
        "/status",
        "/status/runs",
        f"/status/runs/{held}",
        f"/status/runs/{held - 1}",
        f"/status/{feeds.DATASET}",
    ):
        assert page.goto(address + path).ok
        for summary in page.locator("details:not([open]) > summary").all():
            summary.click()
        check(page, path)


def test_reading_them_needs_no_script_no_cookie_and_no_other_site(browser, address, held):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/status/runs", f"/status/runs/{held}", f"/status/{feeds.DATASET}"):
        assert page.goto(address + path).ok
    assert not [url for url in asked if not url.startswith(address)]
    assert context.cookies() == []
    context.close()

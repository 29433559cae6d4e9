"""Staff sign in with the form's token, and delete a harvest source by its button."""

import re

import pytest
from ckan import model
from helpers import harvest
from helpers.users import PASSWORD, signed_in

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")


@pytest.fixture
def page(browser, address, app, monkeypatch):
    """A page of an editor who has signed in by the form, where each form needs its token."""
    monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
    opened = browser.new_page(viewport={"width": 1280, "height": 844})
    opened.goto(f"{address}/user/login")
    opened.fill("input[name=login]", signed_in(capacity="editor")["name"])
    opened.fill("input[name=password]", PASSWORD)
    with opened.expect_navigation():
        opened.press("input[name=password]", "Enter")
    yield opened
    opened.close()


def test_the_delete_button_of_a_harvest_source_deletes_it(page, address, clean_queues):
    source = harvest.source()
    page.goto(f"{address}/harvest/edit/{source}")
    assert page.get_by_text("Delete and clear").count() == 0
    page.get_by_text("Delete source", exact=True).click()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(re.compile("/harvest/?$|/harvest/[^/]+$"))
    model.Session.remove()
    assert model.Package.get(source).state == "deleted"

"""Errors are reported and answered in a browser: without scripts, on a phone, and with nothing that axe finds."""

import os
import re
from datetime import date

import pytest
from helpers.usable import faults
from helpers.users import PASSWORD, signed_in

from ckanext.cpdi import config
from ckanext.cpdi.store.errata import Answer, Letter

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")

PICTURES = os.environ.get("PICTURES", "")
WAIT = 60_000


@pytest.fixture
def answered():
    """The number of a report with an answer; another one waits."""
    with config.store() as store:
        day = date(2026, 7, 13)
        first = store.errata.receive("calls-for-service", Letter("", "The team", ""), day, "en")
        said = Answer("corrected", "The team of calls on 12 July", "Corrected on 14 July: the feed had two.", "en")
        store.errata.answer(first, said, "tests")
        store.errata.receive("", Letter("25-000123", "The month\nof this is wrong", "me@example.org"), day, "es")
    return first


def check(page, path):
    """The page as it is open now is usable by everybody, on a desk, on a phone and in a narrow window."""
    assert faults(page) == [], path
    if PICTURES:
        name = re.sub(r"\W+", "-", path).strip("-")
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def test_the_pages_are_usable_by_everybody(browser, address, answered):
    """Those that the walk over all pages does not come to: in other words, after a report, with what went wrong."""
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.set_default_timeout(WAIT)
    for path in (
        "/es/corrections/new?dataset=calls-for-service&about=25-000123",
        f"/es/corrections/{answered + 1}?new=1",
    ):
        page.goto(address + path)
        check(page, path)
    page.goto(f"{address}/corrections/new")
    page.fill("#text", "  ")
    page.fill("#address", "nowhere")
    page.evaluate("document.querySelector('#text').required = false")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("alert").wait_for()
    check(page, "wrong")
    page.goto(f"{address}/user/login")
    page.fill("input[name=login]", signed_in(capacity="editor")["name"])
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    page.goto(f"{address}/status/corrections/{answered + 1}")
    page.select_option("#state", "no_error")
    page.fill("#summary", "The month")
    page.fill("#answer", "Officer Quincy Marrowby says that it is right.")
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Look at this first").wait_for()
    check(page, "look")


def test_an_error_is_reported_without_scripts_by_keyboard(browser, address):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.set_default_timeout(WAIT)
    page.goto(f"{address}/corrections/new?dataset=calls-for-service&about=25-000123")
    page.focus("#text")
    page.keyboard.type("The month is wrong")
    for _ in range(2):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Your report has the number 1").wait_for()
    assert page.context.cookies() == []

"""An editor gives a table a view of the explorer by keyboard; it is seen there, and in a page of another site."""

import os
import re

import ckan.plugins.toolkit as tk
import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import console
from helpers.counted import load_spread
from helpers.users import PASSWORD, signed_in
from test_release_by_keyboard import check, tab_to

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.site.explore.view import TYPE

pytestmark = pytest.mark.usefixtures("with_plugins", "spread")

TABLE = "calls-for-service"
RESOURCE = f"/dataset/{TABLE}/resource/{resource_id(TABLE)}"
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""


@pytest.fixture
def spread(once):
    return once(load_spread)


@pytest.fixture
def page(browser):
    opened = browser.new_page(viewport={"width": 1280, "height": 844})
    opened.set_default_timeout(90_000)
    opened.width, opened.said = 1280, console.said(opened)
    yield opened
    opened.close()


def look(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/view_{name}.png", full_page=True)


def sign_in(page, address):
    page.goto(f"{address}/user/login")
    page.fill("input[name=login]", signed_in(capacity="editor")["name"])
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")


def tab_to_field(page, name):
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    pytest.fail(f"no Tab reaches the field {name!r}")


def add_by_keyboard(page, address):
    """Fill in CKAN's form; a mistake is said at its field, and what was typed stays."""
    page.goto(f"{address}{RESOURCE}/new_view?view_type={TYPE}")
    tab_to_field(page, "title")
    page.keyboard.type("Traffic by week")
    tab_to_field(page, "face")
    page.keyboard.type("Charts")
    tab_to_field(page, "filter")
    page.keyboard.type("teem=Team 1")
    with page.expect_navigation():
        tab_to(page, "Add")
        page.keyboard.press("Enter")
    look(page, "form")
    faults = Axe().run(page, context="form:has(#field-filter)", options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    assert faults.violations_count == 0, faults.generate_report()
    wrong = page.locator("#field-filter").locator("xpath=ancestor::*[contains(@class, 'form-group')][1]")
    assert "teem: there is no parameter" in wrong.inner_text()
    assert page.locator("#field-filter").input_value() == "teem=Team 1"
    tab_to_field(page, "filter")
    page.keyboard.press("Control+A")
    page.keyboard.type(f"{address}/dataset/{TABLE}/explore?call_category=Traffic&by=week")
    with page.expect_navigation():
        tab_to(page, "Add")
        page.keyboard.press("Enter")
    (made,) = [
        one for one in tk.get_action("resource_view_list")({}, {"id": resource_id(TABLE)}) if one["title"] != "Explore"
    ]
    assert (made["face"], made["filter"]) == ("charts", "call_category=Traffic&by=week")
    return f"{RESOURCE}/view/{made['id']}"


def test_staff_add_it_by_keyboard_and_it_stands_here_and_in_a_page_of_another_site(page, address):
    sign_in(page, address)
    path = add_by_keyboard(page, address)
    page.goto(address + RESOURCE)
    page.get_by_role("link", name="Traffic by week").click()
    frame = page.frame_locator(f'iframe[src$="{path.removeprefix(RESOURCE)}"]')
    frame.locator('[data-cpdi-face="charts"][data-ready]').wait_for()
    frame.locator('.cp-ex-numbers:not([aria-busy="true"])').wait_for()
    here, asked = page.url, frame.locator("[data-asked]")
    assert asked.inner_text() == "Filter: Category: Traffic"
    page.wait_for_function(
        "() => document.querySelector('.ckanext-datapreview iframe').clientHeight > 1500"
    )  # it grows with what is in it
    look(page, "resource")

    # On a phone too the view comes before the dictionary, as it does for the keyboard.
    page.set_viewport_size({"width": 390, "height": 844})
    tops = "['.module-resource', '.primary', '.secondary'].map(one => document.querySelector(one).offsetTop)"
    view, dictionary, others = page.evaluate(tops)
    assert view < min(dictionary, others)
    page.set_viewport_size({"width": 1280, "height": 844})

    # What is pressed in the frame changes the frame, and neither address nor history of the page around it.
    steps = page.evaluate("history.length")
    bars = frame.locator('[role="option"][aria-selected="false"]')
    bars.first.press("Space")
    back = frame.get_by_role("button", name="Back to the filter of this view")
    back.wait_for()
    assert asked.inner_text().startswith("Filter: Category: Traffic, ")
    whole = frame.get_by_role("link", name="Explore these rows")
    assert "call_category=Traffic" in whole.get_attribute("href")
    assert "by=week" in whole.get_attribute("href")
    assert (page.url, page.evaluate("history.length")) == (here, steps)
    back.press("Enter")  # by key, as what was before: what the counts say may move a button under a mouse
    asked.filter(has_text=re.compile("Traffic$")).wait_for()
    assert whole.evaluate("one => one === document.activeElement")

    elsewhere(page, address, path)
    embedded(page, address, path)
    assert page.said == []


def elsewhere(page, address, path):
    """In a page of another site it works as well, in the reader's language."""
    frame = f'<iframe title="Calls" width="700" height="600" src="{address}/es{path}">'
    html = f'<!doctype html><html lang="es"><title>News</title>{frame}'
    page.route("http://elsewhere.example/", lambda route: route.fulfill(content_type="text/html", body=html))
    page.goto("http://elsewhere.example/")
    frame = page.frame_locator("iframe")
    frame.locator('[data-cpdi-face="charts"][data-ready]').wait_for()
    assert frame.locator("[data-asked]").inner_text() == "Filtro: Categoría: Tránsito"
    look(page, "elsewhere")


def embedded(page, address, path):
    """The page of the frame is usable by everybody, wide and on a phone."""
    for width in (1280, 390):
        page.width = width
        page.set_viewport_size({"width": width, "height": 844})
        page.goto(address + path)
        page.locator('[data-cpdi-face="charts"][data-ready]').wait_for()
        page.locator('.cp-ex-numbers:not([aria-busy="true"])').wait_for()
        look(page, f"frame_{width}")
        # On paper, which has another width, drawings are scaled, not cut off.
        assert page.locator(".cp-ch-svg[viewBox]").count() == page.locator(".cp-ch-svg").count() > 0
        check(page, path)

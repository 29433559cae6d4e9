"""The map of an explorer follows its filter: it says as many rows as the CSV of the same address has places of."""

import csv
import io
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import console
from helpers.counted import load_spread

pytestmark = pytest.mark.usefixtures("with_plugins", "spread")

TABLE = "calls-for-service"


@pytest.fixture
def spread(once):
    return once(load_spread)


def test_the_map_has_the_rows_of_the_filter_and_breaks_no_rule_of_the_page(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    said = console.said(page)
    page.set_default_timeout(90_000)
    page.goto(f"{address}/dataset/{TABLE}/explore?call_category=Traffic")
    page.locator(".cp-map").scroll_into_view_if_needed()
    page.locator(".cp-map[data-drawn]").wait_for()
    traffic = placed(page, address)
    in_view(page, traffic)
    found = Axe().run(page, context=".cp-map")
    assert found.violations_count == 0, found.generate_report()
    with page.expect_response(lambda one: "/tiles/" in one.url and "Traffic" not in one.url):
        page.evaluate("history.pushState(null, '', '?'); dispatchEvent(new PopStateEvent('popstate'))")
    everything = placed(page, address)
    assert 0 < traffic < everything
    in_view(page, everything)
    shades_of_all = shades(page)
    for asked in ("?call_category=Traffic", "?call_category=Traffic&counts_as_event=yes"):
        page.evaluate("(asked) => history.pushState(null, '', asked)", asked)
        page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    number = placed(page, address)
    assert 0 < number < everything
    in_view(page, number)
    changed = shades(page)
    assert changed != shades_of_all
    # The cells are those of the last question, whatever tiles were on their way: as of a page that begins with it.
    page.reload()
    page.locator(".cp-map").scroll_into_view_if_needed()
    page.locator(".cp-map[data-drawn]").wait_for()
    in_view(page, number)
    assert shades(page) == changed
    assert said == []
    page.close()


def shades(page):
    """Return the shades of the cells once the map has all of its tiles."""
    page.wait_for_timeout(1500)
    page.locator(".cp-map-frame[aria-busy=false]").wait_for()
    return page.locator(".cp-map-scale").inner_text()


def placed(page, address):
    question = page.evaluate("location.search")
    with urllib.request.urlopen(f"{address}/data/{TABLE}.csv{question}", timeout=60) as answer:
        return sum(bool(row["longitude"]) for row in csv.DictReader(io.StringIO(answer.read().decode())))


def in_view(page, number):
    page.locator(".cp-map-live").filter(has_text=re.compile(rf"^{number:,} calls? in the part")).wait_for()

"""A reader looks at the map of a table: by mouse, by keyboard alone, on a desk and on a phone, in either language."""

import os
import re
from collections import Counter

import ckan.plugins.toolkit as tk
import pytest
from helpers import console
from helpers.map_service import MapService
from test_release_by_keyboard import check, tab_to

from ckanext.cpdi.catalog.parts import resource_id

pytestmark = pytest.mark.usefixtures("with_plugins", "standing")

TABLE = "calls-for-service"
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures of the map, for whoever wants to look."""
PATIENCE = 90_000
"""Milliseconds; a map is drawn without a graphics card."""
HOSTILE = '<img src=x onerror="document.title=1">'
HERE, THERE = [-79.9375, 32.785], [-79.96, 32.80]


def row(number, where, category="Traffic", **others):
    properties = {
        "incident_number": f"26-{number:06}", "call_datetime": "2026-11-01T23:30:00-04:00", "time_precision": "minute",
        "call_category": category, "problem": "Traffic Stop", "block_address": "100 block of Quill St",
        "counts_as_event": True, "longitude": where[0], "latitude": where[1], **others,
    }  # fmt: skip
    geometry = {"type": "Point", "coordinates": where}
    return {"type": "Feature", "id": number, "geometry": geometry, "properties": properties}


ROWS = [
    *(row(number, HERE) for number in range(1, 13)),
    row(13, HERE, "Alarm", problem=HOSTILE, time_precision="month"),
    *(row(20 + number, [THERE[0] + number / 1000, THERE[1]], "Alarm") for number in range(5)),
]


@pytest.fixture
def service():
    return MapService(TABLE, ROWS, "call_category", "call_datetime")


@pytest.fixture
def page(request, browser, service):
    width = getattr(request, "param", 1280)
    opened = browser.new_page(viewport={"width": width, "height": 844})
    opened.set_default_timeout(PATIENCE)
    opened.width, opened.said = width, console.said(opened)
    service.answer(opened)
    yield opened
    opened.close()


def open_map(page, address, path=f"/dataset/{TABLE}"):
    page.goto(address + path)
    page.locator(".cp-map").first.scroll_into_view_if_needed()
    page.locator(".cp-map[data-ready]").wait_for()
    page.locator(".cp-map-live").filter(has_text=re.compile(r"\d")).wait_for()
    settled(page)


def settled(page):
    """Wait until everything in view is drawn."""
    page.locator('.cp-map-frame[aria-busy="false"]').wait_for()


def closer(page):
    """Show the surroundings of the rows that lie together, by the button of one of them."""
    page.locator(".cp-map-rows button").first.click()
    page.locator(".cp-map-panel dl").wait_for()
    settled(page)


def look(page, name):
    check(page, name)
    assert page.said == []
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


@pytest.fixture
def view():
    """The address of the view of the table."""
    (listed,) = tk.get_action("resource_view_list")({}, {"id": resource_id(TABLE)})
    return f"/dataset/{TABLE}/resource/{resource_id(TABLE)}/view/{listed['id']}"


@pytest.mark.parametrize("page", [1280, 390], ids=["desk", "phone"], indirect=True)
def test_the_map_is_usable_by_everybody_and_breaks_no_rule_of_the_page(page, address, service, view):
    open_map(page, address, view)
    assert page.locator(".cp-map-live").inner_text() == f"{len(ROWS)} calls in the part of the map that is shown."
    assert any("/tiles/WebMercatorQuad/" in url for url in service.asked)
    legend = page.locator(".cp-map-legend")
    assert "CALLS IN A CELL" in legend.inner_text().upper()
    look(page, "map-far")
    closer(page)
    assert legend.get_by_text("The larger a circle").is_visible()
    look(page, "map-near")


def test_a_click_on_rows_that_lie_together_turns_them_over_one_by_one(page, address):
    open_map(page, address)
    closer(page)
    page.locator(".cp-map-close").click()
    canvas = page.locator(".maplibregl-canvas")
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    panel = page.locator(".cp-map-panel")
    panel.get_by_text("1 of 13 here").wait_for()
    said = panel.inner_text()
    assert HOSTILE in said  # the text of a cell, and nothing but text
    assert page.locator(".cp-map-panel img").count() == 0
    assert "November 2026" in said
    assert "11:30" not in said  # no finer than the row's own precision
    panel.get_by_role("button", name="Next").click()
    panel.get_by_text("2 of 13 here").wait_for()
    assert "Nov 1, 2026, 11:30" in panel.inner_text()
    page.keyboard.press("Escape")
    assert not panel.is_visible()
    assert page.evaluate("document.activeElement.className") == "maplibregl-canvas"
    assert page.said == []


def test_the_keyboard_alone_finds_a_cell_comes_closer_and_reads_a_row(page, address):
    open_map(page, address)
    tab_to(page, "Whole area")
    page.keyboard.press("Shift+Tab")
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("Nothing at the centre|in this cell")).wait_for()
    page.locator(".cp-map-rows button").first.focus()
    page.keyboard.press("Enter")
    page.locator(".cp-map-panel dl").wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H3"
    page.keyboard.press("Escape")
    settled(page)
    page.keyboard.press("Enter")  # what lies at the centre now
    page.locator(".cp-map-panel").get_by_text("1 of 13 here").wait_for()


def test_a_category_that_is_switched_off_leaves_map_and_table(page, address, service):
    open_map(page, address)
    page.get_by_role("checkbox", name="Traffic").uncheck()
    page.get_by_role("status").filter(has_text="6 calls in the part of the map").wait_for()
    assert "NOT+IN+%28%27Traffic%27%29" in service.asked[-1]
    assert "Traffic" not in page.locator(".cp-map-rows tbody").inner_text().replace("Traffic Stop", "")
    page.get_by_role("button", name="Show all").click()
    page.get_by_role("status").filter(has_text=f"{len(ROWS)} calls").wait_for()


def test_the_table_turns_its_pages_at_the_portals_own_address(page, address, service):
    open_map(page, address)
    assert "10 of the 18 calls in view" in page.locator(".cp-map-rows").inner_text()
    page.get_by_role("button", name="Next").click()
    page.get_by_text("8 of the 18 calls in view").wait_for()
    assert service.asked[-1].startswith(address)  # though the service names another in its links
    page.get_by_role("button", name="Previous").click()
    page.get_by_text("10 of the 18 calls in view").wait_for()


def test_a_service_that_is_away_is_said_and_the_map_comes_back(page, address, service):
    open_map(page, address)
    service.broken = True
    page.locator(".maplibregl-ctrl-zoom-in").click()
    page.get_by_text(re.compile("cannot be loaded at the moment")).first.wait_for()
    service.broken = False
    page.locator(".maplibregl-ctrl-zoom-out").click()
    page.get_by_role("status").filter(has_text=f"{len(ROWS)} calls").wait_for()


def test_the_view_stands_in_a_page_of_another_site(browser, address, service, view):
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    said = console.said(page)
    page.set_default_timeout(PATIENCE)
    service.answer(page)
    html = f'<title>News</title><iframe title="Map" width="700" height="600" src="{address}/es{view}">'
    page.route("http://elsewhere.example/", lambda route: route.fulfill(content_type="text/html", body=html))
    page.goto("http://elsewhere.example/")
    frame = page.frame_locator("iframe")
    frame.locator(".cp-map[data-ready]").wait_for()
    frame.get_by_text(f"{len(ROWS)} llamadas en la parte visible del mapa.").wait_for()
    assert said == []
    page.close()


def test_without_a_card_that_draws_the_table_has_the_rows(browser, address, service):
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.set_default_timeout(PATIENCE)
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    service.answer(page)
    page.goto(f"{address}/dataset/{TABLE}")
    page.locator(".cp-map").first.scroll_into_view_if_needed()
    page.get_by_text("This browser cannot draw the map.").wait_for()
    page.get_by_text("10 of the 18 calls in view").wait_for()
    page.close()


def test_nothing_of_a_map_is_loaded_before_it_is_about_to_be_seen(browser, address):
    page, asked = browser.new_page(viewport={"width": 390, "height": 300}), []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/dataset/{TABLE}")
    page.wait_for_timeout(1000)
    assert len([url for url in asked if url.startswith(f"{address}/cpdi/explore/maps-")]) == 1
    assert not [url for url in asked if re.search("maplibre|/tiles/|/view-", url)]
    page.close()


def test_cells_and_rows_are_those_of_the_portals_own_services(browser, address):
    collection = tk.get_action("datastore_search")({}, {"resource_id": resource_id(TABLE), "limit": 32000})["records"]
    placed = {row["_id"]: row for row in collection if row["longitude"] is not None}
    page = browser.new_page(viewport={"width": 1280, "height": 844})
    page.set_default_timeout(PATIENCE)
    tiles = []
    page.on("response", lambda answer: tiles.append(answer.status) if "/tiles/" in answer.url else None)
    open_map(page, address)
    assert set(tiles) <= {200, 204}
    assert 200 in tiles
    assert "and more" in page.locator(".cp-map-scale").inner_text()
    assert page.locator(".cp-map-live").inner_text().startswith(f"{len(placed)} calls in the part")
    for _ in range(2):
        page.get_by_role("button", name="Next").click()
        page.locator('.cp-map-table[aria-busy="false"]').wait_for()
    assert f"10 of the {len(placed)} calls in view" in page.locator(".cp-map-rows caption").inner_text()
    page.locator(".cp-map-rows button").first.click()
    number = page.locator(".cp-map-panel dd").first
    number.wait_for()
    assert number.inner_text() in {row["incident_number"] for row in placed.values()}
    category = Counter(row["call_category"] for row in placed.values()).most_common(1)[0][0]
    kept = sum(row["call_category"] != category for row in placed.values())
    page.locator(".cp-map-close").click()
    page.locator(".cp-map-whole").click()
    page.get_by_role("checkbox", name=category).uncheck()
    page.get_by_role("status").filter(has_text=f"{kept} calls in the part").wait_for()
    page.close()

"""The map of an explorer follows its filter: it says as many rows as the CSV of the same address has places of."""

import base64
import csv
import io
import re
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import console
from helpers.base_map import CREDIT, base_maps
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
    # Areas are switched in the legend, by keys as well; which are shown is in the address, and asked of no service.
    page.get_by_role("checkbox", name="Team", exact=True).press("Space")
    page.wait_for_url(re.compile(r"layers=boundary$"))
    page.reload()
    page.locator(".cp-map").scroll_into_view_if_needed()
    page.locator(".cp-map[data-drawn]").wait_for()
    shown = [page.get_by_role("checkbox", name=name, exact=True).is_checked() for name in ("City boundary", "Team")]
    assert shown == [True, False]
    assert said == []
    page.close()


def shades(page):
    """Return the shades of the cells once the map has all of its tiles."""
    page.wait_for_timeout(1500)
    page.locator(".cp-map-frame[aria-busy=false]").wait_for()
    return page.locator(".cp-map-scale").inner_text()


def placed(page, address):
    return sum(bool(row["longitude"]) for row in rows_of(page, address))


def rows_of(page, address):
    """Return the rows of the CSV of the address that the page is at."""
    question = page.evaluate("location.search")
    with urllib.request.urlopen(f"{address}/data/{TABLE}.csv{question}", timeout=60) as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode())))


def in_view(page, number):
    page.locator(".cp-map-live").filter(has_text=re.compile(rf"^{number:,} calls? in the part")).wait_for()


def test_a_place_is_drawn_by_keys_and_by_mouse_and_rows_on_no_map_are_said(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(90_000)
    page.goto(f"{address}/dataset/{TABLE}/explore")
    page.locator(".cp-map").scroll_into_view_if_needed()
    page.locator(".cp-map[data-drawn]").wait_for()
    said, canvas = page.locator(".cp-map-said"), page.locator(".cp-map .maplibregl-canvas")

    rows = rows_of(page, address)
    lost = [row for row in rows if not row["longitude"]]
    in_team = sum(bool(row["team"]) for row in lost)
    assert 0 < in_team < len(lost)
    beside = page.locator(".cp-map-unplaced")
    words = f"{len(rows):,} calls under this filter; {len(lost)} are on no map. {in_team} of these"
    beside.filter(has_text=words).wait_for()

    # A box by keys alone: the corner that was taken back is none of it.
    page.get_by_role("button", name="Draw a box").press("Enter")
    assert page.evaluate("document.activeElement.className") == "maplibregl-canvas"
    for key in ("Enter", "ArrowRight", "Backspace", "Enter"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)  # the map glides
    said.filter(has_text="Corner 1 set at").wait_for()
    assert Axe().run(page, context=".cp-map").violations_count == 0
    for key in ("ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
        page.wait_for_timeout(700)
    page.keyboard.press("Enter")
    said.filter(has_text="The filter has the drawn box.").wait_for()
    page.wait_for_url(re.compile("bbox="))
    assert all(len(side.partition(".")[2]) <= 5 for side in re.search("bbox=([^&]+)", page.url)[1].split(","))
    beside.filter(has_text=re.compile("all on the map|^$")).wait_for()
    page.get_by_role("button", name="Leave out: In the drawn box").click()
    page.wait_for_url(lambda url: "bbox" not in url)

    # A shape by mouse; one that crosses itself is none, and says so.
    box = canvas.bounding_box()

    def click(*corners):
        for x, y in corners:
            canvas.click(position={"x": box["width"] * x, "y": box["height"] * y})

    page.get_by_role("button", name="Draw a shape").click()
    click((0.3, 0.3), (0.7, 0.7), (0.7, 0.3), (0.3, 0.7), (0.3, 0.3))
    said.filter(has_text="cross each other").wait_for()
    page.get_by_role("button", name="Remove the last corner").click()
    page.get_by_role("button", name="Close the shape").click()
    page.wait_for_url(re.compile("POLYGON"))
    assert page.get_by_role("button", name="Leave out: In the drawn area").is_visible()
    in_view(page, placed(page, address))

    # Near what a click says; Escape leaves off and changes nothing.
    click((0.5, 0.47))  # within a cell, whose edge is near the middle
    page.get_by_role("button", name="Within 500 m of here").click()
    page.wait_for_url(re.compile("S_DWITHIN"))
    assert "POLYGON" not in page.url
    before = page.url
    page.get_by_role("button", name="Within 500 m of a place").press("Enter")
    page.keyboard.press("Escape")
    said.filter(has_text="The filter is as it was.").wait_for()
    assert page.url == before

    # What is on no map is a click away.
    page.get_by_role("button", name="Leave out: Within 500 m").click()
    shown = page.get_by_role("link", name="Show them in the table")
    assert shown.get_attribute("target") == "_top"  # in a frame of another site no page of ours is let in
    shown.click()
    page.wait_for_url(re.compile("longitude__empty=yes"))
    page.locator(f"[data-cpdi-face=table] [aria-rowcount='{len(lost) + 1}']").wait_for()
    shown.wait_for(state="detached")  # pressed again, it would add its condition once more
    page.close()


PINK = (214, 40, 160)


def test_the_operators_base_map_lies_below_and_no_other_site_is_asked(
    browser, address, ckan_config, monkeypatch, tmp_path
):
    with base_maps(tmp_path, PINK) as (origin, asked):
        for name in ("city.pmtiles", "style.json"):
            monkeypatch.setitem(ckan_config, "ckanext.cpdi.base_map", f"{origin}/{name}")
            monkeypatch.setitem(ckan_config, "ckanext.cpdi.base_map_attribution", "Base <b>by</b> the city")
            page, sites = browser.new_page(viewport={"width": 1280, "height": 844}), set()
            said = console.said(page)
            page.set_default_timeout(90_000)
            page.on("request", lambda one, sites=sites: sites.add("/".join(one.url.split("/")[:3])))
            page.goto(f"{address}/dataset/{TABLE}/explore")
            page.locator(".cp-map").scroll_into_view_if_needed()
            page.locator(".cp-map[data-drawn]").wait_for()
            shades(page)
            credit = page.locator(".maplibregl-ctrl-attrib").inner_text()
            assert CREDIT in credit
            assert "Base <b>by</b> the city" in credit
            assert seen(page, browser) == list(PINK)
            assert said == []
            assert {site for site in sites if site.startswith("http")} == {address, origin}
            page.close()
    assert ("city.pmtiles", "bytes=0-16383") in asked
    assert {name for name, _ in asked} == {"city.pmtiles", "style.json", "all.png"}


def seen(page, browser):
    """Return the colour of a place on the map where nothing of the portal's is drawn."""
    picture = base64.b64encode(page.locator(".cp-map .maplibregl-canvas").screenshot()).decode()
    other = browser.new_page()
    colour = other.evaluate(
        """async (picture) => {
          const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${picture}`)).blob());
          const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
          context.drawImage(image, 0, 0);
          return [...context.getImageData(8, image.height / 2, 1, 1).data.slice(0, 3)];
        }""",
        picture,
    )
    other.close()
    return colour

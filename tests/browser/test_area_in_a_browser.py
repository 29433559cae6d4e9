"""A reader searches for datasets by a box: drawn, taken by keyboard, or written without scripts."""

import os

import pytest
from helpers import console
from test_release_by_keyboard import check

pytestmark = pytest.mark.usefixtures("with_plugins", "standing")

TABLE = "calls-for-service"
FAR = {"ext_west": "1", "ext_south": "2", "ext_east": "3", "ext_north": "4"}
SHOTS = os.environ.get("CPDI_SHOTS", "")


@pytest.fixture
def page(request, browser):
    width = getattr(request, "param", 1280)
    opened = browser.new_page(viewport={"width": width, "height": 844})
    opened.set_default_timeout(90_000)
    opened.width, opened.said = width, console.said(opened)
    yield opened
    opened.close()


def open_form(page, address):
    page.goto(f"{address}/dataset/?q=calls")
    page.locator("summary", has_text="Search by area").click()
    page.locator(".cp-map[data-ready]").wait_for()


def sides(page):
    return [float(page.locator(f"input[name={name}]:not([type=hidden])").input_value()) for name in FAR]


def send(page):
    with page.expect_navigation():
        page.get_by_role("button", name="Search here").click()


@pytest.mark.parametrize("page", [1280, 390], ids=["desk", "phone"], indirect=True)
def test_a_box_is_drawn_and_finds_what_lies_in_it(page, address):
    open_form(page, address)
    page.get_by_role("button", name="Draw a box").click()
    box = page.locator(".maplibregl-canvas").bounding_box()
    corners = [(box["x"] + box["width"] * part, box["y"] + box["height"] * part) for part in (0.3, 0.7)]
    page.mouse.move(*corners[0])
    page.mouse.down()
    page.mouse.move(*corners[1], steps=3)
    page.mouse.up()
    west, south, east, north = sides(page)
    assert -81 < west < east < -79
    assert 32 < south < north < 34
    send(page)
    assert "q=calls" in page.url
    assert page.locator(f'a[href="/dataset/{TABLE}"]').count() == 1
    assert "Areas in this box: Team" in page.locator(".cp-area").inner_text()
    page.locator(".cp-map[data-ready]").wait_for()
    assert sides(page) == [west, south, east, north]
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/search-{page.width}.png", full_page=True)
    check(page, "search by area")
    assert page.said == []


def test_the_keyboard_draws_a_box(page, address):
    open_form(page, address)
    page.get_by_role("button", name="Draw a box").press("Enter")
    for keys in (("Enter", "ArrowLeft", "ArrowDown"), ("Enter",)):
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(700)  # the map glides
    page.get_by_text("The form has the drawn box.").wait_for()
    west, south, east, north = sides(page)
    assert -81 < west < east < -79.8
    assert 32 < south < north < 33


def test_four_numbers_do_without_scripts(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/dataset/")
    page.locator("summary", has_text="Search by area").click()
    for name, value in FAR.items():
        page.fill(f"input[name={name}]", value)
    page.get_by_role("button", name="Search here").click()
    page.wait_for_url("**ext_north=4**")
    assert page.locator(f'a[href="/dataset/{TABLE}"]').count() == 0
    page.get_by_role("link", name="Search everywhere").click()
    page.locator(f'a[href="/dataset/{TABLE}"]').first.wait_for()
    context.close()

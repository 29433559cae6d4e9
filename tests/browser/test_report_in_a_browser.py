"""A reader opens a report at the page of a hit: by mouse, by keyboard alone, on a phone, without scripts."""

import os
from datetime import date

import pytest
from helpers import console
from helpers.reports import WEEKLY, publish, week
from test_release_by_keyboard import check, tab_to

pytestmark = pytest.mark.usefixtures("with_plugins", "standing_reports")
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
PATIENCE = 90_000
URL = f"/reports/{WEEKLY}/2024-03-24"


@pytest.fixture
def standing_reports(once):
    once(lambda _folder: fill())


def fill():
    texts = [
        "First page",
        "Second page",
        "Two stolen bicycles were\nrecovered. Stolen bicycle.",
        "Stolen bicycles again",
    ]
    publish(WEEKLY, week(date(2024, 3, 17)), ["Earlier"])
    publish(WEEKLY, week(date(2024, 3, 24)), texts)


@pytest.fixture
def page(request, browser):
    width = getattr(request, "param", 1280)
    opened = browser.new_page(viewport={"width": width, "height": 844})
    opened.set_default_timeout(PATIENCE)
    opened.width, opened.said = width, console.said(opened)
    yield opened
    opened.close()


BOXES = """() => [".cp-sheet-hit.cp-current div", ".cp-sheet-text span"].map(
    (one) => document.querySelector(one).getBoundingClientRect().toJSON())"""


def look(page, name):
    check(page, name)
    assert page.said == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


@pytest.mark.parametrize("page", [1280, 390, 320], ids=["desk", "phone", "small"], indirect=True)
def test_a_hit_opens_at_its_page_with_the_words_marked(page, address):
    page.goto(f"{address}/reports/search?q=%22stolen+bicycles%22")
    look(page, "report-search")
    page.get_by_role("link", name="page 3").click()
    page.locator(".cp-viewer[data-ready]").wait_for()
    assert page.get_by_role("status").filter(has_text="Page 3 of 4 · place 1 of").is_visible()
    assert page.locator(".cp-sheet-text").inner_text().startswith("Two stolen bicycles")
    marked, words = page.evaluate(BOXES)  # at once: the page still scrolls to the hit
    assert words["x"] < marked["x"] < words["x"] + words["width"]
    assert abs(marked["y"] - words["y"]) < 4
    look(page, "report")


def test_the_keyboard_alone_turns_pages_goes_from_hit_to_hit_and_changes_the_size(page, address):
    page.goto(f"{address}{URL}?page=3&q=stolen")
    page.locator(".cp-viewer[data-ready]").wait_for()
    live = page.locator(".cp-viewer-live")
    assert live.inner_text() == "Page 3 of 4 · place 1 of 2 on this page"
    tab_to(page, "↓")
    page.keyboard.press("Enter")
    assert live.inner_text() == "Page 3 of 4 · place 2 of 2 on this page"
    page.keyboard.press("Enter")
    live.filter(has_text="Page 4 of 4 · place 1 of 1").wait_for()
    assert page.url.endswith("?page=4&q=stolen")
    page.locator(".cp-stage").focus()
    page.keyboard.press("PageUp")
    live.filter(has_text="Page 3 of 4").wait_for()
    for _ in range(9):  # scrolls the page first, which takes a moment, then turns it
        page.keyboard.press("PageDown")
        page.wait_for_timeout(500)
    live.filter(has_text="Page 4 of 4").wait_for()
    wide = page.locator(".cp-sheet").bounding_box()["width"]
    page.keyboard.press("+")
    page.wait_for_function("wide => document.querySelector('.cp-sheet').clientWidth > wide + 1", arg=wide)
    page.keyboard.press("0")
    assert live.inner_text().startswith("Page 4 of 4 · place 1 of 1")  # what is current stays so at another size
    page.wait_for_function("wide => Math.abs(document.querySelector('.cp-sheet').clientWidth - wide) < 2", arg=wide)
    assert page.said == []


def test_a_page_that_is_none_is_left_out(page, address):
    page.goto(f"{address}{URL}?page=99")
    page.locator(".cp-viewer[data-ready]").wait_for()
    live = page.locator(".cp-viewer-live")
    assert live.inner_text() == "Page 4 of 4"
    number = page.get_by_role("textbox", name="Page number")
    for wrong in ("77", "x", "0"):
        number.fill(wrong)
        number.press("Enter")
    number.fill("2")
    number.press("Enter")
    live.filter(has_text="Page 2 of 4").wait_for()
    assert page.get_by_role("link", name="Read as text").get_attribute("href").endswith("#page-2")


def test_nothing_but_the_portal_is_asked_and_no_worker_comes_from_elsewhere(page, address):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}{URL}")
    page.locator(".cp-viewer[data-ready]").wait_for()
    assert any(url.endswith("/pdf.worker.min.mjs") for url in asked)
    assert all(url.startswith(address) for url in asked)


def test_without_scripts_there_are_picture_pdf_and_text(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{address}{URL}?q=stolen&page=3")
    assert page.locator(".cp-report-picture img").evaluate("image => image.naturalWidth") > 0
    page.get_by_role("link", name="Read as text").click()
    assert page.locator("#page-3 mark").first.inner_text() == "stolen"
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/report-text-390.png", full_page=True)
    context.close()


def test_where_the_viewer_cannot_come_the_picture_stays(page, address):
    page.route("**/pdf.worker.min.mjs", lambda route: route.abort())
    page.goto(f"{address}{URL}")
    page.get_by_text("This browser cannot show the report here").wait_for()
    assert page.locator(".cp-report-picture img").is_visible()

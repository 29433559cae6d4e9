"""A reader goes from the home page to a file, with a keyboard, on a desk and on a phone."""

import csv

import pytest
from helpers.help import HELP

DATASET = "calls-for-service"

pytestmark = pytest.mark.usefixtures("with_plugins", "standing")


@pytest.fixture(params=[1280, 390], ids=["desk", "phone"])
def page(request, browser):
    opened = browser.new_page(viewport={"width": request.param, "height": 844}, accept_downloads=True)
    opened.width = request.param
    yield opened
    opened.close()


def test_from_home_to_a_file_with_every_published_row(page, address, standing, tmp_path):
    page.goto(address)
    assert page.title().startswith("Police Data Initiative")
    page.get_by_role("link", name="Calls for Service and Officer Initiated Calls", exact=True).click()
    page.wait_for_url(f"**/dataset/{DATASET}")
    assert page.locator("h1").inner_text() == "Calls for Service and Officer Initiated Calls"
    with page.expect_download() as waiting:
        page.locator(f'a[href="/data/{DATASET}.csv"]').first.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert path.suffix == ".csv"
    assert len(rows) == standing.published
    assert {"incident_number", "call_datetime", "time_precision", "block_address"} <= rows[0].keys()


def test_no_page_scrolls_sideways(page, address):
    statuses = {}
    for path in (
        "/",
        f"/dataset/{DATASET}",
        "/help",
        "/help?q=excel",
        *HELP[1:6],
        "/status",
        "/dataset/",
        "/es/",
        "/nothing",
    ):
        statuses[path] = page.goto(address + path).status
        assert page.evaluate("document.documentElement.scrollWidth") <= page.width, path
    assert statuses.pop("/nothing") == 404
    assert set(statuses.values()) == {200}


OVERLAPS = """() => {
  const parts = [...document.querySelectorAll("header a, header button, header input")];
  const boxes = parts.map(one => one.getBoundingClientRect());
  const wide = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1;
  const high = (a, b) => Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  return boxes.flatMap((a, at) => boxes.slice(at + 1).filter(b => wide(a, b) && high(a, b))).length;
}"""


def test_nothing_in_the_header_lies_over_anything_else(page, address):
    for path in ("/", f"/dataset/{DATASET}", "/status", "/status/runs", "/es/"):
        page.goto(address + path)
        assert page.evaluate(OVERLAPS) == 0, path


def test_the_keyboard_reaches_the_content_first_and_shows_where_it_is(page, address):
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_reader_needs_no_script_no_cookie_and_no_other_site(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", f"/dataset/{DATASET}", "/help", "/status"):
        assert page.goto(address + path).ok
    assert not [url for url in asked if not url.startswith(address)]
    assert context.cookies() == []
    context.close()

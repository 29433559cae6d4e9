"""The table of an explorer: all rows of the filter, in any order, by mouse and keyboard, with a link to each."""

import csv
import io
import os
import urllib.request

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers import console
from helpers.counted import load_spread

pytestmark = pytest.mark.usefixtures("with_plugins", "spread")

TABLE = "calls-for-service"
PATH = f"/dataset/{TABLE}/explore"
OWN = ".cp-tb-link[data-number]"
"""Links of the rows that scripts put in the place of those that were printed."""
LOOKS = """() => {
  const box = (part) => document.querySelector(part).getBoundingClientRect();
  const texts = (parts) => [...parts].map((part) => part.textContent.replaceAll("\u202f", " "));
  const rows = [...document.querySelectorAll(".cp-tb tbody:not(.cp-tb-room) tr")].slice(0, 20);
  const isCut = (part) => part.scrollWidth > part.clientWidth + 1 || part.scrollHeight > part.clientHeight + 1;
  return {
    cut: rows.flatMap((row) => texts([...row.querySelectorAll("td > *, .cp-tb-link")].filter(isCut))),
    heights: [...new Set(rows.map((row) => row.offsetHeight))],
    places: [".cp-tb-region", ".cp-tb thead", ".cp-tb tbody:not(.cp-tb-room) td"].map((part) => {
      const { top, left, width, height } = box(part);
      return [top - box("#ex-rows").top, left, width, height].map(Math.round);
    }),
    heads: texts(document.querySelectorAll(".cp-tb-sort")),
    cells: rows.map((row) => texts(row.children)),
    said: texts(document.querySelectorAll(".cp-tb-live")),
  };
}"""
DRAG = "(region, part) => { region.scrollTop = part * (region.scrollHeight - region.clientHeight) }"
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""


@pytest.fixture
def spread(once):
    return once(load_spread)


@pytest.fixture
def page(request, browser):
    opened = browser.new_page(viewport={"width": getattr(request, "param", 1280), "height": 844})
    opened.set_default_timeout(90_000)
    opened.said = console.said(opened)
    yield opened
    assert opened.said == []
    opened.close()


def show(page, address, question=""):
    page.goto(f"{address}{PATH}?{question}")
    page.locator(
        '[data-cpdi-face="charts"][data-ready]'
    ).wait_for()  # charts that come later push the table out of sight
    page.locator('[data-cpdi-face="table"]').scroll_into_view_if_needed()
    page.locator(OWN).first.wait_for()


def numbers(address, question=""):
    """The numbers of the records in the CSV, in their order."""
    with urllib.request.urlopen(f"{address}/data/{TABLE}.csv?{question}", timeout=60) as answer:
        return [row["incident_number"] for row in csv.DictReader(io.StringIO(answer.read().decode()))]


def row(page, at):
    """The first cell of a row; its number counts from 0."""
    found = page.locator(f'.cp-tb tr[aria-rowindex="{at + 2}"] .cp-tb-link')
    found.wait_for()
    return found.inner_text()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", ["", "/es"])
def test_rows_that_are_printed_look_as_those_that_scripts_put_in_their_place(browser, address, language, width):
    seen = []
    for scripts in (False, True):
        opened = browser.new_page(viewport={"width": width, "height": 844})
        if not scripts:  # they do not come, in a browser that would run them
            opened.route("**/explore/*.js", lambda route: route.abort())
        opened.goto(f"{address}{language}{PATH}?team=Team+1#ex-rows")
        if scripts:
            opened.locator(OWN).first.wait_for()
        seen.append(opened.evaluate(LOOKS))
        opened.close()
    assert len(seen[0]["cells"]) == 20
    assert seen[0] == seen[1]
    assert seen[0]["heights"] == [40]
    assert [text for text in seen[0]["cut"] if len(text) < 34] == []  # two lines


@pytest.mark.parametrize("page", [1280, 390], ids=["desk", "phone"], indirect=True)
def test_a_link_to_the_rows_shows_them_whatever_comes_in_above(page, address):
    page.goto(f"{address}{PATH}#ex-rows")
    page.locator(OWN).first.wait_for()
    page.locator('[data-cpdi-face="charts"][data-ready]').wait_for()
    page.locator('.cp-ex-numbers:not([aria-busy="true"])').wait_for()
    page.wait_for_timeout(200)
    assert -1 < page.locator("#ex-rows").evaluate("one => one.getBoundingClientRect().top") < 100
    page.mouse.wheel(0, -3000)  # the reader goes on: nothing holds the page any more
    page.wait_for_function("() => document.querySelector('#ex-rows').getBoundingClientRect().top > 1000")


def test_rows_out_of_sight_are_not_asked_for_and_none_of_another_filter_is_left(page, address):
    """They come when the reader does; until then neither the page nor paper has those of the former filter."""
    show(page, address, "sort=incident_number&columns=incident_number")
    page.evaluate("() => scrollTo({top: 0, behavior: 'instant'})")
    page.wait_for_timeout(300)
    asked = []
    page.on("request", lambda one: asked.append(one.url) if "limit=100" in one.url else None)

    page.locator(".cp-ex-week input").first.click()
    page.wait_for_function("() => document.querySelector('.cp-ex-chip')")
    page.locator('.cp-ex-numbers:not([aria-busy="true"])').wait_for()
    page.wait_for_timeout(300)
    assert asked == []
    assert page.locator(OWN).count() == 0
    assert page.locator(".cp-tb").get_attribute("aria-rowcount") == "1"

    page.locator('[data-cpdi-face="table"]').scroll_into_view_if_needed()
    chosen = page.url.partition("?")[2].replace("columns=incident_number", "")
    assert row(page, 0) == numbers(address, chosen)[0]
    assert len(asked) == 1


def test_rows_in_sight_do_not_wait_for_the_counts(page, address):
    show(page, address, "sort=incident_number&columns=incident_number")
    page.route("**/counts?*", lambda route: None)  # never answered
    with page.expect_request(lambda one: "limit=100" in one.url and "weekday" in one.url):
        page.locator(".cp-ex-week input").first.evaluate("box => box.click()")
    page.locator('.cp-tb-region[aria-busy="false"]').wait_for()
    assert row(page, 0) == numbers(address, page.url.partition("?")[2].replace("columns=incident_number", ""))[0]


@pytest.mark.parametrize("page", [1280, 390], ids=["desk", "phone"], indirect=True)
def test_rows_are_those_of_the_csv_from_the_first_to_the_last(page, address):
    question = "sort=-incident_number&columns=incident_number,call_category,problem,response_minutes"
    show(page, address, question)
    expected = numbers(address, "sort=-incident_number")
    assert page.locator(".cp-tb").get_attribute("aria-rowcount") == str(len(expected) + 1)
    assert page.locator("th[aria-sort='descending']").inner_text().startswith("Incident")
    for at in (0, len(expected) // 2, len(expected) - 1):
        page.locator(".cp-tb-region").evaluate(DRAG, at / (len(expected) - 1))
        assert row(page, at) == expected[at]
    assert page.locator(".cp-tb tbody tr").count() < 60
    found = Axe().run(page, context='[data-cpdi-face="table"]')
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if SHOTS:
        page.locator('[data-cpdi-face="table"]').scroll_into_view_if_needed()
        page.screenshot(path=f"{SHOTS}/table-{page.viewport_size['width']}.png")


def test_the_keyboard_sorts_reads_the_dictionary_chooses_columns_and_links_to_a_row(page, address):
    show(page, address, "columns=incident_number,call_category")
    page.locator('[data-sort="incident_number"]').focus()
    page.keyboard.press("Enter")
    page.locator("th[aria-sort='ascending']").wait_for()
    assert "sort=incident_number" in page.url
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator(".cp-tb-meaning:popover-open").wait_for()
    page.keyboard.press("Escape")
    page.locator(".cp-tb-chooser summary").focus()
    page.keyboard.press("Enter")
    page.locator(".cp-tb-choices label", has_text="Team").first.click()
    page.locator(".cp-tb thead th", has_text="Team").first.wait_for()
    expected = numbers(address, "sort=incident_number")
    assert row(page, 0) == expected[0]
    page.locator(".cp-tb-link").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")  # rows, however many, are one stop
    assert not page.evaluate("document.querySelector('.cp-tb-region').contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    assert page.locator("tr[aria-current]").get_attribute("aria-rowindex") == "5"
    link = page.url.replace("sort=incident_number", "sort=-incident_number")
    page.goto(link)  # the same row, far down now
    page.locator('[data-cpdi-face="charts"][data-ready]').wait_for()
    page.locator('[data-cpdi-face="table"]').scroll_into_view_if_needed()
    marked = page.locator("tr[aria-current] .cp-tb-link")
    marked.wait_for()
    assert marked.inner_text() == expected[3]

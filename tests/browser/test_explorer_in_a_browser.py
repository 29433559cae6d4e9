"""A reader explores a table: every number on the page is that of the CSV of the very address, with few requests."""

import csv
import io
import os
import re
import urllib.parse
import urllib.request
from datetime import date, timedelta

import pytest
from helpers import console
from helpers.counted import load_spread
from helpers.usable import check, lay_out, settle
from test_release_by_keyboard import tab_to

pytestmark = pytest.mark.usefixtures("with_plugins", "spread")

TABLE = "calls-for-service"
PATH = f"/dataset/{TABLE}/explore"
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""


@pytest.fixture
def spread(once):
    return once(load_spread)


@pytest.fixture
def page(request, browser):
    width, language = getattr(request, "param", (1280, "en"))
    opened = browser.new_page(viewport={"width": width, "height": 844}, locale=language)
    opened.set_default_timeout(90_000)
    opened.width, opened.said, opened.asked = width, console.said(opened), []
    opened.on("request", lambda one: opened.asked.append(one.url) if "/counts" in one.url else None)
    yield opened
    opened.close()


def show(page, address, question="", language=""):
    page.goto(f"{address}{language}{PATH}?{question}")
    settled(page)


def settled(page):
    page.locator('[data-cpdi-face="take"][data-ready]').wait_for()
    page.locator(".cp-ex-values input").first.wait_for(state="attached")
    page.locator('.cp-ex-numbers:not([aria-busy="true"])').wait_for()


def number(text):
    return int(re.sub(r"[^\d]", "", re.match(r"[\d.,\s]+", text.strip())[0]) or 0)


def said(page):
    return number(page.locator(".cp-ex-numbers p").first.inner_text())


def rows(page, address):
    """The rows of the CSV that the page leads to."""
    link = page.locator('a[data-format="csv"]').get_attribute("href")
    with urllib.request.urlopen(address + link, timeout=60) as answer:
        return list(csv.DictReader(io.StringIO(answer.read().decode())))


def open_bar(page):
    filters = page.locator(".cp-ex-filter")
    if filters.get_attribute("open") is None:
        filters.locator("summary").first.click()


def choose(page, label):
    open_bar(page)
    with page.expect_response(lambda one: "/counts" in one.url):
        page.locator(".cp-ex-values label", has_text=label).first.click()
    settled(page)


def look(page, name):
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/explore_{name}_{page.width}.png", full_page=True)


@pytest.mark.parametrize("page", [(1280, "en"), (390, "en")], ids=["desk", "phone"], indirect=True)
def test_numbers_are_those_of_the_csv_and_back_goes_back(page, address):
    show(page, address)
    everything = said(page)
    assert everything == len(rows(page, address))
    look(page, "begin")
    check(page, PATH)
    choose(page, "Traffic")
    assert "call_category=Traffic" in page.url
    traffic = rows(page, address)
    assert {row["call_category"] for row in traffic} == {"Traffic"}
    assert 0 < said(page) == len(traffic) < everything
    look(page, "chosen")
    check(page, page.url)
    page.go_back()
    page.wait_for_function("() => !location.search")
    settled(page)
    assert said(page) == everything
    assert len(page.asked) == 2  # back asked nobody
    assert page.said == []

    # Where the portal does not answer, numbers of the filter before do not stand for those of this one.
    page.route("**/counts*", lambda route: route.abort())
    open_bar(page)
    page.locator(".cp-ex-values label", has_text="Alarm").first.click()
    again = page.get_by_role("button", name="Try again now")
    again.wait_for()
    look(page, "away")
    check(page, "away")
    assert not page.locator(".cp-ch-says").first.is_visible()
    assert not page.locator(".cp-ex-count").first.is_visible()
    page.unroute("**/counts*")
    again.press("Enter")
    again.wait_for(state="hidden")
    settled(page)
    assert said(page) == len(rows(page, address)) < everything
    assert page.locator(".cp-ch-says").first.is_visible()


@pytest.mark.parametrize(
    ("language", "question", "why", "way_on"),
    [
        ("", "from=yesterday", "is no day such as", "Clear the filter"),
        ("/es", "area.nothing=x", "no hay áreas", "Quitar el filtro"),
    ],
    ids=["grammar", "server"],
)
def test_a_refused_filter_says_why_once_and_leads_on(page, address, language, question, why, way_on):
    page.goto(f"{address}{language}{PATH}?{question}")
    page.locator('[data-cpdi-face="bar"][data-ready]').wait_for()
    page.locator('.cp-ex-numbers[aria-busy="false"]').wait_for()
    _, reason = page.locator(".cp-ex-numbers p").all_inner_texts()
    assert why in reason
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        check(page, page.url)
        # Neither empty charts nor files that are refused as well.
        assert page.evaluate("document.body.scrollHeight") < 3000
        assert page.locator(".cp-ex-faces > section:visible").count() == 1
    tab_to(page, way_on)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "?" not in url)
    settled(page)
    assert page.locator(".cp-ch-says").first.is_visible()

    # Nor is there English where a filter of a page that was there is refused.
    page.evaluate("(asked) => history.pushState(null, '', asked)", f"?{question}")
    page.evaluate("dispatchEvent(new PopStateEvent('popstate'))")
    page.locator(".cp-ex-numbers p", has_text=why).wait_for()
    check(page, page.url)
    # A browser says that services refused, and nothing else: no field was given what is none of its kind.
    assert [one for one in page.said if "status of 400" not in one] == []


@pytest.mark.parametrize("language", ["", "/es"])
def test_a_filter_without_rows_is_usable_by_everybody(page, address, language):
    show(page, address, "call_category=Traffic&q=zzzznothing", language)
    assert said(page) == 0
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        settle(page)
        check(page, page.url)


MOVED = """
window.moved = [];
new PerformanceObserver((list) => {
  const name = ({ node }) => node?.className || node?.nodeName;
  for (const { sources } of list.getEntries()) window.moved.push(sources.map(name).join());
}).observe({ type: "layout-shift", buffered: true });
"""


@pytest.mark.parametrize("page", [(1280, "en"), (390, "es")], ids=["desk", "phone"], indirect=True)
def test_nothing_moves_when_scripts_put_their_parts_in(page, address):
    page.add_init_script(MOVED)
    show(page, address, language="/es" if page.width == 390 else "")
    page.locator('[data-cpdi-face="map"][data-drawn]').wait_for(state="attached")
    page.locator('.cp-map-frame:not([aria-busy="true"])').wait_for()
    page.wait_for_timeout(200)  # a shift is told with the frame after it
    assert page.evaluate("() => window.moved") == []


def test_each_number_beside_a_value_is_what_choosing_it_shows(page, address):
    show(page, address, "call_category=Traffic")
    items = page.locator(".cp-ex-group").nth(1).locator("li:visible")
    labels = [line.inner_text().split("\n")[0] for line in items.all()[:2]]
    for label in labels:
        line = page.locator(".cp-ex-group").nth(1).locator("li", has_text=label).first
        promised = number(line.locator(".cp-ex-count").inner_text())
        line.locator("label").click()
        page.wait_for_function("n => document.querySelectorAll('.cp-ex-chip').length === n", arg=2)
        settled(page)
        assert said(page) == promised == len(rows(page, address))
        page.go_back()
        page.wait_for_function("n => document.querySelectorAll('.cp-ex-chip').length === n", arg=1)
        settled(page)


def test_the_timeline_is_brushed_by_keys_without_a_request_and_enter_takes_it(page, address):
    show(page, address)
    last = max(row["call_datetime"][:10] for row in rows(page, address) if row["time_precision"] != "month")
    first = date.fromisoformat(last) - timedelta(89)
    show(page, address, f"from={first}&to={last}")
    before = list(page.asked)
    page.locator(".cp-ex-track").focus()
    for key in ("Shift+PageDown", "Shift+ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    brushed = said(page)
    assert f"from={first}&to={last}" in page.url
    page.keyboard.press("Enter")
    page.wait_for_function("day => location.search.includes(day)", arg=f"from={first + timedelta(2)}")
    assert f"to={first + timedelta(3)}" in page.url
    assert page.asked == before
    assert brushed == said(page) == len(rows(page, address))


def test_hours_leave_out_rows_that_show_none(page, address):
    show(page, address)
    open_bar(page)
    night = page.locator("fieldset", has_text="Time of day").locator("select")
    with page.expect_response(lambda one: "/counts" in one.url):
        night.first.select_option("22")
    settled(page)
    with page.expect_response(lambda one: "/counts" in one.url):
        night.last.select_option("2")
    settled(page)
    chosen = rows(page, address)
    assert said(page) == len(chosen) > 0
    assert {row["time_precision"] for row in chosen} <= {"minute", "hour"}
    assert {row["call_datetime"][11:13] for row in chosen} <= {"22", "23", "00", "01"}
    assert "10 PM to 2 AM" in page.locator(".cp-ex-chip").inner_text().replace("\u202f", " ")


def test_what_the_bar_does_not_know_is_kept_and_can_be_left_out(page, address):
    show(page, address, "response_minutes__lte=10&call_category=Traffic&utm_source=mail")
    assert said(page) == len(rows(page, address))
    page.get_by_role("button", name="Leave out: Category: Traffic").click()
    page.wait_for_function("() => !location.search.includes('Traffic')")
    settled(page)
    assert "response_minutes__lte=10" in page.url
    assert "utm_source=mail" in page.url
    assert "utm_source" not in page.asked[-1]
    page.get_by_role("button", name="Clear the filter").click()
    page.wait_for_function("() => !location.search.includes('response')")


def test_a_feed_is_for_a_team_or_an_area_and_no_less(page, address):
    show(page, address)
    assert page.get_by_role("button", name="Subscribe").get_attribute("aria-disabled") == "true"
    assert "Choose a team" in page.locator("#ex-feed").text_content()


@pytest.mark.parametrize("page", [(1280, "es"), (390, "es")], ids=["desk", "phone"], indirect=True)
def test_everything_is_there_in_spanish(page, address):
    show(page, address, "call_category=Traffic&from=2025-01-01", language="/es")
    open_bar(page)
    lay_out(page)
    body = page.locator(".cp-ex").inner_text()
    for word in ("Filtro (2)", "Período", "Hora del día", "Tránsito", "llamada", "Usar como API"):
        assert word in body
    for word in ("Filter", "Period", "Search", "Copy", "Show"):
        assert not re.search(rf"\b{word}\b", body), word
    look(page, "spanish")
    check(page, page.url)


def test_near_me_is_rounded_before_it_leaves_the_browser(page, address):
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"longitude": -79.9372261, "latitude": 32.7847713})
    show(page, address)
    open_bar(page)
    with page.expect_response(lambda one: "/counts" in one.url) as answer:
        page.get_by_role("button", name="Within 500 m of me").click()
    settled(page)
    assert said(page) == len(rows(page, address))
    longitude, latitude = re.search(r"POINT\((-?[\d.]+)\+(-?[\d.]+)\)", urllib.parse.unquote(page.url)).groups()
    assert (longitude, latitude) != ("-79.9372261", "32.7847713")
    assert abs(float(latitude) - 32.7847713) < 0.0005
    assert "79.93722" not in answer.value.url
    assert "32.78477" not in answer.value.url


def test_new_rows_of_a_team_are_a_feed(page, address):
    show(page, address)
    team = next(row["team"] for row in rows(page, address) if row["team"])
    show(page, address, urllib.parse.urlencode({"team": team}))
    link = page.get_by_role("link", name="Subscribe").get_attribute("href")
    with urllib.request.urlopen(address + link, timeout=60) as answer:
        assert answer.headers["Content-Type"].startswith("application/atom+xml")


def some_block(page, address):
    """A row that shows a block with a team."""
    return next(row for row in rows(page, address) if " block of " in row["block_address"] and row["team"])


def ask(page, text):
    """Ask the address box by keyboard."""
    box = page.get_by_label("Address or street")
    box.fill(text)
    box.press("Enter")
    page.locator(".cp-ex-search + .cp-ex-said:not(:empty)").wait_for()
    return page.locator(".cp-ex-search + .cp-ex-said").inner_text()


@pytest.mark.parametrize("page", [(1280, "en"), (390, "en")], ids=["desk", "phone"], indirect=True)
def test_an_address_leads_to_its_block_team_areas_and_who_to_call(page, address):
    show(page, address)
    open_bar(page)
    row = some_block(page, address)
    assert "found" in ask(page, row["block_address"])
    found = page.locator(".cp-ex-found li").first
    assert row["block_address"] in found.inner_text()
    assert f"Team: {row['team']}" in found.inner_text()
    assert page.locator(".cp-ex-found li").last.inner_text().startswith("Questions: Charleston Police Department, ")
    look(page, "address")
    check(page, page.url)
    for _ in range(2):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Within 500 m"
    page.keyboard.press("Tab")
    with page.expect_response(lambda one: "/counts" in one.url):
        page.keyboard.press("Enter")
    settled(page)
    assert {one["block_address"] for one in rows(page, address)} == {row["block_address"]}
    assert page.evaluate("document.activeElement.textContent") == "This block"
    assert page.said == []


def test_an_address_that_nobody_has_is_said_not_to_be_found_and_markup_is_text(page, address):
    show(page, address)
    open_bar(page)
    street = some_block(page, address)["block_address"].partition(" of ")[2].removesuffix(" and nearby")
    assert "No published block has this number" in ask(page, f"99999 {street}")
    assert page.locator(".cp-ex-found strong").count() > 0
    for text in ("1 Nosuchstreet Zzzz", "<img src=x onerror=alert(1)>", "\u202e'; -- %00", "東京都千代田区"):
        assert ask(page, text) == "No published place has this address."
        assert page.locator(".cp-ex-found strong, .cp-ex-found img").count() == 0
    check(page, page.url)
    assert page.said == []


def test_an_answer_that_is_late_does_not_replace_a_newer_one(page, address):
    show(page, address)
    open_bar(page)
    held = []
    page.route("**/places/search?q=first*", lambda route: held.append(route))
    box = page.get_by_label("Address or street")
    with page.expect_request("**/places/search?q=first*"):
        box.fill("first")
        box.press("Enter")
    assert ask(page, "Nosuchstreet") == "No published place has this address."
    late = {"match": "place", "label": "Late", "team": None, "point": None, "areas": {}}
    contact = dict.fromkeys(("department", "name", "phone", "email", "url"), "")
    held[0].fulfill(json={"places": [late], "contact": contact})
    page.wait_for_timeout(200)
    assert "Late" not in page.locator(".cp-ex-filter").inner_text()
    page.route("**/places/search*", lambda route: route.abort())
    assert ask(page, "King St").startswith("Addresses cannot be looked up")


@pytest.mark.parametrize("page", [(390, "es")], ids=["phone"], indirect=True)
def test_a_link_past_a_map_that_is_loaded_on_the_way_leads_where_it_says(page, address):
    show(page, address, language="/es")
    assert page.locator('[data-cpdi-face="map"][data-drawn]').count() == 0
    page.locator('.cp-ex-jump a[href="#ex-charts"]').click()
    page.locator('[data-cpdi-face="map"][data-drawn]').wait_for()
    page.wait_for_timeout(1000)
    assert 0 <= page.locator("#ex-charts").bounding_box()["y"] < 100

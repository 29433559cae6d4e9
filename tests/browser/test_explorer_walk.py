"""What people come for, done as by somebody who never saw the page: by mouse on a desk and by keys on a phone.

With CPDI_SHOTS also by keys on a desk and by mouse on a phone.
"""

from __future__ import annotations

import math
import os
import re
import time
import urllib.parse
import urllib.request
from collections import Counter
from datetime import date, timedelta

import pyogrio
import pytest
from helpers import console
from helpers.counted import load_spread, rows_of

from ckanext.cpdi.site.explore.words import WORDS

pytestmark = pytest.mark.usefixtures("with_plugins", "spread")

PATH = "/dataset/calls-for-service/explore"
NOISE = "Disturbance, noise or trespass"
NIGHT = ("22", "23", "00", "01", "02", "03", "04")
COARSE, HOURLESS = ("month", "quarter"), ("date", "month", "quarter")
SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
FOCUSED = "element => element === document.activeElement"
BEHIND = "element => !!(document.activeElement.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING)"
VIOLATIONS = "addEventListener('securitypolicyviolation', one => console.error('policy: ' + one.blockedURI))"


@pytest.fixture
def spread(once):
    return once(load_spread)


class Mouse:
    """A reader with a mouse; ``acts`` are clicks and keys, ``rows`` the public CSV."""

    def __init__(self, page, address):
        self.page, self.address, self.acts = page, address, 0
        self.began = time.monotonic()
        self.rows = rows_of(read(f"{address}/data/calls-for-service.csv"))
        self.width = page.viewport_size["width"]

    def press(self, target):
        target.click()
        self.acts += 1

    def write(self, target, text):
        self.press(target)
        self.type(text)

    def type(self, text):
        self.page.keyboard.type(text)
        self.acts += len(text)

    def pick(self, target, text):
        target.select_option(label=text)
        self.acts += 2


class Keys(Mouse):
    """A reader with a keyboard alone, who goes from control to control."""

    def reach(self, target):
        for _ in range(200):
            if target.evaluate(FOCUSED):
                return
            self.page.keyboard.press("Shift+Tab" if target.evaluate(BEHIND) else "Tab")
            self.acts += 1
        pytest.fail(f"no Tab reaches {target}")

    def press(self, target):
        self.reach(target)
        self.page.keyboard.press("Space" if target.evaluate("one => one.type === 'checkbox'") else "Enter")
        self.acts += 1

    def write(self, target, text):
        self.reach(target)
        self.type(text)

    def pick(self, target, text):
        self.reach(target)
        self.type(text)


WALKS = {"mouse": (1280, Mouse), "keys": (390, Keys)}
if SHOTS:
    WALKS |= {"desk_keys": (1280, Keys), "phone_mouse": (390, Mouse)}


@pytest.fixture(params=WALKS.values(), ids=WALKS.keys())
def walk(request, browser, address):
    """A reader on the page, with the whole public CSV beside it; fails where the page says or asks what it must not."""
    width, kind = request.param
    page = browser.new_page(viewport={"width": width, "height": 844}, accept_downloads=True)
    page.set_default_timeout(90_000)
    said, hosts = console.said(page), set()
    page.on("request", lambda one: hosts.add("/".join(one.url.split("/")[:3])))
    page.add_init_script(VIOLATIONS)
    page.goto(address + PATH)
    settled(page)
    hand = kind(page, address)
    if width < 1024:
        hand.press(page.locator(".cp-ex-filter > summary"))
    yield hand
    print(f"\n{request.node.name}: {hand.acts} clicks and keys, {time.monotonic() - hand.began:.1f} s")
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{request.node.name}.png", full_page=True)
    assert said == []
    assert {one for one in hosts if not one.startswith("data:")} == {address}


def read(url):
    with urllib.request.urlopen(url, timeout=60) as answer:
        return answer.read().decode()


def settled(page):
    page.locator('[data-cpdi-face="take"][data-ready]').wait_for(state="attached")
    page.locator(".cp-ex-values input").first.wait_for(state="attached")
    page.locator('.cp-ex-numbers:not([aria-busy="true"])').wait_for()


def parts_of(text, pattern):
    """What the groups of ``pattern`` are in an address."""
    found = re.search(pattern, urllib.parse.unquote(text))
    assert found, text
    return found.groups()


def number(text):
    return int(parts_of(text.strip(), r"^([\d,]+)")[0].replace(",", ""))


def said(page):
    return number(page.locator(".cp-ex-numbers p").first.inner_text())


def counted(walk, rows):
    """Hold the numbers in words against ``rows``, and the CSV that the page leads to."""
    page = walk.page
    settled(page)
    link = page.locator('a[data-format="csv"]').get_attribute("href")
    assert said(page) == len(rows) == len(rows_of(read(walk.address + link)))
    told = page.locator(".cp-ex-numbers").inner_text()
    if most := re.search(r"Most: (.*) \(([\d,]+)\)", told):
        counts = Counter(row["call_category"] for row in rows)
        assert counts[most[1]] == number(most[2]) == max(counts.values())


def beside_values(page, rows):
    """The number beside each category that is in sight is that of ``rows``, which are without a condition on it."""
    counts = Counter(row["call_category"] for row in rows)
    lines = page.locator(".cp-ex-group").first.locator("li:visible").all_inner_texts()
    shown = dict(re.split(r"\s*\n\s*", line.strip()) for line in lines)
    assert {value: number(text) for value, text in shown.items()} == {value: counts[value] for value in shown}


def metres(row, longitude, latitude):
    east = (float(row["longitude"]) - longitude) * math.cos(math.radians(latitude))
    return math.hypot(east, float(row["latitude"]) - latitude) * 111_195


def within(rows, first, last):
    return [row for row in rows if first <= row["call_datetime"][:10] <= last]


def last_month(rows):
    """The month before that of the last day."""
    last = date.fromisoformat(max(row["call_datetime"][:10] for row in rows if row["time_precision"] not in COARSE))
    end = last.replace(day=1) - timedelta(1)
    return end.replace(day=1).isoformat(), end.isoformat()


def test_what_happened_near_a_place_last_month(walk):
    page = walk.page
    first, last = last_month(walk.rows)
    blocks = Counter(row["block_address"] for row in within(walk.rows, first, last) if row["longitude"])
    block = blocks.most_common(1)[0][0]
    walk.press(page.get_by_role("button", name="Last month"))
    counted(walk, within(walk.rows, first, last))
    walk.write(page.get_by_label("Address or street"), re.sub(r" to \d+ blocks of | and nearby", " ", block).strip())
    walk.press(page.get_by_role("button", name="Find", exact=True))
    near = page.locator(".cp-ex-found").get_by_role("button", name="Within 500 m").first
    near.wait_for()
    walk.press(near)
    page.wait_for_url(re.compile("POINT"))
    assert page.get_by_role("button", name="Within 500 m of me").get_attribute("aria-pressed") == "false"
    at = [float(one) for one in parts_of(page.url, r"POINT\((-?[\d.]+)\+(-?[\d.]+)\)")]
    found = [row for row in within(walk.rows, first, last) if row["longitude"] and metres(row, *at) <= 500]
    assert any(row["block_address"] == block for row in found)
    counted(walk, found)
    beside_values(page, found)
    page.go_back()
    page.wait_for_function("() => !location.search.includes('POINT')")
    counted(walk, within(walk.rows, first, last))
    page.go_forward()
    page.wait_for_function("() => location.search.includes('POINT')")
    counted(walk, found)


def test_a_kind_of_call_on_weekend_nights_in_a_team_as_a_file_and_a_link(walk, tmp_path, browser):
    page = walk.page
    year = max(row["call_datetime"][:4] for row in walk.rows)
    wanted = [
        row
        for row in within(walk.rows, f"{year}-01-01", f"{year}-12-31")
        if row["time_precision"] not in HOURLESS
        and row["call_datetime"][11:13] in NIGHT
        and date.fromisoformat(row["call_datetime"][:10]).isoweekday() in (6, 7)
    ]
    # The sample has few calls at night: the team and the kind of call are those that have some.
    team, kind = Counter((row["team"], row["call_category"]) for row in wanted if row["team"]).most_common(1)[0][0]
    wanted = [row for row in wanted if (row["team"], row["call_category"]) == (team, kind)]
    walk.press(page.get_by_role("button", name="This year"))
    settled(page)
    for value in (kind, team):
        walk.press(page.locator(".cp-ex-group").get_by_role("checkbox", name=value))
        page.wait_for_function(
            "value => decodeURIComponent(location.search.replaceAll('+', ' ')).includes(value)", arg=value
        )
        settled(page)
    hours = page.get_by_role("group", name="Time of day")
    steps = page.evaluate("history.length")
    for label, hour in (("From", "10 PM"), ("Until", "5 AM")):
        walk.pick(hours.get_by_label(label), hour)
        page.wait_for_timeout(1100)
    assert page.evaluate("history.length") == steps + 2
    for day in ("Saturday", "Sunday"):
        walk.press(page.get_by_role("checkbox", name=day))
    page.locator(".cp-ex-chip").nth(4).wait_for()
    counted(walk, wanted)
    walk.press(page.locator(".cp-ex-jump").get_by_role("link", name="Take these rows with you"))
    link = page.locator('a[data-format="shp.zip"]')
    with page.expect_download() as download:
        walk.press(link)
    path = tmp_path / "rows.shp.zip"
    download.value.save_as(path)
    assert len(pyogrio.read_dataframe(path)) == len(wanted) > 0
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    walk.press(page.get_by_role("button", name="Copy the link to this filter"))
    page.get_by_text("Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url.removesuffix("#ex-take")
    other = browser.new_page(viewport={"width": walk.width, "height": 844})
    other.set_default_timeout(90_000)
    other.goto(copied)
    settled(other)
    assert said(other) == len(wanted)
    assert other.locator(".cp-ex-chip").all_text_contents() == page.locator(".cp-ex-chip").all_text_contents()
    other.close()


def test_whether_traffic_went_up(walk):
    page = walk.page
    first, last = last_month(walk.rows)
    before = [str(int(day[:4]) - 1) + day[4:] for day in (first, last)]
    traffic = [row for row in walk.rows if row["call_category"] == "Traffic"]
    now, then = within(traffic, first, last), within(traffic, *before)
    walk.press(page.get_by_role("button", name="Last month"))
    settled(page)
    walk.press(page.locator(".cp-ex-group").get_by_role("checkbox", name="Traffic"))
    page.wait_for_url(re.compile("Traffic"))
    counted(walk, now)
    beside_values(page, within(walk.rows, first, last))
    told = page.locator(".cp-ex-numbers").inner_text()
    days_now, days_then = (sum(row["time_precision"] not in COARSE for row in rows) for rows in (now, then))
    assert re.search(r"\(([\d,]+)\)|As many", told)
    assert f"({days_then})" in told
    share = abs(days_now - days_then) / days_then
    assert ("more" in told, "fewer" in told) == (days_now > days_then, days_now < days_then)
    assert share < 0.005 or f"{share:.0%}" in told
    walk.press(page.locator(".cp-ex-jump").get_by_role("link", name="Compare"))
    walk.pick(page.get_by_label("Compare these rows with"), "the same days a year before")
    page.locator(".cp-ch-sides dd").nth(2).wait_for()
    page.wait_for_function("() => document.querySelector('.cp-ch-sides').innerText")  # the page may still be on its way
    sides = page.locator(".cp-ch-sides dd").all_inner_texts()
    assert [number(one) for one in sides[:2]] == [len(now), len(then)]


@pytest.mark.parametrize("walk", [(1280, Mouse)], ids=["mouse"], indirect=True)
def test_a_play_to_the_end_leaves_the_page_as_it_was(walk):
    page = walk.page
    first, last = last_month(walk.rows)
    rows = within(walk.rows, first, last)
    walk.press(page.get_by_role("button", name="Last month"))
    counted(walk, rows)
    page.get_by_text("Drag over the bars").scroll_into_view_if_needed()
    walk.press(page.get_by_role("button", name="Play", exact=True))
    page.wait_for_function(
        "n => !document.querySelector('.cp-ex-numbers p').textContent.startsWith(n)", arg=f"{len(rows)} "
    )
    page.get_by_role("button", name="Play", exact=True).wait_for()
    counted(walk, rows)
    box = page.locator(".cp-ex-track").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20, steps=4)
    page.mouse.up()
    page.wait_for_function("last => !location.search.includes(last)", arg=f"to={last}")
    ends = parts_of(page.url, r"from=([\d-]+)&to=([\d-]+)")
    counted(walk, within(walk.rows, *ends))
    chip = page.get_by_role("button", name="Leave out")
    chip.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => !location.search")
    counted(walk, walk.rows)
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_without_scripts_no_heading_stands_empty(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PATH)
    headings = page.get_by_role("heading", level=2).all_inner_texts()
    assert headings == ["In words", "Rows", "Take these rows with you"]
    assert page.locator(".cp-ex-jump a:visible").all_inner_texts() == ["Rows", "Take these rows with you"]
    page.locator(".cp-tb-sort", has_text="Problem").click()
    assert page.locator(".cp-tb tbody tr").count() == 20
    page.get_by_role("link", name="All rows, page by page").click()
    assert page.locator("main table tbody tr").count() == 100
    context.close()


def test_the_spanish_page_has_no_english_but_what_is_data(browser, address):
    page = browser.new_page(viewport={"width": 390, "height": 844}, locale="es")
    page.set_default_timeout(90_000)
    page.goto(f"{address}/es{PATH}")
    settled(page)
    tokens = lambda text: set(re.findall(r"[^\W\d_]+", text.lower()))  # noqa: E731
    data = tokens(read(f"{address}/data/calls-for-service.csv"))
    spanish = tokens(" ".join(text.es for text in WORDS.values()))
    english = tokens(" ".join(text.en for text in WORDS.values())) - spanish - data
    labels = page.locator("main [aria-label]").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    shown = page.locator("main").inner_text() + " ".join(labels)
    assert {"the", "with", "filter", "weeks"} & english >= {"filter"}
    assert tokens(shown) & english == set()

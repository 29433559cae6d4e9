"""A reader looks at the charts of the explorer, narrows the rows by them, compares, and takes them away."""

from __future__ import annotations

import csv
import io
import os
import random
import re
from collections import Counter
from datetime import date
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import pytest
from helpers import console
from helpers.counted import load_spread, rows_of
from helpers.feeds import DATASET
from test_release_by_keyboard import check

SHOTS = os.environ.get("CPDI_SHOTS", "")
"""A folder for pictures, for whoever wants to look."""
PATIENCE = 90_000
COARSE, HOURLESS = ("month", "quarter"), ("date", "month", "quarter")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
NIGHT = "filter=hour(call_datetime)+IN+(21,+22,+23)+AND+time_precision+IN+('minute',+'hour')"


@pytest.fixture
def sample(once):
    return once(load_spread)


@pytest.fixture
def chosen(sample, app):
    """The rows of the CSV that a link chooses."""
    return lambda link: rows_of(app.get(f"/data/{DATASET}.csv?{link}&limit=99999").body)


@pytest.fixture
def page(request, browser):
    width = getattr(request, "param", 1280)
    opened = browser.new_page(viewport={"width": width, "height": 900})
    opened.set_default_timeout(PATIENCE)
    opened.width, opened.said = width, console.said(opened)
    yield opened
    opened.close()


def show(page, address, link="", language=""):
    page.goto(f"{address}{language}/dataset/{DATASET}/explore?{link}")
    drawn(page)


def drawn(page):
    """Wait until charts show what the address asks for, and labels and tables follow."""
    page.locator('[data-cpdi-face="charts"][data-ready]').wait_for()
    page.locator('[data-chart="time"]:not([aria-busy="true"]) .cp-ch-says:not(:empty)').wait_for()
    page.locator('[data-chart="call_category"] [role="option"][aria-label]').first.wait_for()
    page.wait_for_timeout(400)  # tables follow when nothing has moved for 150 ms


def table(page, name):
    """Return the rows of the table behind a chart, numbers as such."""
    details = page.locator(f'[data-chart="{name}"] details')
    if details.get_attribute("open") is None:
        details.locator("summary").click()
    details.locator("tbody tr").first.wait_for()
    found = details.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [row.querySelector('th').textContent, "
        "...[...row.querySelectorAll('td')].map(cell => cell.dataset.value)])"
    )
    return [[label, *(int(cell) if cell.isdigit() else cell for cell in cells)] for label, *cells in found]


def look(page, name):
    check(page, name)
    assert page.said == []
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}-{page.width}.png", full_page=True)


def asked(page):
    return parse_qs(urlsplit(page.url).query)


def day_of(row):
    return date.fromisoformat(row["call_datetime"][:10])


LINKS = ["", "from={early}&to={late}&call_source=officer", f"{NIGHT}&from={{early}}", "team=Team+2&q=traffic"]


@pytest.mark.parametrize("link", LINKS)
def test_each_number_of_a_chart_is_a_count_of_the_public_rows(page, address, chosen, link):
    days = sorted(row["call_datetime"][:10] for row in chosen("time_precision=minute"))
    link = link.format(early=days[len(days) // 3], late=days[len(days) * 2 // 3])
    rows = chosen(link)
    show(page, address, f"{link}&by=month")
    months = Counter(f"{day_of(row):%B %Y}" for row in rows)
    assert {label: n for label, n, *_ in table(page, "time") if n} == months
    for name in ("call_category", "team"):
        own = [part for part in link.split("&") if not part.startswith(f"{name}=")]
        counted = Counter(row[name] for row in chosen("&".join(own)))
        shown = {label: n for label, n, *_ in table(page, name)}
        assert shown.pop("Without a value", 0) == counted.pop("", 0)
        assert shown.pop("All further values", 0) == sum((counted - Counter(shown)).values())
        assert {label: n for label, n in shown.items() if n} == {
            label: counted[label] for label in shown if shown[label]
        }
    hours = chosen(link.replace(NIGHT, "time_precision=minute&time_precision=hour"))
    exact = [row for row in hours if row["time_precision"] not in HOURLESS]
    grid = {(day, label[:2]): n for label, *cells in table(page, "hours") for day, n in zip(DAYS, cells, strict=True)}
    assert Counter({at: n for at, n in grid.items() if n}) == Counter(
        (f"{day_of(row):%a}", row["call_datetime"][11:13]) for row in exact
    )
    left_out = re.findall(r"Left out: ([\d,]+) row", page.locator('[data-chart="hours"] .cp-ch-notes').inner_text())
    assert sum(int(n.replace(",", "")) for n in left_out) == len(hours) - len(exact)
    page.locator('[data-chart="time"] select').first.select_option("week")
    drawn(page)
    assert sum(n for _, n, *_ in table(page, "time")) == sum(row["time_precision"] not in COARSE for row in rows)


GO = """question => {
  history.pushState(null, "", location.pathname + question);
  dispatchEvent(new PopStateEvent("popstate"));
}"""


def go(page, *questions):
    """Go to other filters of the page that is open, one right after the other, as links and back and forward do."""
    for question in questions:
        page.evaluate(GO, f"?{question}")


def filters(rows, seed=16):
    """Return filters of all kinds, put together at random from what ``rows`` have."""
    pick = random.Random(seed)
    days = sorted(row["call_datetime"][:10] for row in rows if row["time_precision"] not in COARSE)
    placed = [row for row in rows if row["longitude"]]

    def period():
        first, last = sorted(pick.sample(range(len(days)), 2))
        return f"from={days[first]}&to={days[last]}"

    def values(name, count):
        known = sorted({row[name] for row in rows} - {""})
        return urlencode([(name, value) for value in pick.sample(known, min(count, len(known)))])

    def box():
        ends = [pick.choice(placed) for _ in range(2)]
        west, east = sorted(float(row["longitude"]) for row in ends)
        south, north = sorted(float(row["latitude"]) for row in ends)
        return f"bbox={west - 0.001},{south - 0.001},{east + 0.001},{north + 0.001}"

    def near():
        at = pick.choice(placed)
        point = f"POINT({at['longitude']} {at['latitude']})"
        return urlencode({"filter": f"S_DWITHIN(geometry, {point}, 500, 'm')"})

    kinds = [
        period,
        lambda: values("call_category", 3),
        lambda: values("team", 2),
        lambda: urlencode({"filter": f"weekday(call_datetime) IN ({pick.randrange(7)}, {pick.randrange(7)})"}),
        lambda: NIGHT,
        lambda: values("call_source", 1),
        box,
        near,
        lambda: f"q={pick.choice(['traffic', 'alarm', 'noise'])}",
        lambda: f"{pick.choice(['longitude', 'team', 'priority'])}__empty={pick.choice(['yes', 'no'])}",
    ]
    asked = ["&".join(kind() for kind in pick.sample(kinds, pick.randint(1, 3))) for _ in range(13)]
    # `filter` may stand once.
    asked = [one for one in asked if one.count("filter=") < 2]
    return ["", "q=nothingatall", "from=1999-01-01&to=1999-12-31", *asked]


def numbers_of(page):
    """Return every number of rows that the page shows, by where it stands."""
    page.locator("#ex-rows").scroll_into_view_if_needed()  # out of sight there are none
    page.wait_for_function("() => document.querySelector('.cp-tb-live').textContent")
    page.wait_for_function(BUSY)
    first = page.locator(".cp-ex-numbers p").first.inner_text()
    table_text = page.locator(".cp-tb-live").inner_text()
    number = lambda text: int((re.match(r"[\d,]+", text) or ["0"])[0].replace(",", ""))  # noqa: E731
    unplaced = page.locator(".cp-map-unplaced").inner_text()
    lost = re.search(r"; ([\d,]+) (?:is|are) on no map", unplaced)
    return {
        "words": number(first),
        "bar": number(page.locator(".cp-ex-so-many").inner_text()),
        "table": number(table_text),
        "map": number(unplaced),
        "on no map": number(lost[1]) if lost else 0,
    }


BUSY = """() => ![...document.querySelectorAll('[aria-busy="true"]')].some(part => part.checkVisibility())
  && document.querySelector('[data-cpdi-face="map"][data-drawn]')"""


def counted(rows):
    """Return the same numbers of the public ``rows``."""
    lost = sum(not row["longitude"] for row in rows)
    return {"words": len(rows), "bar": len(rows), "table": len(rows), "map": len(rows), "on no map": lost}


def test_every_number_of_any_filter_is_a_count_of_the_public_rows(page, address, chosen):
    """One page, many filters; also those that are asked for before the answer to the one before is there."""
    asked = filters(chosen(""))
    public = {question: counted(chosen(question)) for question in asked}
    assert len({numbers["words"] for numbers in public.values()}) > 7
    show(page, address)
    page.locator("#ex-map").scroll_into_view_if_needed()
    page.locator("#ex-rows").scroll_into_view_if_needed()
    for question in asked:
        go(page, question)
        page.wait_for_timeout(100)
        assert numbers_of(page) == public[question], question
    go(page, *asked[3:7])
    assert numbers_of(page) == public[asked[6]]
    for step, question in ((page.go_back, asked[5]), (page.go_back, asked[4]), (page.go_forward, asked[5])):
        step()
        page.wait_for_timeout(100)
        assert numbers_of(page) == public[question], question
    assert page.said == []


def test_keys_alone_mark_days_a_value_and_hours(page, address, chosen):
    show(page, address, "by=month")
    slider = page.get_by_role("slider", name="Over time")
    slider.focus()
    page.keyboard.press("End")
    page.keyboard.press("Shift+ArrowLeft")
    assert re.search(r"\w+ \d{4}.*: [\d,]+ calls?\.", slider.get_attribute("aria-valuetext"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("from="))
    drawn(page)
    assert asked(page)["from"][0].endswith("-01")
    page.locator('[data-chart="call_source"] [role="option"][tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Space")
    page.wait_for_url(re.compile("call_source="))
    drawn(page)
    selected = page.locator('[data-chart="call_source"] [aria-selected="true"]')
    assert selected.get_attribute("aria-label") == label
    page.locator('[data-chart="hours"] [role="gridcell"][tabindex="0"]').focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("filter="))
    drawn(page)
    assert asked(page)["filter"][0].startswith("hour(call_datetime) IN (1, 2) AND weekday(call_datetime) IN (1, 2)")
    said = page.locator('[data-cpdi-face="numbers"] [role="status"]').inner_text()
    link = "&".join(part for part in urlsplit(page.url).query.split("&") if not part.startswith("by="))
    assert int(re.search(r"[\d,]+", said)[0].replace(",", "")) == len(chosen(link))
    page.go_back()
    drawn(page)
    assert "filter" not in asked(page)
    assert page.said == []


BEYOND = """() => [...document.querySelectorAll(".cp-ch-svg")].flatMap((drawing) => {
  const { right } = drawing.getBoundingClientRect();
  const texts = [...drawing.querySelectorAll("text")].filter((text) => text.getBoundingClientRect().right > right + 2);
  return texts.map((text) => `${drawing.closest("[data-chart]").dataset.chart}: ${text.textContent}`);
})"""
"""Texts that a picture of their chart would cut."""


def test_two_periods_and_two_teams_stand_side_by_side(page, address, chosen):
    days = sorted(row["call_datetime"][:10] for row in chosen(""))
    first, last = days[len(days) * 3 // 4], days[-1]
    show(page, address, f"from={first}&to={last}&with=before")
    page.locator(".cp-ch-sides dd").first.wait_for()
    table(page, "compare-call_category")
    numbers = page.locator(".cp-ch-sides dd").all_inner_texts()
    length = (date.fromisoformat(last) - date.fromisoformat(first)).days + 1
    before = [date.fromordinal(date.fromisoformat(first).toordinal() - back) for back in (length, 1)]
    links = [f"from={first}&to={last}", f"from={before[0]}&to={before[1]}"]
    assert [int(text.split()[0].replace(",", "")) for text in numbers[:2]] == [len(chosen(link)) for link in links]
    page.get_by_label("Compare these rows with").select_option("team:")
    page.get_by_label("Which").select_option("team:Team 2")
    page.locator(".cp-ch-sides dt").filter(has_text="Team 2").wait_for()
    page.wait_for_timeout(400)
    sums = [Counter(row["call_category"] for row in chosen(link)) for link in (links[0], f"{links[0]}&team=Team+2")]
    for label, here, there, *_ in table(page, "compare-call_category"):
        if label not in ("Without a value", "All further values"):
            assert (here, there) == (sums[0][label], sums[1][label])
    page.get_by_label("Compare these rows with").select_option("before")
    page.locator(".cp-ch-sides dt").filter(has_text=" to ").nth(1).wait_for()
    page.wait_for_timeout(400)
    assert page.evaluate(BEYOND) == []
    look(page, "explorer-compare")


def test_the_weeks_have_counts_of_the_public_rows_under_the_filter(page, address, chosen, app):
    link = "call_source=911&call_source=officer&until=2025-06-30"
    windows = app.get(f"/data/{DATASET}/compare?{link}").json["windows"]
    rows = [
        row
        for row in chosen("call_source=911&call_source=officer")
        if row["time_precision"] not in HOURLESS and row["counts_as_event"] == "yes"
    ]
    show(page, address, link)
    page.locator('[data-chart="weeks"]').scroll_into_view_if_needed()
    page.locator('[data-chart="weeks"] tbody tr').last.wait_for()
    cells = page.locator('[data-chart="weeks"] tbody tr').last.locator("td").all_inner_texts()
    begins = f"{min(day_of(row) for row in chosen(''))}"

    def number(side, days):
        """Before its first day the table has no number, which is not 0."""
        n = sum(days["first"] <= f"{day_of(row)}" <= days["last"] for row in rows)
        return f"{n:,}" if side == "current" or begins <= days["first"] else "–"

    spans = [(side, window[side]) for window in windows for side in ("current", "prior")]
    assert [text for at, text in enumerate(cells) if at % 3 < 2] == [number(*span) for span in spans]
    early = any(days["first"] < begins for side, days in spans if side == "prior")
    assert ("The table begins on" in page.locator('[data-chart="weeks"] [role="status"]').inner_text()) == early
    # Categories without rows under the filter have no room.
    room = "one => one.parentElement.clientHeight - one.offsetHeight"
    assert page.locator('[data-chart="weeks"] table').evaluate(room) < 20
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator('[data-chart="weeks"]').get_by_role("button", name="Copy the link").click()
    page.locator('[data-chart="weeks"] [role="status"]').filter(has_text="Copied.").wait_for()
    link = urlsplit(page.evaluate("() => navigator.clipboard.readText()"))
    assert (parse_qs(link.query)["until"], link.fragment) == (["2025-06-30"], "ex-compare")
    assert parse_qs(link.query)["call_source"] == ["911", "officer"]
    assert page.said == []


def test_the_weeks_are_asked_for_when_the_counts_are_there_and_a_filter_taken_back_has_its_own(page, address, sample):
    show(page, address, "until=2025-06-30")
    weeks = page.locator('[data-chart="weeks"]')
    weeks.scroll_into_view_if_needed()
    page.locator('[data-chart="weeks"][aria-busy="false"] tbody tr').last.wait_for()
    before, asked, held = weeks.locator("tbody").inner_text(), [], []
    page.on("request", lambda one: asked.append(one.url) if "/compare" in one.url else None)
    page.route("**/counts?*", lambda route: held.append(route))

    page.locator(".cp-ex-week input").first.evaluate("box => box.click()")
    page.locator('[data-chart="weeks"][aria-busy="true"]').wait_for()
    page.wait_for_timeout(300)
    assert (len(held), asked) == (1, [])

    page.go_back()
    page.locator('[data-chart="weeks"][aria-busy="false"]').wait_for()
    assert weeks.locator("tbody").inner_text() == before
    assert ["weekday" in one for one in asked] == [False]


def test_a_chart_is_saved_as_table_and_as_picture(page, address, sample):
    show(page, address)
    panel = page.locator('[data-chart="call_source"]')
    rows = table(page, "call_source")
    saved = {}
    for form in ("CSV", "SVG", "PNG"):
        with page.expect_download() as download:
            panel.get_by_role("button", name=re.compile(form)).click()
        saved[form] = download.value
        assert re.fullmatch(rf"{DATASET}_call_source_[\d-]+_[\d-]+\.{form.lower()}", saved[form].suggested_filename)
    lines = list(csv.reader(io.StringIO(saved["CSV"].path().read_text(encoding="utf-8-sig"))))
    assert lines[1:] == [[str(cell) for cell in row] for row in rows]
    picture = saved["SVG"].path().read_text(encoding="utf-8")
    assert rows[0][0] in picture
    assert f"/dataset/{DATASET}/explore?from=" in unquote(picture)
    assert saved["PNG"].path().read_bytes().startswith(b"\x89PNG")
    assert page.said == []


@pytest.mark.parametrize("page", [390], ids=["phone"], indirect=True)
def test_a_finger_on_a_phone_narrows_the_rows_in_spanish(page, address, sample):
    show(page, address, "beside=before", "/es")
    table(page, "time")
    table(page, "hours")
    page.locator('[data-chart="weeks"]').scroll_into_view_if_needed()
    page.locator('[data-chart="weeks"] tbody tr').last.wait_for()
    look(page, "explorer-charts-es")
    page.locator('[data-chart="team"] [role="option"]').first.click()
    page.wait_for_url(re.compile("team="))
    drawn(page)
    assert page.locator('[data-chart="team"] [aria-selected="true"]').count() == 1


def test_the_charts_break_no_rule_of_the_page_on_a_desk(page, address, sample):
    show(page, address, "team=Team+1")
    for name in ("time", "call_category", "hours"):
        table(page, name)
    # A drawing that was first made for a narrow page leaves no room behind.
    heights = "one => [one.querySelector('.cp-ch-box').clientHeight, one.querySelector('.cp-ch-box svg').clientHeight]"
    box, drawing = page.locator('[data-chart="hours"]').evaluate(heights)
    assert abs(box - drawing) < 10
    look(page, "explorer-charts")

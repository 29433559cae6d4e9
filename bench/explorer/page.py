"""The explorer in the hands of a reader: brushes, changes of the filter, what else is pressed, a map that is moved."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

from bench.entry import Beside, Entry
from bench.explorer.first import MAP
from bench.explorer.reader import HEIGHT, PATH, WIDTH, Reader, reader
from bench.process import held
from bench.services.race import percentile

MOVES = 100
PANNING = 60
"""Seconds in which the map is moved."""
_ZOOMS = 4
_PLAYED = 5_000
"""Milliseconds of a play that are looked at."""
_BRUSH, _CHANGE, _INTERACTION, _MEMORY = 50, 300, 150, 250
_FACES = ("time", "charts", "compare", "table", "bar", "take")
_ROWS = ".cp-tb-live:not(:empty)"
"""What the table has when its rows are there; it asks for them each time that a reader comes near."""
_SERVICES = ("/data/", "/ogc/")
_TRACK, _PLAY = ".cp-ex-track", ".cp-ex-play"
_REGION = ".cp-tb-region"
_LEFT_OUT = 50
"""Clicks and keys of which INP leaves out one."""


def measure(browser: Any, url: str) -> Iterator[Entry]:  # noqa: ANN401  playwright is imported where it is used
    """Yield the figures of one visit, then of another one that moves the map."""
    with reader(browser) as one:
        _all_faces(one, url)
        yield from _brushed(one, "all, by month")
        _change(one, lambda: one.page.locator(".cp-ex-preset").nth(4).click())
        yield from _brushed(one, "a year, by day")
        yield from _changed(one)
        _press(one)
        yield from _felt(one)
    with reader(browser) as one:
        yield from _panned(one, url)


def _all_faces(one: Reader, url: str) -> None:
    """Open the page and see all of it once: from then on each face follows each change."""
    one.go(f"{url}{PATH}")
    one.has(MAP)
    for face in _FACES:
        one.page.locator(f'[data-cpdi-face="{face}"][data-ready]').scroll_into_view_if_needed()
        if face == "table":
            one.has(_ROWS)
        one.settled()
    one.page.evaluate("() => scrollTo(0, 0)")
    one.page.wait_for_timeout(500)


def _brushed(one: Reader, name: str) -> Iterator[Entry]:
    """Brush by pointer, and play: without a request."""
    track = one.page.locator(_TRACK)
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    left, middle, width = box["x"], box["y"] + box["height"] / 2, box["width"]
    before, asked = one.process[1], len(one.requests)
    one.page.mouse.move(left + width * 0.1, middle)
    one.page.mouse.down()
    one.call("watch", "brush")
    for at in range(MOVES):
        one.page.mouse.move(left + width * (0.9 - 0.8 * abs((2 * at / MOVES) - 1)), middle)
    one.page.wait_for_timeout(500)
    moves = _noted(one)
    used, brushed = (one.process[1] - before) * 1000 / MOVES, len(one.requests) - asked
    track.press("Escape")  # all days again, so that letting go chooses nothing
    one.page.mouse.up()
    one.settled()
    asked = len(one.requests)
    one.call("watch", "play")
    one.page.locator(_PLAY).click()
    one.page.wait_for_timeout(_PLAYED)
    plays, played = _noted(one), len(one.requests) - asked
    one.page.locator(_PLAY).click()
    one.settled()
    yield Entry(f"brush, {name}, p95", percentile(moves, 95), "ms", bar=_BRUSH)
    yield Entry(f"brush, {name}, processor of the page a movement", used, "ms")
    yield Entry(f"play, {name}, p95", percentile(plays, 95), "ms", bar=_BRUSH)
    yield Entry(f"brush and play, {name}, requests", brushed + played, "requests", bar=0)


def _noted(one: Reader) -> list[float]:
    return [float(took) for took in one.call("watch", "")]


def _changed(one: Reader) -> Iterator[Entry]:
    """Change the filter as readers do, each time to one that nobody has asked for."""
    page, before, asked = one.page, one.process[1], len(one.requests)
    took = [_change(one, act) for act in _changes(page)]
    used = (one.process[1] - before) * 1000 / len(took)
    addresses = [address for address in one.requests[asked:] if any(part in address for part in _SERVICES)]
    again = _asked_again(one, addresses, len(took))
    least = [Beside("the same questions again, nothing drawn", of(again)) for of in (_p95, statistics.median)]
    yield Entry(f"a changed filter, all faces, {len(took)} changes, p95", _p95(took), "ms", floor=least[0], bar=_CHANGE)
    yield Entry("a changed filter, all faces, p50", statistics.median(took), "ms", floor=least[1])
    yield Entry("a changed filter, processor of the page", used, "ms")
    late = [_come_to_rows(one, act) for act in _few(page)]
    yield Entry("a changed filter, rows out of sight, from a jump to them", max(late), "ms")


def _asked_again(one: Reader, addresses: list[str], times: int) -> list[float]:
    """Return the milliseconds in which the page gets the answers to some of ``addresses`` at once, ``times`` times.

    They were made for the changes before: what is left are the server's way to an answer, the browser and its frame.
    """
    each = max(1, len(addresses) // times)
    return [
        float(
            one.page.evaluate(
                """async (addresses) => {
                  const since = performance.now();
                  const fresh = { cache: "no-store" };
                  await Promise.all(addresses.map(async (one) => (await fetch(one, fresh)).arrayBuffer()));
                  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
                  return performance.now() - since;
                }""",
                addresses[start : start + each],
            )
        )
        for start in range(0, each * times, each)
    ]


def _p95(took: list[float]) -> float:
    return percentile(took, 95)


def _changes(page: Any) -> Iterator[Callable[[], None]]:  # noqa: ANN401  as above
    lists = page.locator(".cp-ex-values")
    for place, number in ((0, 6), (1, 4)):
        boxes = lists.nth(place).locator("input:visible")
        yield from (boxes.nth(at).click for at in range(min(number, boxes.count())))
    days = page.locator(".cp-ex-week input")
    yield from (days.nth(day).click for day in range(5))
    hours = page.locator(".cp-ex-set select")
    yield lambda: hours.nth(0).select_option("20")
    yield lambda: hours.nth(1).select_option("4")
    presets = page.locator(".cp-ex-preset")
    yield from (presets.nth(at).click for at in (6, 3, 2))
    words = page.locator(".cp-ex-search input").last

    def search(text: str) -> Callable[[], None]:
        def act() -> None:
            words.fill(text)
            words.press("Enter")

        return act

    yield presets.nth(6).click
    yield search("king")
    yield search("queen")


def _few(page: Any) -> Iterator[Callable[[], None]]:  # noqa: ANN401  as above
    days = page.locator(".cp-ex-week input")
    yield from (days.nth(day).click for day in (5, 6, 5))


def _come_to_rows(one: Reader, act: Callable[[], None]) -> float:
    """Return the milliseconds from a jump to the rows, after a changed filter, until they are those of this one."""
    one.page.evaluate("() => scrollTo(0, 0)")
    one.page.wait_for_timeout(200)
    _change(one, act)
    return float(
        one.page.evaluate(
            """async (rows) => {
              const element = document.querySelector('[data-cpdi-face="table"]');
              const shown = new Promise((done) => {
                const watch = new MutationObserver(() => {
                  if (!document.querySelector(rows)) return;
                  watch.disconnect();
                  requestAnimationFrame(() => setTimeout(() => done(performance.now())));
                });
                watch.observe(element, { subtree: true, childList: true });
              });
              const since = performance.now();
              element.scrollIntoView({ behavior: "instant" });
              return (await window.cpdiClock.inTime(shown)) - since;
            }""",
            _ROWS,
        )
    )


def _change(one: Reader, act: Callable[[], None]) -> float:
    one.call("expect")
    act()
    took = one.settled()
    one.page.wait_for_timeout(200)  # what follows a change in peace is not the next one's
    return took


def _press(one: Reader) -> None:
    """Press what else there is: keys of the timeline, the table and a chart, an order, a chart's table, the map."""
    page = one.page
    for key in ("Home", *["ArrowRight"] * 10, *["Shift+ArrowLeft"] * 5, "Escape"):
        page.locator(_TRACK).press(key)
    for at in range(3):
        page.locator(".cp-tb-sort").nth(at).click()
        one.settled()
    page.locator(_REGION).focus()
    for _ in range(5):
        page.keyboard.press("PageDown")
    one.settled()
    for name in ("time", "hours"):
        page.locator(f'[data-chart="{name}"] details summary').first.click()
    for _ in range(2):
        page.locator(".maplibregl-ctrl-zoom-in").click()
        one.settled()
    page.locator('[data-chart="time"] [role="slider"]').first.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)


def _felt(one: Reader) -> Iterator[Entry]:
    """What a reader felt of all that: the longest waits for a frame after a click or key, and what moved by itself.

    INP is the longest but for one of each 50 (https://web.dev/articles/inp); shorter ones than 16 ms are not told.
    """
    waits = sorted(one.call("interactions"), key=lambda wait: -wait["duration"])
    number = int(one.page.evaluate("() => performance.interactionCount"))
    waits += [{"duration": 0, "name": "none", "target": ""}] * (number - len(waits))
    counted = waits[number // _LEFT_OUT]
    yield Entry(f"INP, {number} clicks and keys ({_said(counted)})", counted["duration"], "ms", bar=_INTERACTION)
    yield Entry(f"the longest wait of them ({_said(waits[0])})", waits[0]["duration"], "ms")
    shifts = one.call("shifts")
    for shift in shifts:
        yield Entry(f"moved by itself: {shift['what']}", shift["value"], "")
    yield Entry("layout shift", sum(shift["value"] for shift in shifts), "", bar=0)


def _said(wait: dict[str, Any]) -> str:
    return f"{wait['name']} {wait['target']}".strip()


def _panned(one: Reader, url: str) -> Iterator[Entry]:
    """Move the map for a minute, near enough for points."""
    one.go(f"{url}{PATH}")
    one.has(MAP)
    canvas = one.page.locator(".cp-map-canvas canvas")
    canvas.scroll_into_view_if_needed()
    for _ in range(_ZOOMS):
        one.page.locator(".maplibregl-ctrl-zoom-in").click()
        one.settled()
    box, before = canvas.bounding_box(), held(one.process[0])
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reach, end, turn = min(WIDTH, HEIGHT) / 6, monotonic() + PANNING, 0
    while monotonic() < end:
        side = (1, 1, -1, -1, -1, -1, 1, 1)[turn % 8] * reach
        one.page.mouse.move(x, y)
        one.page.mouse.down()
        one.page.mouse.move(x + side, y + side * (1 if turn % 16 < 8 else -1), steps=10)
        one.page.mouse.up()
        one.page.wait_for_timeout(300)
        turn += 1
    one.settled()
    number, _ = one.process
    heap = one.page.evaluate("() => performance.memory.usedJSHeapSize") / 1e6
    start = Beside("before it", before)
    yield Entry(f"memory after {PANNING} s of panning", held(number), "MB", peer=start, bar=_MEMORY)
    yield Entry("of it objects of scripts", heap, "MB")

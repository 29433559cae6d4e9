"""A reader's page of the explorer with a clock in it, and the process that draws it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from bench.load import DATASET
from bench.process import held

WIDTH, HEIGHT = 1280, 900
PATIENCE = 60_000
"""Milliseconds that somebody waits for anything."""
PATH = f"/dataset/{DATASET}/explore"
_CLOCK = Path(__file__).with_name("clock.js").read_text(encoding="utf-8")


class Reader:
    """A page of ``browser`` that was never anywhere: no cookies, nothing kept."""

    def __init__(self, browser: Any) -> None:  # noqa: ANN401  playwright is imported where it is used
        """Open the page."""
        self._browser = browser
        self._context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT})
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.page.add_init_script(_CLOCK)
        self.requests = list[str]()
        self.page.on("request", lambda one: self.requests.append(one.url))

    def go(self, address: str) -> None:
        """Ask for an address, and wait until its first octets are there."""
        self.page.goto(address, wait_until="commit", timeout=PATIENCE)

    def call(self, what: str, *given: object) -> Any:  # noqa: ANN401  whatever the clock gives
        """Call the clock."""
        return self.page.evaluate(f"given => window.cpdiClock.{what}(...given)", list(given))

    def has(self, selector: str) -> float:
        """Return the milliseconds from the question for the page until it has ``selector``."""
        return float(self.call("has", selector))

    def settled(self, place: str = "[data-cpdi-explorer]") -> float:
        """Return the milliseconds from the last change until everything within ``place`` shows it."""
        return float(self.call("settled", place))

    def answer(self, waiting: str, act: Callable[[], None]) -> float:
        """Return the milliseconds from what ``act`` does to what the script ``waiting`` promises."""
        self.page.evaluate(f"() => {{ window.cpdiNext = window.cpdiClock.inTime(({waiting})()); }}")
        self.call("expect")
        act()
        return float(self.page.evaluate("() => window.cpdiNext")) - float(self.call("began"))

    @property
    def process(self) -> tuple[int, float]:
        """The number of the process that draws the page, and its seconds of the processor."""
        session = self._browser.new_browser_cdp_session()
        listed = cast("list[dict[str, Any]]", session.send("SystemInfo.getProcessInfo")["processInfo"])
        session.detach()
        drawing = [(int(one["id"]), float(one["cpuTime"])) for one in listed if one["type"] == "renderer"]
        return max(drawing, key=lambda one: held(one[0]))

    def close(self) -> None:
        """Close the page."""
        self._context.close()


@contextmanager
def reader(browser: Any) -> Generator[Reader]:  # noqa: ANN401  as above
    """Give a page, and close it."""
    opened = Reader(browser)
    try:
        yield opened
    finally:
        opened.close()

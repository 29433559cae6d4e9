"""The first visit of the explorer: when there is something to read, and when the map has its rows."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from bench.entry import Entry
from bench.explorer.reader import PATH, reader

VISITS = 5
_CONTENT, _MAP = 1.2, 2.5
MAP = '[data-cpdi-face="map"][data-drawn] .cp-map-frame[aria-busy="false"]'
_PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"


def measure(browser: Any, url: str) -> Iterator[Entry]:  # noqa: ANN401  playwright is imported where it is used
    """Yield the medians of five visits, of which each is the first."""
    visits = [_visit(browser, url) for _ in range(VISITS)]
    yield Entry("explorer, first content", statistics.median(first for first, _ in visits) / 1000, "s", bar=_CONTENT)
    yield Entry("explorer, map with data, cold", statistics.median(at for _, at in visits) / 1000, "s", bar=_MAP)


def _visit(browser: Any, url: str) -> tuple[float, float]:  # noqa: ANN401  as above
    with reader(browser) as one:
        one.go(f"{url}{PATH}")
        at = one.has(MAP)
        return float(one.page.evaluate(_PAINTED)), at

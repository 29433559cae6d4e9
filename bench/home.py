"""The home page: what the server takes for it while nothing changes, its weight, and when a browser shows it.

Beside the server's time stands CKAN's own home page, without the portal, on the same database.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from bench.browser import chromium
from bench.entry import Beside, Entry, Missing
from bench.portal import single_pool, stock, whole
from bench.process import CommandError, Runner
from bench.services.client import Client
from bench.services.limits import OFF
from bench.services.race import WARM, Request, checked

TIMES = 20
_VISITS = 5
_LARGEST = """() => new Promise(done => new PerformanceObserver(list =>
  done(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))"""
"""When the largest part of the first screen was drawn, in milliseconds after the page was asked for."""


def measure(runner: Runner) -> Iterator[Entry | Missing]:
    """Yield the figures of the home page."""
    try:
        with single_pool(runner, OFF) as ours:
            taken = _served(ours.url)
        with stock(runner) as url:
            peer = _served(url)
        yield Entry("home page, warm", taken, "ms", peer=Beside("CKAN's own", peer), bar=60)
        with whole(runner) as url:
            yield from _in_a_browser(url)
    except (CommandError, OSError) as error:
        yield Missing("home page", str(error))


def _served(url: str) -> float:
    """Return the median milliseconds of the page, without a cache or a web server in front."""
    client, request = Client(url), Request(url, "/")
    answers = [checked(client, request) for _ in range(WARM + TIMES)][WARM:]
    client.close()
    return statistics.median(answer.total for answer in answers)


def _in_a_browser(url: str) -> Iterator[Entry | Missing]:
    """Yield how long a visitor who was never here waits, and what comes over the network, packed as nginx packs it."""
    with chromium() as browser:
        visits = [_visit(browser, url) for _ in range(_VISITS)]
    yield Entry("its largest part is shown", statistics.median(visit[0] for visit in visits) / 1000, "s", bar=1.2)
    yield Entry("all that it loads", visits[0][1] / 1000, "kB", bar=150)


def _visit(browser: Any, url: str) -> tuple[float, float]:  # noqa: ANN401  playwright is imported where it is used
    """Return the milliseconds until the largest part is shown, and the octets of everything that came."""
    context = browser.new_context()
    page, sizes = context.new_page(), list[int]()
    network = context.new_cdp_session(page)
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    network.send("Network.enable")
    page.goto(f"{url}/", wait_until="networkidle")
    largest = page.evaluate(_LARGEST)
    context.close()
    return float(largest), float(sum(sizes))

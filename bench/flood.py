"""Pages and health while slow readers, costly questions and downloads come all at once.

Measured on the portal as it stands (nginx, three pools), beside the same visitors at a single pool of gunicorn without
a web server in front.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from bench.entry import Beside, Entry
from bench.load import DATASET
from bench.portal import single_pool, whole
from bench.process import Runner
from bench.visitors import ASKERS, DOWNLOADS, READERS
from ckanext.cpdi.catalog.parts import resource_id

SECONDS = 20
BAR = 300
"""Milliseconds in which 19 of 20 answers have come."""
PEER = "one pool, nothing in front"
PAGES = {
    "/": "home",
    "/healthz": "health",
    f"/dataset/{DATASET}": "a dataset's page",
    f"/dataset/{DATASET}?anew": "a dataset's page, no cache",
}


def measure(runner: Runner) -> Iterator[Entry]:
    """Yield the 95th and 50th percentile and the longest of each page, then how many were refused."""
    with whole(runner) as url:
        seen = _flood(runner, url)
    with single_pool(runner) as server:
        before = _flood(runner, server.url)
    crowd = f"{READERS} slow readers, {ASKERS} costly connections, {DOWNLOADS} downloads"
    for path, name in PAGES.items():
        found, peer = percentiles(seen["pages"][path]), percentiles(before["pages"][path])
        bar = BAR if path in ("/", "/healthz") else None
        yield Entry(f"{name}, p95 under {crowd}", found[1], "ms", peer=Beside(PEER, peer[1]), bar=bar)
        yield Entry(f"{name}, p50", found[0], "ms", peer=Beside(PEER, peer[0]))
        yield Entry(f"{name}, longest", found[2], "ms", peer=Beside(PEER, peer[2]))
    yield Entry("refused or too late", refused(seen), "answers", peer=Beside(PEER, refused(before)), bar=0)
    yield Entry(
        "costly questions answered",
        seen["answered"]["costly questions"],
        "answers",
        peer=Beside(PEER, before["answered"].get("costly questions", 0)),
    )


def _flood(runner: Runner, url: str) -> dict[str, Any]:
    return runner.module("bench.visitors", url, resource_id(DATASET), str(SECONDS)).json()


def percentiles(seconds: list[float]) -> tuple[float, float, float]:
    """Return median, 95th percentile and maximum in milliseconds."""
    hundredths = statistics.quantiles(seconds, n=100, method="inclusive")
    return hundredths[49] * 1000, hundredths[94] * 1000, max(seconds) * 1000


def refused(seen: dict[str, Any]) -> float:
    """Return how many answers were refused, or came too late."""
    return float(seen["late"] + sum(seen["refused"].values()))

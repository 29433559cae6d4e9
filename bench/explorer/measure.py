"""Starts the portal as one pool, then whole behind nginx with CKAN's own views beside it, and asks them all."""

from __future__ import annotations

from collections.abc import Iterator

from bench.browser import chromium, told
from bench.entry import Entry, Missing
from bench.explorer import counts, first, page, rows, views
from bench.portal import single_pool, whole
from bench.process import Runner
from bench.services.ground import prepare
from bench.services.limits import OFF
from bench.services.measure import guarded


def measure(runner: Runner) -> Iterator[Entry | Missing]:
    """Yield the entries as they come; the table has its rows already."""
    ground = prepare(runner)
    with single_pool(runner, OFF) as ours:
        yield from guarded(
            {
                "counts": lambda: counts.measure(ours, ground),
                "rows of the table": lambda: rows.measure(ours, ground),
            }
        )
    with whole(runner, OFF) as url, chromium() as browser:
        yield from guarded(
            {
                "the first visit": lambda: told(first.measure(browser, url)),
                "the explorer's page": lambda: told(page.measure(browser, url)),
                "CKAN's own views": lambda: told(views.measure(runner, ground, browser, url)),
            }
        )

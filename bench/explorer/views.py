"""The explorer beside what CKAN shows of the same table: datatables_view, and the bars of ckanext-charts.

Each is asked for in turn by a browser that was never there. A changed filter is another category, while the rows (the
charts) are in sight: a click in the explorer, a column's search in datatables_view. A view of ckanext-charts has no
filter to change but its own settings: the page of a second view, with a filter, is asked for.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from bench.entry import Beside, Entry, Missing
from bench.explorer.reader import PATH, Reader, reader
from bench.load import DATASET
from bench.portal import ROOT, stock
from bench.process import CommandError, Runner
from bench.services.ground import Ground
from bench.services.peers import folder, version

TURNS = 3
_BAR = 0.1
_TABLE, _CHARTS = "datatables_view", "charts_view"
_FACE = '[data-cpdi-face="{}"]'
_ROWS, _SERIES = '.cp-tb th[scope="row"]', '[data-chart="time"] svg path[d]'
_THEIR_ROWS, _THEIR_CHART = "#dtprv tbody tr[id]", ".chart-container .plot-container .bars"
_NEXT_ROWS = (
    "() => new Promise(done => $('#dtprv').one('draw.dt', () => requestAnimationFrame(() => done(performance.now()))))"
)
Pair = tuple[float, float]
"""Milliseconds to the first, and from a changed filter to the next."""


def measure(runner: Runner, ground: Ground, browser: Any, url: str) -> Iterator[Entry | Missing]:  # noqa: ANN401  playwright is imported where it is used
    """Yield the explorer's times beside those of the others."""
    subprocess.run([ROOT / "scripts/bench-peers", "charts"], check=False)
    environment = folder(runner) / "charts"
    python, charts = environment / "bin/python", version(environment, "ckanext-charts")
    plugins = f"{_TABLE} {_CHARTS}" if charts else _TABLE
    if not charts:
        yield Missing("ckanext-charts", "is not installed (scripts/bench-peers)")
    ids = _views(runner, ground, with_charts=bool(charts))
    with stock(runner, str(python) if charts else sys.executable, plugins) as theirs:
        at = f"{theirs}/dataset/{DATASET}/resource/{ground.resource}/view"
        yield from _beside(
            "rows",
            lambda: _ours(browser, f"{url}{PATH}#ex-rows", _ROWS, "table"),
            lambda: _their_table(browser, f"{at}/{ids['table']}", ground),
            "datatables_view",
            lambda: _plain_table(browser, f"{url}{PATH}", runner.work / "rows.html"),
        )
        for name, limit in (("a chart of 1,000 rows", 1000), ("a chart", ground.rows)) if charts else ():
            yield from _beside(
                name,
                lambda: _ours(browser, f"{url}{PATH}#ex-charts", _SERIES, "charts"),
                lambda limit=limit: _their_chart(browser, f"{at}/{ids[f'all {limit}']}", f"{at}/{ids[f'one {limit}']}"),
                f"ckanext-charts {charts}",
            )


def _views(runner: Runner, ground: Ground, *, with_charts: bool) -> dict[str, str]:
    """Make the views; return their ids."""
    bars = {"engine": "plotly", "type": "Bar", "x": str(ground.table.category), "y": "_id"}
    shown = {
        "show_fields": [ground.table.time, ground.table.category]
    }  # what it has no room for, it hides with its search
    views: list[dict[str, Any]] = [{"type": _TABLE, "title": "table", "config": shown}]
    for limit in {ground.rows, 1000} if with_charts else ():
        only = f"{ground.table.category}:{ground.categories[1]}"
        for title, chosen in ((f"all {limit}", ""), (f"one {limit}", only)):
            views.append({"type": _CHARTS, "title": title, "config": {**bars, "limit": limit, "filter": chosen}})
    made = runner.module("bench.explorer.made_views", str(runner.ini), ground.resource, json.dumps(views)).json()
    return {str(title): str(view) for title, view in made["ids"].items()}


def _beside(
    name: str, ours: Callable[[], Pair], theirs: Callable[[], Pair], peer: str, floor: Callable[[], float] | None = None
) -> Iterator[Entry | Missing]:
    """Yield both times of the explorer beside the other's, each the median of some turns; the first beside a floor."""
    from playwright.sync_api import Error

    own, other, least = list[Pair](), list[Pair](), list[float]()
    try:
        for _ in range(TURNS):
            own.append(ours())
            other.append(theirs())
            if floor:
                least.append(floor())
    except (CommandError, Error) as error:
        yield Missing(f"{name}: {peer}", str(error).strip().splitlines()[0])
        return
    for which, what in enumerate((f"to the first of {name}", f"{name} of a changed filter")):
        took, beside = (statistics.median(pair[which] for pair in pairs) for pairs in (own, other))
        bare = Beside("a file of them", statistics.median(least)) if least and which == 0 else None
        yield Entry(f"explorer, {what}", took, "ms", floor=bare, peer=Beside(peer, beside, _BAR))


def _ours(browser: Any, address: str, first: str, face: str) -> Pair:  # noqa: ANN401  as above
    with reader(browser) as one:
        one.go(address)
        took = one.has(first)
        one.page.wait_for_selector(f"{_FACE.format(face)}[data-ready]")
        one.settled()  # what is not near is not loaded: with rows that is the map
        one.page.wait_for_timeout(1000)
        one.call("expect")
        # Without a way to the box: what is out of sight is not asked for.
        one.page.locator(".cp-ex-values input:visible").nth(1).evaluate("box => box.click()")
        return took, one.settled(_FACE.format(face))


def _plain_table(browser: Any, address: str, file: Path) -> float:  # noqa: ANN401  as above
    """Return what the same rows take from a file, without a server, a style or a script of the page's."""
    if not file.exists():
        with urlopen(address, timeout=60) as answer:  # noqa: S310  the bench's own portal
            (table,) = re.findall(rb'<table class="cp-tb">.*?</table>', answer.read(), re.DOTALL)
        file.write_bytes(b"<!doctype html><meta charset=utf-8><title>Rows</title>" + table)
    with reader(browser) as one:
        return _there(one, file.as_uri(), _ROWS)


def _their_table(browser: Any, address: str, ground: Ground) -> Pair:  # noqa: ANN401  as above
    with reader(browser) as one:
        took = _there(one, address, _THEIR_ROWS)
        one.page.wait_for_timeout(3000)  # it asks once more where more rows than ten fit
        field = one.page.locator(f'input[name^="dtcol-{str(ground.table.category).replace("_", "-")}-"]:visible').first
        field.fill(ground.categories[1].split()[0].strip(","))
        return took, one.answer(_NEXT_ROWS, lambda: field.press("Enter"))


def _their_chart(browser: Any, address: str, changed: str) -> Pair:  # noqa: ANN401  as above
    with reader(browser) as one:
        first = _there(one, address, _THEIR_CHART)
    with reader(browser) as one:
        return first, _there(one, changed, _THEIR_CHART)


def _there(one: Reader, address: str, selector: str) -> float:
    one.go(address)
    return one.has(selector)

"""What a reader of the DataStore's API waits for, while nothing else runs and while a night is being published.

``python -m bench.readers INI STOP`` asks until the file STOP is there, and prints one JSON object: ``p50`` and ``p95``
in milliseconds, ``asked``, and the different ``totals`` that readers saw.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path
from time import perf_counter, sleep
from typing import IO, Any, cast

import ckan.plugins.toolkit as tk

from bench.entry import Beside, Entry
from bench.feeds import Feeds
from bench.load import DATASET, load
from bench.process import CommandError, Runner
from bench.site import start
from ckanext.cpdi.catalog.parts import resource_id

QUIET_SECONDS = 10
QUIET_BAR = 100
"""Milliseconds in which 19 of 20 questions are answered while nothing else runs."""
PAUSE = 0.05
"""Seconds between two questions: a reader, not an attack."""
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"limit": 100},
    {"limit": 100, "sort": "call_datetime desc"},
    {"limit": 20, "q": "alarm"},
    {"limit": 20, "filters": {"team": "Team 5"}},
)


def measure(runner: Runner, feeds: Feeds) -> Iterator[Entry]:
    """Yield the reader's 95th percentile during a night beside the quiet one; the feed is another than the last."""
    quiet = _asking(runner, lambda: sleep(QUIET_SECONDS))
    before = quiet["totals"]
    busy = _asking(runner, lambda: load(runner, feeds.first, "published"))
    if len(busy["totals"]) > len(before) + 1 or 0 in busy["totals"]:
        raise CommandError(
            f"readers saw tables of {busy['totals']} rows; whole ones have one size before and one after"
        )
    yield Entry("a reader's p95, quiet", quiet["p95"], "ms", bar=QUIET_BAR)
    for name, bar in (("p95", 2.0), ("p50", None)):
        beside = Beside("the same, quiet", quiet[name], bar)
        yield Entry(f"a reader's {name} while a night is published", busy[name], "ms", peer=beside)


def _asking(runner: Runner, work: Callable[[], object]) -> dict[str, Any]:
    """Return what a reader in a process of its own saw while ``work`` was done."""
    stop = runner.work / "stop"
    stop.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bench.readers", str(runner.ini), str(stop)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as reader:
        said = cast("IO[str]", reader.stdout)
        said.readline()  # the reader is ready
        work()
        stop.touch()
        last = said.read().strip().splitlines()[-1:]
    if reader.returncode or not last:
        raise CommandError("the reader failed")
    return dict(json.loads(last[0]))


def main(ini: str, stop: str) -> None:
    """Ask, one question after the other, until the file ``stop`` is there."""
    took: list[float] = []
    totals: set[int] = set()
    with start(ini):
        search = tk.get_action("datastore_search")
        for question in QUESTIONS:
            search({}, {"resource_id": resource_id(DATASET), **question})
        print("ready", flush=True)
        for question in cycle(QUESTIONS):
            if Path(stop).exists():
                break
            began = perf_counter()
            result = search({}, {"resource_id": resource_id(DATASET), **question})
            took.append((perf_counter() - began) * 1000)
            if "q" not in question and "filters" not in question:
                totals.add(int(result["total"]))
            sleep(PAUSE)
    hundredths = statistics.quantiles(took, n=100)
    print(json.dumps({"p50": hundredths[49], "p95": hundredths[94], "asked": len(took), "totals": sorted(totals)}))


if __name__ == "__main__":
    main(*sys.argv[1:])

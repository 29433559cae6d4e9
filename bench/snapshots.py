"""What the files cost that stand beside the table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bench.entry import Beside, Entry
from bench.load import DATASET
from bench.process import Runner

NIGHT_BAR = 0.3
"""Of the time of every file, what a night may take that touched one year."""


def measure(runner: Runner) -> Iterator[Entry]:
    """Yield an entry a format, then one for all files, whole and by year."""
    outcome = runner.module("bench.files", str(runner.ini), DATASET, str(runner.work))
    found = outcome.json()
    floor = Beside("bare COPY", float(found["copy"]))
    for extension, seconds in found["formats"].items():
        yield Entry(f"{extension} of the whole table", float(seconds), "s", floor)
    yield Entry("every file, whole and by year", float(found["build"]), "s", floor)
    yield from _night(found)
    yield Entry("every file, peak memory", outcome.peak_mb, "MB", bar=1000)


def _night(found: dict[str, Any]) -> Iterator[Entry]:
    """Yield what files cost after a night that touched one year, beside all of them."""
    name = f"files of a night that touched one year ({found['share']:.0%} of the rows)"
    every = "every file, whole and by year"
    yield Entry(name, float(found["night"]), "s", peer=Beside(every, float(found["build"]), NIGHT_BAR))
    yield Entry(f"{name}, processor", float(found["night_cpu"]), "s", peer=Beside(every, float(found["build_cpu"])))

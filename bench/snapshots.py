"""What the files cost that stand beside the table."""

from __future__ import annotations

from collections.abc import Iterator

from bench.entry import Beside, Entry
from bench.load import DATASET
from bench.process import Runner


def measure(runner: Runner) -> Iterator[Entry]:
    """Yield an entry a format, then one for all files, whole and by year."""
    outcome = runner.module("bench.files", str(runner.ini), DATASET, str(runner.work))
    found = outcome.json()
    floor = Beside("bare COPY", float(found["copy"]))
    for extension, seconds in found["formats"].items():
        yield Entry(f"{extension} of the whole table", float(seconds), "s", floor)
    yield Entry("every file, whole and by year", float(found["build"]), "s", floor)
    yield Entry("every file, peak memory", outcome.peak_mb, "MB", bar=1000)

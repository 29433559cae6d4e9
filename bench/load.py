"""``ckan cpdi load`` on a first, a same, an equal and a later feed, beside xloader on the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.entry import Entry
from bench.feeds import Feeds
from bench.process import CommandError, Outcome, Runner

DATASET = "calls-for-service"
XLOADER = "xloader, first load"
TIMES = 3
"""How often what takes a moment is measured, turn by turn; the least disturbed counts."""


def measure(runner: Runner, feeds: Feeds) -> Iterator[Entry]:
    """Yield the entries as they come."""
    first = load(runner, feeds.first, "published")
    runner.ckan("cpdi", "approve", DATASET)  # what is not approved is read by nobody
    peer = runner.module("bench.peer", str(runner.ini), str(feeds.first))
    xloader = float(peer.json()["seconds"])
    yield Entry("first load", seconds(first), "s", XLOADER, xloader, bar=0.4)
    yield Entry("first load, whole command with files", first.seconds, "s", "xloader, whole command", peer.seconds)
    yield Entry("first load, peak memory with files", first.peak_mb, "MB", bar=1000)
    yield Entry("xloader, peak memory", peer.peak_mb, "MB")

    floor: list[float] = []
    same: list[float] = []
    for _ in range(TIMES):
        floor.append(runner.ckan("cpdi", "runs", "--json").seconds)
        same.append(load(runner, feeds.first, "unchanged").seconds)
    yield Entry("ckan, start-up alone", min(floor), "s")
    yield Entry("same file again, beyond start-up", min(same) - min(floor), "s", bar=1.0)

    again = load(runner, feeds.again, "unchanged")
    yield Entry("same rows in a new file", seconds(again), "s", XLOADER, xloader, bar=0.08)

    later = load(runner, feeds.later, "published")
    share = later.json()["changed"] / later.json()["published"]
    yield Entry(f"{share:.1%} of the rows changed", seconds(later), "s", XLOADER, xloader, bar=0.15)
    yield Entry("later night, peak memory with files", later.peak_mb, "MB", bar=1000)


def load(runner: Runner, file: Path, state: str) -> Outcome:
    """Load ``file``; raise CommandError where the run does not end in ``state`` with every row accounted for."""
    outcome = runner.ckan("cpdi", "load", DATASET, str(file), "--json")
    run: dict[str, Any] = outcome.json()
    known = run["published"] + run["withheld"] + sum(run["quarantined"].values())
    if run["state"] != state or run["read"] != known:
        raise CommandError(f"{file.name}: {run}, but {state} was to come")
    return outcome


def seconds(outcome: Outcome) -> float:
    """Return what the run itself took, without CKAN's start and the files."""
    return float(outcome.json()["seconds"])

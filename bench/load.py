"""``ckan cpdi load`` on a first, a same, an equal and a later feed, beside xloader on the first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.entry import Beside, Entry
from bench.feeds import Feeds
from bench.process import CommandError, Outcome, Runner

DATASET = "calls-for-service"
XLOADER = "xloader, first load"
FLOOR = "plain SQL"
"""Name of the floor: see :mod:`bench.floor`."""
TIMES = 3
"""How often what takes a moment is measured, turn by turn; the least disturbed counts."""
PEAKS = ((4_000_000, 750), (0, 650))
"""Megabytes that a load may hold, from so many rows on."""


def measure(runner: Runner, feeds: Feeds, rows: int) -> Iterator[Entry]:
    """Yield the entries as they come."""
    peak = next(most for least, most in PEAKS if rows >= least)
    first = load(runner, feeds.first, "published")
    _approve(runner)
    floor = _floor(runner, "first")
    peer = runner.module("bench.peer", str(runner.ini), str(feeds.first))
    xloader = float(peer.json()["seconds"])
    yield Entry(
        "first load", seconds(first), "s", Beside(FLOOR, sum(floor.values()), 1.0), Beside(XLOADER, xloader, 0.24)
    )
    yield from _steps("first load", floor)
    yield Entry(
        "first load, whole command with files", first.seconds, "s", peer=Beside("xloader, whole command", peer.seconds)
    )
    yield from _peaks("first load", first, peak)
    yield Entry("xloader, peak memory", peer.peak_mb, "MB")

    startup: list[Outcome] = []
    same: list[Outcome] = []
    for _ in range(TIMES):
        startup.append(runner.ckan("cpdi", "runs", "--json"))
        same.append(load(runner, feeds.first, "unchanged"))
    least, most = (min(outcome.seconds for outcome in outcomes) for outcomes in (startup, same))
    yield Entry("ckan, start-up alone", least, "s")
    yield Entry("same file again, beyond start-up", most - least, "s", bar=1.0)
    cpu = min(outcome.cpu for outcome in same) - min(outcome.cpu for outcome in startup)
    yield Entry("same file again, beyond start-up, processor", cpu, "s")

    again = load(runner, feeds.again, "unchanged")
    yield from _next("same rows in a new file", again, _floor(runner, "next"), Beside(XLOADER, xloader, 0.05))
    later = load(runner, feeds.later, "published")
    share = later.json()["changed"] / later.json()["published"]
    name = f"{share:.1%} of the rows changed"
    yield from _next(name, later, _floor(runner, "next"), Beside(XLOADER, xloader, 0.07))
    yield from _peaks("later night", later, peak)


def prepare(runner: Runner, feeds: Feeds) -> None:
    """Load the first feed for what is measured on its rows, and approve its rules."""
    load(runner, feeds.first, "published")
    _approve(runner)


def _approve(runner: Runner) -> None:
    runner.ckan("cpdi", "approve", DATASET)  # what is not approved is read by nobody


def _floor(runner: Runner, which: str) -> dict[str, float]:
    """Return the seconds of each step that plain SQL takes to the table as it is now."""
    return runner.module("bench.floor", str(runner.ini), DATASET, str(runner.work), which).json()


def _next(name: str, night: Outcome, floor: dict[str, float], peer: Beside) -> Iterator[Entry]:
    yield Entry(name, seconds(night), "s", Beside(FLOOR, sum(floor.values())), peer)
    yield from _steps(name, floor)


def _steps(name: str, floor: dict[str, float]) -> Iterator[Entry]:
    for step, took in floor.items():
        yield Entry(f"{name}, {FLOOR}: {step}", took, "s")


def _peaks(name: str, night: Outcome, bar: float) -> Iterator[Entry]:
    """Yield what the run itself held, and the whole command with the files."""
    yield Entry(f"{name}, peak memory", float(night.json()["peak_mb"]), "MB", bar=bar)
    yield Entry(f"{name}, peak memory with files", night.peak_mb, "MB", bar=bar)


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

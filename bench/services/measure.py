"""Starts the portal with two workers, and the others beside it, and asks them all."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

from bench.entry import Entry, Missing
from bench.portal import ROOT, Server, single_pool
from bench.process import CommandError, Runner
from bench.services import chosen, crowd, features, ground, peers, tiles, whole
from bench.services.limits import OFF

Part = Callable[[], Iterator[Entry | Missing]]


def measure(runner: Runner) -> Iterator[Entry | Missing]:
    """Yield the entries as they come; the table has its rows already. Who cannot be started is told and left out."""
    subprocess.run([ROOT / "scripts/bench-peers"], check=False)
    rows = ground.prepare(runner)
    with ExitStack() as stack:
        ours = stack.enter_context(single_pool(runner, OFF))
        others = peers.start(runner, rows, stack)
        yield from _parts(ours, rows, others)
    yield from guarded({"pages in a crowd": lambda: crowd.measure(runner, rows)})


def _parts(ours: Server, rows: ground.Ground, others: peers.Peers) -> Iterator[Entry | Missing]:
    yield from others
    asked: dict[str, Part] = {
        "pages of features": lambda: features.measure(ours.url, rows, others),
        "questions about all rows": lambda: whole.measure(ours.url, rows, others),
        "tiles": lambda: tiles.measure(ours.url, rows, others),
        "a download of chosen rows": lambda: chosen.measure(ours, rows),
    }
    yield from guarded(asked)


def guarded(parts: Mapping[str, Part]) -> Iterator[Entry | Missing]:
    """Yield what the parts yield; which of them fails is told, and the others go on."""
    for name, part in parts.items():
        try:
            yield from part()
        except (CommandError, OSError) as error:
            yield Missing(name, str(error))

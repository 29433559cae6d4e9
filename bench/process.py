"""Commands as processes of their own: wall time, peak memory, and what they print."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

_OFTEN = 0.2
"""Seconds between two looks at the memory of a command."""


class CommandError(Exception):
    """A measured command failed; the message has the end of what it said."""


def free_ports(number: int) -> list[int]:
    """Ports of the loopback that nobody uses now, so that two benchmarks may run side by side."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(number)]
        return [each.getsockname()[1] for each in sockets]


@dataclass(frozen=True)
class Outcome:
    """``seconds`` of wall time, ``cpu`` seconds and ``peak_mb`` of the process and what it waited for, its ``stdout``.

    The seconds of the processor are those of all of them, not of the database. ``peak_mb`` is the
    most that one process held; ``together_mb`` what all held at once, shared memory once, as seen five times a second.
    """

    seconds: float
    cpu: float
    peak_mb: float
    together_mb: float
    stdout: str

    def json(self) -> dict[str, Any]:
        """Return the last line printed, which is one JSON object."""
        return dict(json.loads(self.stdout.strip().splitlines()[-1]))


@dataclass(frozen=True)
class Runner:
    """Starts commands with the configuration ``ini``; what they say goes into files in ``work``."""

    ini: Path
    work: Path

    def ckan(self, *arguments: str) -> Outcome:
        """Run the ``ckan`` command."""
        return self._run([str(Path(sys.executable).with_name("ckan")), "-c", str(self.ini), *arguments])

    def module(self, name: str, *arguments: str) -> Outcome:
        """Run a module of this package."""
        return self._run([sys.executable, "-m", name, *arguments])

    def _run(self, command: Sequence[str]) -> Outcome:
        said, complained = self.work / "stdout", self.work / "stderr"
        began = perf_counter()
        with said.open("wb") as stdout, complained.open("wb") as stderr:
            process = subprocess.Popen(command, stdout=stdout, stderr=stderr, stdin=subprocess.DEVNULL)
            with _watched(process.pid) as seen:
                _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            end = "\n".join((said.read_text() + complained.read_text()).splitlines()[-15:])
            raise CommandError(f"{' '.join(command[1:4])} … ended with {process.returncode}:\n{end}")
        return Outcome(
            seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, max(seen, default=0.0), said.read_text()
        )


@contextmanager
def _watched(pid: int) -> Generator[list[float]]:
    """Give the list that grows, while the block runs, by the megabytes of a process and all that it started."""
    seen, over = list[float](), threading.Event()

    def watch() -> None:
        while not over.wait(_OFTEN):
            seen.append(sum(map(held, _family(pid))))

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        over.set()
        watcher.join()


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all below it that are there."""
    yield pid
    with suppress(OSError):  # it has ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


def processor(pid: int) -> float:
    """Return the seconds of the processor that a process and all below it that are there have used."""
    return sum(map(_used, _family(pid)))


def _used(pid: int) -> float:
    used = 0
    with suppress(OSError):  # a thread or the process has ended meanwhile
        for thread in Path(f"/proc/{pid}/task").iterdir():
            used += int((thread / "schedstat").read_text().split()[0])
    return used / 1e9


def held(pid: int) -> float:
    """Return the megabytes of a process, its part of what it shares with others; 0 for one that has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0

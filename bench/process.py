"""Commands as processes of their own: wall time, peak memory, and what they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any


class CommandError(Exception):
    """A measured command failed; the message has the end of what it said."""


@dataclass(frozen=True)
class Outcome:
    """``seconds`` of wall time, ``cpu`` seconds and ``peak_mb`` of the process and what it waited for, its ``stdout``.

    The processor's seconds are those of this process alone, not of the database.
    """

    seconds: float
    cpu: float
    peak_mb: float
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
            _, status, usage = os.wait4(process.pid, 0)
        seconds = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            end = "\n".join((said.read_text() + complained.read_text()).splitlines()[-15:])
            raise CommandError(f"{' '.join(command[1:4])} … ended with {process.returncode}:\n{end}")
        return Outcome(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, said.read_text())

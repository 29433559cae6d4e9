"""The deny list as an append-only file, so that restoring an older database does not lose it.

A line has the time, ``+`` for a key that was denied or ``-`` for one that was lifted, the dataset, the key and the
reason. The latest line of a key counts. Keys are keyed hashes, which reveal nothing without the site's secret.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ckanext.cpdi.declare.departments.denial import key_of, key_text
from ckanext.cpdi.whole_file import sync

_LINE = re.compile(
    r"(?P<at>\S{20,40}) (?P<sign>[+-]) (?P<dataset>[a-z0-9_-]+) (?P<key>[0-9a-f]{16}) (?P<why>[a-z_]+)", re.ASCII
)


@dataclass(frozen=True)
class Event:
    """A key that was added to the list (``denied``), or removed from it."""

    at: datetime
    denied: bool
    dataset: str
    key: int
    why: str

    def __str__(self) -> str:
        """Return the event as a line of the file."""
        sign = "+" if self.denied else "-"
        return f"{self.at.isoformat()} {sign} {self.dataset} {key_text(self.key)} {self.why}"


def append(path: Path, events: Iterable[Event]) -> None:
    """Append events to the file, which only its owner may read; they are synced to disk when this returns."""
    text = "".join(f"{event}\n" for event in events)
    if not text:
        return
    with open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b") as file:  # noqa: PTH123  with a mode
        fcntl.flock(file, fcntl.LOCK_EX)
        # A line that a full disk cut short must not merge with the next one.
        if file.seek(0, os.SEEK_END) and (file.seek(-1, os.SEEK_END), file.read(1))[1] != b"\n":
            text = f"\n{text}"
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    sync(path.parent)


def latest(path: Path) -> dict[tuple[str, int], Event]:
    """Return the last event of each dataset and key; nothing where there is no file. Incomplete lines are skipped."""
    try:
        lines = path.read_text(encoding="ascii", errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    events = [event for line in lines if (event := _read(line))]
    return {(event.dataset, event.key): event for event in sorted(events, key=lambda event: event.at)}


def _read(line: str) -> Event | None:
    match = _LINE.fullmatch(line)
    if match is None:
        return None
    try:
        at = datetime.fromisoformat(match["at"])
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return Event(at, match["sign"] == "+", match["dataset"], key_of(match["key"]), match["why"])

"""One measured value with what it is compared with, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A value beside that of its peer.

    ``bar`` is the most that is allowed: of value / peer value where there is a peer, else, or where it is ``absolute``,
    of the value. An entry without one is information.
    """

    name: str
    value: float
    unit: str
    peer: str = ""
    peer_value: float | None = None
    bar: float | None = None
    absolute: bool = False

    @property
    def ratio(self) -> float | None:
        """Return value / peer value; None without a peer."""
        return self.value / self.peer_value if self.peer_value else None

    @property
    def ok(self) -> bool:
        """Return whether the bar holds; an entry without one always does."""
        measured = self.value if self.absolute or self.ratio is None else self.ratio
        return self.bar is None or measured <= self.bar

    def as_dict(self) -> dict[str, Any]:
        """Return it as ``bench.json`` holds it."""
        return {**asdict(self), "ratio": self.ratio, "ok": self.ok}


def write_json(entries: Iterable[Entry], path: Path) -> None:
    """Write the list that other programs read."""
    path.write_text(json.dumps([entry.as_dict() for entry in entries], indent=2) + "\n", encoding="utf-8")


def table(entries: Iterable[Entry]) -> str:
    """Return the entries as a table for people."""
    rows = [("", "value", "unit", "peer", "peer value", "ratio", "bar", "ok"), *map(_cells, entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join(lines)


def _cells(entry: Entry) -> tuple[str, ...]:
    verdict = "" if entry.bar is None else "yes" if entry.ok else "NO"
    numbers = [_number(entry.peer_value), _number(entry.ratio), _number(entry.bar)]
    return (entry.name, _number(entry.value), entry.unit, entry.peer, *numbers, verdict)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

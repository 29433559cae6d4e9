"""One measured value with what it is compared with, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Beside:
    """What was measured in the same run to compare with; ``bar`` is the most that figure / ``value`` may be."""

    name: str
    value: float
    bar: float | None = None

    def ratio(self, figure: float) -> float | None:
        """Return ``figure`` / value; None where there is nothing to divide by."""
        return figure / self.value if self.value else None

    def reached(self, figure: float) -> bool | None:
        """Return whether the bar holds; None without one."""
        ratio = self.ratio(figure)
        return None if self.bar is None else ratio is not None and ratio <= self.bar


@dataclass(frozen=True)
class Entry:
    """A figure beside a ``floor`` (the same by plain SQL) and a ``peer`` (other software), each with a bar of its own.

    ``bar`` is the most that the value itself may be, or with ``least`` the least. An entry without any bar is
    information.
    """

    name: str
    value: float
    unit: str
    floor: Beside | None = None
    peer: Beside | None = None
    bar: float | None = None
    least: bool = False

    def __str__(self) -> str:
        """Say the figure in a line."""
        return f"{self.name}: {self.value:,.2f} {self.unit}"

    @property
    def reached(self) -> bool | None:
        """Whether every bar holds; None without one."""
        verdicts = [one.reached(self.value) for one in (self.floor, self.peer) if one]
        if self.bar is not None:
            verdicts.append(self.value >= self.bar if self.least else self.value <= self.bar)
        known = [one for one in verdicts if one is not None]
        return all(known) if known else None

    def as_dict(self) -> dict[str, Any]:
        """Return it as ``bench.json`` holds it: a comparison has name, value, bar, ratio and reached."""
        beside = {
            kind: one and {**asdict(one), "ratio": one.ratio(self.value), "reached": one.reached(self.value)}
            for kind, one in (("floor", self.floor), ("peer", self.peer))
        }
        own = {"name": self.name, "value": self.value, "unit": self.unit, "bar": self.bar, "least": self.least}
        return {**own, **beside, "reached": self.reached}


@dataclass(frozen=True)
class Missing:
    """What was not measured, and why: other software that is not there, or a service that does not answer."""

    name: str
    why: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as ``bench.json`` holds it."""
        return {"name": self.name, "value": None, "reached": None, "why": self.why}

    def __str__(self) -> str:
        """Say it in a line."""
        return f"not measured: {self.name}: {self.why}"


def write_json(entries: Iterable[Entry | Missing], path: Path) -> None:
    """Write the list that other programs read."""
    path.write_text(json.dumps([entry.as_dict() for entry in entries], indent=2) + "\n", encoding="utf-8")


def table(entries: Iterable[Entry | Missing]) -> str:
    """Return the entries as a table for people, and below it what was not measured."""
    entries = list(entries)
    head = ("", "value", "unit", "bar", "floor", "", "ratio", "bar", "peer", "", "ratio", "bar", "reached")
    rows = [head, *(_cells(entry) for entry in entries if isinstance(entry, Entry))]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *(str(entry) for entry in entries if isinstance(entry, Missing))])


def _cells(entry: Entry) -> tuple[str, ...]:
    verdict = {None: "", True: "yes", False: "NO"}[entry.reached]
    beside = [cell for one in (entry.floor, entry.peer) for cell in _compared(entry.value, one)]
    bar = "≥ " * entry.least + _number(entry.bar)
    return (entry.name, _number(entry.value), entry.unit, bar, *beside, verdict)


def _compared(figure: float, beside: Beside | None) -> tuple[str, str, str, str]:
    if beside is None:
        return "", "", "", ""
    return beside.name, _number(beside.value), _number(beside.ratio(figure)), _number(beside.bar)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"

"""A batch on its way through the room: its columns, and row by row what was found wrong or odd."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

Rows = npt.NDArray[np.bool_]
"""One truth value a row."""


@dataclass(frozen=True)
class Fate:
    """Why a row is not published; ``field`` names the column, never a value."""

    outcome: Literal["withheld", "quarantined", "denied"]
    reason: str
    field: str = ""


class Sheet:
    """The rows of one batch. ``columns`` hold what is known of them so far, under the names of inputs and of
    standardised columns; ``classes`` is the set of each row's privacy classes.

    ``unreadable`` says by input which rows had something in it that cannot be read: its column is as empty there as
    where nothing stood, and what is derived of it must take the strict form.
    """

    def __init__(self, lines: pl.Series) -> None:
        """Begin with the rows' line numbers and nothing else."""
        self.lines = lines
        self.columns: dict[str, pl.Series] = {}
        self.classes = np.zeros(len(lines), dtype=np.int16)
        self.unreadable: dict[str, Rows] = {}
        self._fate = np.zeros(len(lines), dtype=np.uint16)
        self._fates: list[Fate] = []
        self._flags: dict[str, Rows] = {}

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.lines)

    @property
    def alive(self) -> Rows:
        """Which rows nothing speaks against so far."""
        return self._fate == 0

    def quarantine(self, rows: Rows, reason: str, field: str = "") -> None:
        """Give up ``rows``, which are damaged, except those that were given up before."""
        self._reject(rows, Fate("quarantined", reason, field))

    def withhold(self, rows: Rows, reason: str, field: str = "") -> None:
        """Keep ``rows`` back, except those that were given up before."""
        self._reject(rows, Fate("withheld", reason, field))

    def deny(self, rows: Rows) -> None:
        """Drop ``rows`` as if they had never been there, whatever else is wrong with them."""
        if rows.any():
            self._fates.append(Fate("denied", ""))
            self._fate[rows] = len(self._fates)

    def flag(self, rows: Rows, name: str) -> None:
        """Mark ``rows`` as odd."""
        if rows.any():
            self._flags[name] = self._flags[name] | rows if name in self._flags else rows.copy()

    def unread(self, rows: Rows, name: str, flag: str) -> None:
        """Note that what stood in the input ``name`` of ``rows`` cannot be read, and mark them as odd."""
        self.unreadable[name] = self.unreadable.get(name, np.zeros(self.height, dtype=bool)) | rows
        self.flag(rows, flag)

    def flags(self) -> pl.Series:
        """Return the flags of each row in alphabetical order, separated by a semicolon; null where there is none."""
        names = sorted(self._flags)
        bits = np.zeros(self.height, dtype=np.int64)
        for place, name in enumerate(names):
            bits |= self._flags[name].astype(np.int64) << place
        sets, row_set = np.unique(bits, return_inverse=True)
        texts = [
            ";".join(name for place, name in enumerate(names) if one >> place & 1) or None for one in sets.tolist()
        ]
        return pl.Series(texts, dtype=pl.String).gather(row_set)

    def rejects(self) -> pl.DataFrame:
        """Return the rows given up or kept back: line, outcome, reason, field; nothing of the denied ones."""
        dead = np.flatnonzero((self._fate != 0) & ~self.outcome("denied"))
        fates = pl.DataFrame(
            [(one.outcome, one.reason, one.field) for one in self._fates],
            schema={"outcome": pl.String, "reason": pl.String, "field": pl.String},
            orient="row",
        )
        lines = self.lines.gather(dead).rename("line").cast(pl.UInt32).to_frame()
        return lines.hstack(fates[self._fate[dead].astype(np.int64) - 1])

    def outcome(self, which: Literal["withheld", "quarantined", "denied"]) -> Rows:
        """Return which rows ended so."""
        ends = np.array([False, *(one.outcome == which for one in self._fates)])
        return ends[self._fate]

    def because(self, reasons: Iterable[str]) -> Rows:
        """Return which rows ended for one of the ``reasons``."""
        wanted = set(reasons)
        ends = np.array([False, *(one.reason in wanted for one in self._fates)])
        return ends[self._fate]

    def _reject(self, rows: Rows, fate: Fate) -> None:
        hit = rows & (self._fate == 0)
        if hit.any():
            self._fates.append(fate)
            self._fate[hit] = len(self._fates)


def truths(column: pl.Series) -> Rows:
    """Return a Boolean column as an array; null is False."""
    return column.fill_null(value=False).to_numpy()

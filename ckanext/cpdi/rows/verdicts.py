"""What is decided of each row of a batch: why it is not published, and what is odd about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

Rows: TypeAlias = npt.NDArray[np.bool_]
"""One truth value a row."""
OutcomeName: TypeAlias = Literal["withheld", "quarantined", "denied"]


@dataclass(frozen=True)
class Verdict:
    """Why a row is not published; ``field`` names the column, never a value."""

    outcome: OutcomeName
    reason: str
    field: str = ""


class Verdicts:
    """The verdicts on ``height`` rows. The first one on a row stands, unless the row is denied."""

    def __init__(self, height: int) -> None:
        """Begin without a verdict on any row."""
        self.height = height
        self._verdicts: list[Verdict] = []
        self._number = np.zeros(height, dtype=np.uint16)
        """Of each row: 0, or the place of its verdict in the list, counted from 1."""
        self._flags: dict[str, Rows] = {}

    @property
    def alive(self) -> Rows:
        """Which rows are to be published so far."""
        return self._number == 0

    def quarantine(self, rows: Rows, reason: str, field: str = "") -> None:
        """Give up ``rows``, which are damaged."""
        self._reject(rows, Verdict("quarantined", reason, field))

    def withhold(self, rows: Rows, reason: str, field: str = "") -> None:
        """Keep ``rows`` back."""
        self._reject(rows, Verdict("withheld", reason, field))

    def deny(self, rows: Rows) -> None:
        """Drop ``rows`` as if they had never been there, whatever else was decided of them."""
        if rows.any():
            self._verdicts.append(Verdict("denied", ""))
            self._number[rows] = len(self._verdicts)

    def flag(self, rows: Rows, name: str) -> None:
        """Mark ``rows`` as odd."""
        if rows.any():
            self._flags[name] = self._flags[name] | rows if name in self._flags else rows.copy()

    def flags(self) -> pl.Series:
        """Return the flags of each row in alphabetical order, separated by a semicolon; null where there is none."""
        names = sorted(self._flags)
        bits = np.zeros(self.height, dtype=np.int64)
        for place, name in enumerate(names):
            bits |= self._flags[name].astype(np.int64) << place
        sets, set_of_row = np.unique(bits, return_inverse=True)
        texts = [
            ";".join(name for place, name in enumerate(names) if flags >> place & 1) or None for flags in sets.tolist()
        ]
        return pl.Series(texts, dtype=pl.String).gather(set_of_row)

    def rejects(self, lines: pl.Series) -> pl.DataFrame:
        """Return the rows given up or kept back: line, outcome, reason, field; nothing of the denied ones.

        ``lines`` are the line numbers of all rows.
        """
        rejected = np.flatnonzero((self._number != 0) & ~self.have_outcome("denied"))
        verdicts = pl.DataFrame(
            [(verdict.outcome, verdict.reason, verdict.field) for verdict in self._verdicts],
            schema={"outcome": pl.String, "reason": pl.String, "field": pl.String},
            orient="row",
        )
        numbers = lines.gather(rejected).rename("line").cast(pl.UInt32).to_frame()
        return numbers.hstack(verdicts[self._number[rejected].astype(np.int64) - 1])

    def have_outcome(self, outcome: OutcomeName) -> Rows:
        """Return which rows have a verdict of this outcome."""
        matches = np.array([False, *(verdict.outcome == outcome for verdict in self._verdicts)])
        return matches[self._number]

    @property
    def usable(self) -> Rows:
        """Which rows are neither quarantined nor denied."""
        return ~self.have_outcome("quarantined") & ~self.have_outcome("denied")

    def have_reason(self, reasons: Collection[str]) -> Rows:
        """Return which rows have a verdict for one of the ``reasons``."""
        matches = np.array([False, *(verdict.reason in reasons for verdict in self._verdicts)])
        return matches[self._number]

    def collapsed(self, order: npt.NDArray[np.int64], starts: npt.NDArray[np.int64]) -> Verdicts:
        """Return the verdicts on records of several rows, which stand in ``order`` from each of ``starts`` on.

        A record has the first verdict that stands on one of its rows, and the flags of all.
        """
        made = Verdicts(len(starts))
        made._verdicts = [*self._verdicts]
        none = np.iinfo(np.uint16).max
        numbers = np.where(self._number == 0, none, self._number)[order]
        lowest = np.minimum.reduceat(numbers, starts)
        made._number = np.where(lowest == none, 0, lowest).astype(np.uint16)
        made._flags = {name: np.logical_or.reduceat(rows[order], starts) for name, rows in self._flags.items()}
        return made

    def _reject(self, rows: Rows, verdict: Verdict) -> None:
        """Record a verdict on those of ``rows`` that have none."""
        undecided = rows & self.alive
        if undecided.any():
            self._verdicts.append(verdict)
            self._number[undecided] = len(self._verdicts)


def truths(column: pl.Series) -> Rows:
    """Return a Boolean column as an array; null is False."""
    return (column.fill_null(value=False) if column.null_count() else column).to_numpy()

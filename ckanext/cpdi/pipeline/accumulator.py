"""What the batches of a night add up to, beside the rows that are published."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from ckanext.cpdi.rows import Outcome, Survey
from ckanext.cpdi.rows.identity.shares import joined
from ckanext.cpdi.store import Changes, FeedShape, RunSummary


class Tally:
    """The rows read (without the denied ones), the rejects with their reasons, the rows that wait, the classes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.read = 0
        self.denied = 0
        self.classes: Counter[str] = Counter()
        self.survey = Survey()
        self.next_due: datetime | None = None
        self._rejects: list[pl.DataFrame] = []
        self._held: list[pl.DataFrame] = []
        self._kept_back: list[pl.Series] = []
        self._shares: list[pl.DataFrame] = []

    def add(self, rows: int, rejects: pl.DataFrame, outcome: Outcome) -> None:
        """Count one batch of ``rows`` rows and the ``rejects`` that its reader could not read.

        A denied row was never there.
        """
        self.read += rows + rejects.height - outcome.denied
        self.denied += outcome.denied
        self._shares.append(outcome.shares)
        self.classes.update(outcome.classes)
        self._rejects += [rejects, outcome.rejects]
        self._held.append(outcome.held)
        self._kept_back.append(outcome.kept_back)
        self.survey += outcome.survey
        if outcome.next_due:
            self.next_due = min(self.next_due or outcome.next_due, outcome.next_due)

    def again(self, outcome: Outcome) -> None:
        """Count what became of rows that were masked once more; they were counted as read, and as of their class."""
        self._rejects.append(outcome.rejects)
        if outcome.next_due:
            self.next_due = min(self.next_due or outcome.next_due, outcome.next_due)

    def held(self) -> pl.DataFrame | None:
        """Return the rows whose class rose: ``_key``, ``_classes``, ``due``; None where there was no batch."""
        return pl.concat(self._held) if self._held else None

    def kept_back(self) -> pl.Series | None:
        """Return the keys of the rows that the rules withhold; None where there was no batch."""
        return pl.concat(self._kept_back) if self._kept_back else None

    def shape(self, headers: tuple[str, ...], zone: ZoneInfo) -> FeedShape:
        """Return what the feed looked like from afar; days are those of ``zone``."""
        first, last = (one.astimezone(zone).date() if one else None for one in (self.survey.first, self.survey.last))
        return FeedShape(headers, self.survey.rows, self.survey.filled, first, last)

    def summary(
        self, changes: Changes, seconds: Mapping[str, float], peak_mb: int, asked: tuple[str, ...] = ()
    ) -> RunSummary:
        """Return the night's summary; a row that lost to another of its key is quarantined as ``duplicate_key``.

        ``asked`` are the reasons of which the ledger says how many rows had them, even none.
        """
        superseded = changes.duplicates.select(
            pl.col("line").cast(pl.UInt32),
            outcome=pl.lit("quarantined"),
            reason=pl.lit("duplicate_key"),
            field=pl.lit(""),
        )
        return RunSummary(
            read=self.read,
            rejects=pl.concat([*self._rejects, superseded]),
            asked=asked,
            classes=self.classes,
            seconds=dict(seconds),
            peak_mb=peak_mb,
            next_due=self.next_due,
            denied=self.denied,
            shares=joined(self._shares),
        )

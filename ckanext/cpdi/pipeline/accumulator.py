"""The sums over a run's batches; the published rows go to the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from ckanext.cpdi.rows import Outcome, Survey
from ckanext.cpdi.rows.identity.shares import joined
from ckanext.cpdi.rows.places import PlaceTally
from ckanext.cpdi.store import Changes, FeedShape, RunSummary


class Accumulator:
    """The rows read (without the denied ones), the rejects with their reasons, the rows that wait, the classes."""

    def __init__(self) -> None:
        """Start with no batch."""
        self.read = 0
        self.denied = 0
        self.collapsed = 0
        self.classes: Counter[str] = Counter()
        self.survey = Survey()
        self.truth = PlaceTally()
        self.next_due: datetime | None = None
        self._rejects: list[pl.DataFrame] = []
        self._risen: list[pl.DataFrame] = []
        self._withheld_keys: list[pl.Series] = []
        self._shares: list[pl.DataFrame] = []
        self._people: list[pl.DataFrame] = []

    def add(self, rows: int, rejects: pl.DataFrame, outcome: Outcome) -> None:
        """Count a batch of ``rows`` rows and the ``rejects`` that its reader could not read.

        Denied rows do not count as read, and rows that make one record count once.
        """
        self.read += rows + rejects.height - outcome.denied - outcome.collapsed
        self.collapsed += outcome.collapsed
        self.denied += outcome.denied
        self._shares.append(outcome.shares)
        self._people.append(outcome.people)
        self.classes.update(outcome.classes)
        self._rejects += [rejects, outcome.rejects]
        self._risen.append(outcome.held)
        self._withheld_keys.append(outcome.kept_back)
        self.survey += outcome.survey
        self.truth += outcome.truth
        if outcome.next_due:
            self.next_due = min(self.next_due or outcome.next_due, outcome.next_due)

    def add_remasked(self, outcome: Outcome) -> None:
        """Count the rejects of rows that were masked once more; the rows themselves are counted already.

        What is in quarantine then came with a row of its record, and is counted as well.
        """
        self._rejects.append(outcome.rejects.filter(pl.col("outcome") != "quarantined"))
        again = outcome.people["_key"].implode()
        self._people = [*(people.filter(~pl.col("_key").is_in(again)) for people in self._people), outcome.people]
        if outcome.next_due:
            self.next_due = min(self.next_due or outcome.next_due, outcome.next_due)

    def risen(self) -> pl.DataFrame | None:
        """Return the rows whose class rose: ``_key``, ``_classes``, ``due``; None where there was no batch."""
        return pl.concat(self._risen) if self._risen else None

    def withheld_keys(self) -> pl.Series | None:
        """Return the keys of the rows that the rules withhold; None where there was no batch."""
        return pl.concat(self._withheld_keys) if self._withheld_keys else None

    def people(self) -> pl.DataFrame | None:
        """Return the categories of the rows, one a record, as the table has it; None where there was no batch.

        Of two rows with one key the one counts that the table keeps.
        """
        if not self._people:
            return None
        order = [pl.col("_rank").fill_null(-(2**63)), pl.col("_fingerprint")]
        people = pl.concat(self._people)
        return people.sort(*order).unique("_key", keep="last")

    def wait_until(self, instant: datetime) -> None:
        """Let the feed be read again from ``instant`` on, also where it is the same."""
        self.next_due = min(self.next_due or instant, instant)

    def shape(self, headers: tuple[str, ...], zone: ZoneInfo) -> FeedShape:
        """Return the shape of the feed: columns, how well they are filled, its days in ``zone``, its places."""
        times = (self.survey.first, self.survey.last)
        first, last = (instant.astimezone(zone).date() if instant else None for instant in times)
        places = self.truth.figures() if self.truth.counts.get("rows") else None
        return FeedShape(headers, self.survey.rows, self.survey.filled, first, last, places)

    def summary(
        self, changes: Changes, seconds: Mapping[str, float], peak_mb: int, always_counted: tuple[str, ...] = ()
    ) -> RunSummary:
        """Return the run's summary; a row that lost to another of its key is quarantined as ``duplicate_key``.

        ``always_counted`` are reasons that the ledger counts even where no row has them.
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
            asked=always_counted,
            classes=self.classes,
            seconds=dict(seconds),
            peak_mb=peak_mb,
            next_due=self.next_due,
            denied=self.denied,
            collapsed=self.collapsed,
            shares=joined(self._shares),
        )

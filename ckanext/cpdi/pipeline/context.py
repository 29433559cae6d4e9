"""What every step of a run needs: its dataset, feed, rule, clocks and store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

import ckanext.cpdi
from ckanext.cpdi.declare import Dataset, Feed, Profile, SyncRule
from ckanext.cpdi.pipeline import clock
from ckanext.cpdi.pipeline.clock import Reading
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.pipeline.stopwatch import Stopwatch, peak_mb
from ckanext.cpdi.rows import Turn
from ckanext.cpdi.store import Baseline, Clock, Origin, Store
from ckanext.cpdi.store.ledger.record import RunState


@dataclass(frozen=True)
class RunContext:
    """The fixed input of one run.

    ``location`` is an address that a harvest source may name, or the path of a file that the operator gave. ``label``
    is the ledger's name for the feed; ``force`` reads it in any case. ``rule`` is for rows that the feed lacks.
    """

    dataset: Dataset
    profile: Profile
    store: Store
    location: str | Path
    label: str
    force: bool
    rule: SyncRule
    stopwatch: Stopwatch
    reading: Reading
    last_clock: Clock | None
    """The machine's clock at the last good run."""
    profile_name: str = ""
    """The name by which the profile was chosen; empty for the site's own."""

    @classmethod
    def begin(
        cls,
        store: Store,
        dataset: Dataset,
        location: str | Path,
        profile: Profile,
        *,
        label: str,
        force: bool = False,
        rule: SyncRule | None = None,
        profile_name: str = "",
    ) -> Self:
        """Return the context of a run that begins now; without ``rule`` the profile's own rule counts."""
        return cls(
            dataset=dataset,
            profile=profile,
            store=store,
            location=location,
            label=label,
            force=force,
            rule=rule or profile.feed(dataset.name).rule,
            stopwatch=Stopwatch(),
            reading=clock.read(store),
            last_clock=store.ledger.last_clock(),
            profile_name=profile_name,
        )

    @property
    def feed(self) -> Feed:
        """The profile's declaration of the feed."""
        return self.profile.feed(self.dataset.name)

    def today(self) -> date:
        """Return the department's day."""
        return datetime.now(self.profile.zone).date()

    def start(self, sha256: str = "", fingerprint: str = "", rules: str = "", origin: Origin | None = None) -> int:
        """Write the start of the run into the ledger; return its id."""
        return self.store.ledger.start(
            self.dataset.name,
            feed_label=self.label,
            feed_sha256=sha256,
            fingerprint=fingerprint,
            rules_version=rules,
            profile_version=f"{self.profile.name} {self.profile.version}",
            code_version=ckanext.cpdi.__version__,
            origin=origin,
            sync=self.rule.mode,
            clock=self.reading.machine,
        )

    def hold(self, run: int, message: str) -> NightReport:
        """End a run that is held before its rows are read; return its report."""
        self.store.ledger.hold(run, message)
        return self.report(run, "held", message)

    def baseline(self) -> Baseline | None:
        """Return the last good run of this feed."""
        return self.store.ledger.baseline(self.dataset.name, self.label, self.rule.mode, self.profile.time_zone)

    def turn(self, now: datetime, table_rows: int) -> Turn:
        """Return the previous run and the first instant that the feed covers.

        They decide whether this is the first run of a month, which publishes the rows that show only their month.
        """
        rule = self.rule
        covers = now - timedelta(days=rule.days) if rule.mode == "window" and rule.days else None
        return Turn(self.store.ledger.last_good(self.dataset.name, rule.mode) if table_rows else None, covers)

    def report(self, run: int, state: RunState, message: str) -> NightReport:
        """Return the report of a run, without counts of rows."""
        seconds = self.stopwatch.total
        return NightReport(run, self.dataset.name, state, seconds=seconds, peak_mb=peak_mb(), message=message)

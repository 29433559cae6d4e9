"""One run's way into the table: compare, write what differs, commit it all at once.

In: published frames, batch by batch. Out: the table, its state, its version and the ledger, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import polars as pl

from ckanext.cpdi.declare import Field
from ckanext.cpdi.rows.identity.known import ID, STATE, find
from ckanext.cpdi.store.errors import StoreError
from ckanext.cpdi.store.ledger.record import RunSummary
from ckanext.cpdi.store.privacy import purge
from ckanext.cpdi.store.sync import bulk_load, diff, publication, window, years
from ckanext.cpdi.store.sync.changes import Changes
from ckanext.cpdi.store.sync.publication import Applied
from ckanext.cpdi.store.sync.seen import MOVED, Seen
from ckanext.cpdi.store.sync.target import Target
from ckanext.cpdi.store.sync.window import Coverage, Window
from ckanext.cpdi.store.sync.writer import Writer
from ckanext.cpdi.store.table import build, catalogue, demographics
from ckanext.cpdi.store.table.demographics import YearOfPeople

Masking = Callable[[pl.Series, pl.DataFrame], pl.DataFrame]
"""Masks lines of the feed once more, by the given state; returns those that are published."""
HELD = {"_key": pl.Int64, "_classes": pl.Int16, "due": pl.Date}
"""Columns of the rows that leave because their classes rose."""
_ANALYZE_FROM = 0.1
"""Share of the table's rows that must have changed before its statistics are made anew."""


class Sync:
    """A run at work; made by :meth:`ckanext.cpdi.store.Store.begin`, which also ends it.

    ``state`` and ``denied`` are those of the :class:`~ckanext.cpdi.store.sync.target.Target`.
    """

    def __init__(self, target: Target, writer: Writer) -> None:
        """Write to ``target`` through ``writer``; see :func:`ckanext.cpdi.store.sync.opening.open_run`."""
        self._target, self._writer = target, writer
        self._connection = target.connection
        self.state, self.denied = target.state, target.denied
        self._seen = Seen(target.state, _year(target.shape.table.time_field, target.terms.zone))
        self._links: list[pl.DataFrame] = []
        self._applied: Applied | None = None
        self._committed = False

    @property
    def table_rows(self) -> int:
        """How many rows the table had when the run began."""
        return self._target.rows

    def add(self, published: pl.DataFrame) -> pl.DataFrame:
        """Take the published rows of one batch; return those that differ from the table, which alone leave this
        process.
        """
        if self._applied is not None:
            raise StoreError("rows were added after the changes had been applied")
        moved = self._seen.add(published)
        if moved.height:
            self._writer.add(moved)
        return moved

    def link(self, links: pl.DataFrame) -> None:
        """Take the record numbers of others that rows carry: ``_key``, ``owner``, and the key there, ``link``."""
        self._links.append(links)

    def apply(
        self,
        held: pl.DataFrame | None = None,
        *,
        remove_missing: bool | Window,
        kept_back: pl.Series | None = None,
        anew: Masking | None = None,
    ) -> Changes:
        """Write the changes into the open transaction; nobody sees them before the commit.

        ``held`` (``_key``, ``_classes``, ``due``) are the rows that leave because their classes rose, ``kept_back`` the
        keys of those that the feed has and the rules withhold. Of the other rows of the table that the feed lacks, all
        are removed (True), those that a window decides, or none (False). ``anew`` masks lines of the feed once more, by
        a state that has all classes of their keys; without it rows whose batches disagree wait for the next run.
        """
        self._writer.wait()
        held = pl.DataFrame(schema=HELD) if held is None else held.select(*HELD).cast(HELD)  # pyright: ignore[reportArgumentType]
        coverage = None
        if isinstance(remove_missing, Window):
            coverage = self._cover(remove_missing, [held["_key"], kept_back])
        plan = diff.decide(
            self._seen,
            held,
            self._target.last_id,
            _next_month(self._target.terms.zone),
            kept_back=kept_back,
            removable=coverage.gone if coverage else None if remove_missing else pl.Series(dtype=ID),
            anew=partial(self._masked_anew, anew) if anew else None,
        )
        touched = years.touched(self._target, plan)
        self._purge_risen(plan)
        self._writer.write(plan)
        catalogue.write(self._connection, self._target.number, {"last_id": plan.last_id})
        changes = self._changes(plan, touched.grown, coverage)
        self._applied = Applied(changes, plan.moves, touched.corrected)
        return changes

    def years(self) -> dict[int, int]:
        """Return the rows of the table by year, with the changes once they have been applied."""
        target = self._target
        return catalogue.count_years(
            self._connection, target.shape.name, target.shape.table.time_field, target.terms.zone
        )

    def years_of_people(self) -> set[tuple[str, int]]:
        """Return the tables of people and the years of which counts are published."""
        return demographics.written(self._connection, self._target.number)

    def close_years(self, years: list[YearOfPeople], day: date) -> None:
        """Publish counts of closed years with the commit; ``day`` is the department's."""
        demographics.write(self._connection, self._target.number, years, day)

    def commit(self, summary: RunSummary) -> str:
        """Write ledger and version, commit; return the version, which is another one only if a row changed.

        Raises Unbalanced where the rows do not add up, RunLost where the run was ended meanwhile, DenyListChanged where
        the rows were read by an older list; nothing is written.
        """
        if self._applied is None:
            raise StoreError("the changes have not been applied")
        summary.check(self._applied.changes.published)
        version = publication.write(self._target, self._applied, self._links, summary)
        self._connection.commit()
        self._committed = True
        self._after_commit(self._applied.changes)
        return version

    def close(self) -> None:
        """End the run; what was not committed is rolled back."""
        self._writer.close()
        if self._connection.closed:
            return
        self._connection.rollback()
        self._connection.autocommit = True
        if not self._committed:
            bulk_load.discard(self._connection, self._target.number)

    def _masked_anew(self, anew: Masking, apart: pl.DataFrame) -> pl.DataFrame:
        """Return what is published of the rows ``apart``, staged like every other row that the table has not."""
        none = [pl.lit(value).alias(name) for name, value in (("_fingerprint", 0), ("_id", None), ("due", None))]
        known = apart.with_columns(none).select(*STATE).cast(STATE).sort("_key")  # pyright: ignore[reportArgumentType]
        moved = self.add(anew(apart["_line"], known))
        self._writer.wait()
        return moved.select(*MOVED)

    def _cover(self, days: Window, more: list[pl.Series | None]) -> Coverage | None:
        """Return what the feed, with the keys ``more``, decides of the rows inside the window; None where there is no
        table yet.
        """
        target = self._target
        if target.is_new:
            return None
        places = [find(keys, self.state).drop_nulls() for keys in more if keys is not None]
        present = self.state["_id"].gather(pl.concat([self._seen.places, *places]).unique()).drop_nulls()
        time = target.shape.table.time_field
        return window.cover(self._connection, target.shape.name, time, target.terms.zone, days, present)

    def _purge_risen(self, plan: diff.Diff) -> None:
        """Ask that rows whose class rose leave every copy, as they leave the table."""
        ids = plan.risen["_id"].to_list()
        if ids:
            purge.note(self._connection, self._target.entry.name, "rise", ids, list(self._target.years(ids)))

    def _changes(self, plan: diff.Diff, moved: dict[int, int], coverage: Coverage | None) -> Changes:
        """Count what the plan did; what left since the last run is told of with this one."""
        left = sum(self._target.entry.left.values())
        return Changes(
            added=plan.fresh.height,
            changed=plan.changed.height,
            removed=plan.leaving.height + left,
            unchanged=plan.unchanged,
            rows=self.table_rows + plan.fresh.height - plan.leaving.height,
            duplicates=plan.losers.select(pl.col("_line").alias("line")),
            moved=moved,
            coverage=coverage,
            left=left,
        )

    def _after_commit(self, changes: Changes) -> None:
        """Set CKAN's total again, which a reader may have overwritten, and refresh the planner's statistics."""
        self._connection.autocommit = True
        catalogue.write_total(self._connection, self._target.shape.resource_id, changes.rows)
        if changes.added + changes.changed + changes.removed > _ANALYZE_FROM * changes.rows:
            build.analyze(self._connection, self._target.shape)


def _next_month(zone: str) -> date:
    """Return the first day of the next month in the department's calendar, when risen rows come back."""
    return (datetime.now(ZoneInfo(zone)).date().replace(day=1) + timedelta(days=32)).replace(day=1)


def _year(field: Field, zone: str) -> pl.Expr:
    """Return the year of a published time in the department's calendar."""
    time = pl.col(field.name)
    return (time.dt.convert_time_zone(zone) if field.type == "datetime" else time).dt.year()

"""One run's way into the table: read the state, compare, write what differs, commit it all at once.

In: published frames, batch by batch. Out: the table, its state, its version and the ledger, in one transaction.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from ckanext.cpdi.declare import Field
from ckanext.cpdi.store import apply, build, catalogue, compare, ledger, state
from ckanext.cpdi.store.changes import Changes
from ckanext.cpdi.store.errors import StoreError
from ckanext.cpdi.store.record import RunSummary
from ckanext.cpdi.store.session import Connection
from ckanext.cpdi.store.shape import TYPES, Shape
from ckanext.cpdi.store.stage import Stage

HELD = {"_key": pl.Int64, "_classes": pl.Int16, "due": pl.Date}
"""Columns of the rows that leave because their classes rose."""
_ANALYZE_FROM = 0.1
"""Share of the table's rows that must have changed before its statistics are made anew."""


class Sync:
    """A run at work; made by :meth:`ckanext.cpdi.store.Store.begin`, which also ends it.

    ``state`` has the columns ``_key, _fingerprint, _classes, _id, due``: what is known of each row, for the masks.
    """

    def __init__(self, connection: Connection, number: int, shape: Shape, run: int, zone: str, read_role: str) -> None:
        """Open the transaction on ``connection``, which holds the dataset's lock, and read the state."""
        self._connection, self._shape, self._run, self._read_role = connection, shape, run, read_role
        self._zone = zone
        self._new = not build.exists(connection, shape)
        if not self._new:
            build.bring_up_to_date(connection, shape, read_role)
        connection.autocommit = False
        connection.execute("SET LOCAL lock_timeout = '30s'")
        connection.execute("SET LOCAL work_mem = '128MB'")
        connection.execute("SET LOCAL maintenance_work_mem = '256MB'")
        state.create(connection, number)
        if self._new:
            build.create(connection, shape)
        self._entry = catalogue.entry(connection, number)
        self.state = state.read(connection, number)
        self._repaired = self._repair()
        self._stage = Stage(connection, shape.table, TYPES)
        self._seen: list[pl.DataFrame] = []
        self._changes: Changes | None = None
        self._ended = False

    @property
    def table_rows(self) -> int:
        """How many rows the table had when the run began."""
        return self.state["_id"].count()

    def add(self, published: pl.DataFrame) -> None:
        """Take the published rows of one batch; only what differs from the table leaves this process."""
        if self._changes is not None:
            raise StoreError("rows were added after the changes had been applied")
        first = sum(part.height for part in self._seen)
        seen = compare.look_up(published, self.state, _year(self._shape.table.time_field, self._zone), first)
        self._seen.append(seen)
        moved = ~seen["_same"]
        self._stage.add(published.with_columns(seen["_row"]).filter(moved))

    def apply(self, held: pl.DataFrame | None = None, *, remove_missing: bool) -> Changes:
        """Write the changes into the open transaction; nobody sees them before the commit.

        ``held`` (``_key``, ``_classes``, ``due``) are the rows that leave because their classes rose; a row of the
        table that the feed no longer has is removed if ``remove_missing``.
        """
        seen = pl.concat(self._seen) if self._seen else pl.DataFrame(schema=compare.SEEN)
        self._seen = []
        held = pl.DataFrame(schema=HELD) if held is None else held.select(*HELD).cast(HELD)  # pyright: ignore[reportArgumentType]
        plan = compare.decide(seen, self.state, held, remove_missing=remove_missing)
        work = apply.Work(self._connection, self._entry, self._shape, self._stage, self._zone)
        moved = work.run(plan, first_load=self.state.is_empty())
        if self._new:
            build.finish(self._connection, self._shape, self._read_role)
        self._changes = Changes(
            added=plan.fresh.height,
            changed=plan.changed.height,
            removed=plan.leaving.height,
            unchanged=plan.unchanged,
            rows=self.table_rows + plan.fresh.height - plan.leaving.height,
            duplicates=plan.losers.select(pl.col("_line").alias("line")),
            moved=moved,
        )
        return self._changes

    def commit(self, summary: RunSummary) -> str:
        """Write ledger and version, commit; return the version, which is another one only if a row changed.

        Raises Unbalanced where the rows do not add up, RunLost where the run was ended meanwhile; nothing is written.
        """
        changes = self._changes
        if changes is None:
            raise StoreError("the changes have not been applied")
        summary.check(changes.published)
        now = datetime.now(UTC)
        fresh = changes.any or self._repaired or self._entry.version is None
        version = f"{now.astimezone(ZoneInfo(self._zone)):%Y%m%d}-{self._run}" if fresh else str(self._entry.version)
        if fresh:
            self._write_version(version, now, changes)
        counts = {name: getattr(changes, name) for name in ("published", "added", "changed", "removed", "unchanged")}
        state_now = "published" if fresh else "unchanged"
        ledger.write(self._connection, self._run, state_now, summary, {**counts, "version": version})
        catalogue.write_total(self._connection, self._shape.resource_id, changes.rows)
        self._connection.commit()
        self._ended = True
        self._after_commit(changes)
        return version

    def close(self) -> None:
        """End the run; what was not committed is rolled back."""
        if not self._ended and not self._connection.closed:
            self._connection.cancel_safe(timeout=5)
        self._stage.close()
        if not self._connection.closed:
            self._connection.rollback()
            self._connection.autocommit = True

    def _repair(self) -> bool:
        """Make state and table agree where they do not; return whether they did not."""
        number, table = self._entry.number, self._shape.name
        if self._new or self._entry.resource_id != self._shape.resource_id:
            catalogue.clear_years(self._connection, number)
            if self.table_rows:
                state.forget_ids(self._connection, number)
                self.state = state.read(self._connection, number)
            return False
        if build.count(self._connection, self._shape) == self.table_rows:
            return False
        state.reconcile(self._connection, number, table)
        catalogue.clear_years(self._connection, number)
        years = catalogue.count_years(self._connection, table, self._shape.table.time_field, self._zone)
        catalogue.move_years(self._connection, number, f"repaired-{self._run}", years)
        self.state = state.read(self._connection, number)
        return True

    def _write_version(self, version: str, now: datetime, changes: Changes) -> None:
        """Write the table's new version, and that of the years it touched."""
        catalogue.move_years(self._connection, self._entry.number, version, changes.moved)
        first, last = catalogue.period(self._connection, self._shape.name, self._shape.table.time_field, self._zone)
        values = {"version": version, "run": self._run, "rows": changes.rows, "published_at": now}
        times = {"resource_id": self._shape.resource_id, "first_time": first, "last_time": last}
        catalogue.write(self._connection, self._entry.number, {**values, **times})

    def _after_commit(self, changes: Changes) -> None:
        """Set CKAN's total again, which a reader may have overwritten, and refresh the planner's statistics."""
        self._connection.autocommit = True
        catalogue.write_total(self._connection, self._shape.resource_id, changes.rows)
        if changes.added + changes.changed + changes.removed > _ANALYZE_FROM * changes.rows:
            build.analyze(self._connection, self._shape)


def _year(field: Field, zone: str) -> pl.Expr:
    """Return the year of a published time in the department's calendar."""
    time = pl.col(field.name)
    return (time.dt.convert_time_zone(zone) if field.type == "datetime" else time).dt.year()

"""One run's way into the table: read the state, compare, write what differs, commit it all at once.

In: published frames, batch by batch. Out: the table, its state, its version and the ledger, in one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import polars as pl
from psycopg.types.json import Jsonb

from ckanext.cpdi.declare import Field
from ckanext.cpdi.rows.known import ID, STATE, find
from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.errors import DenyListChanged, StoreError
from ckanext.cpdi.store.history import notice, row_changes
from ckanext.cpdi.store.ledger import outcome
from ckanext.cpdi.store.ledger.record import RunSummary
from ckanext.cpdi.store.privacy import denial, purge
from ckanext.cpdi.store.sync import bulk_load, diff, upsert, window
from ckanext.cpdi.store.sync.changes import Changes
from ckanext.cpdi.store.sync.seen import MOVED, Seen
from ckanext.cpdi.store.sync.terms import Terms
from ckanext.cpdi.store.sync.window import Coverage, Window
from ckanext.cpdi.store.table import build, catalogue, state
from ckanext.cpdi.store.table import version as versions
from ckanext.cpdi.store.table.shape import Shape

Masking = Callable[[pl.Series, pl.DataFrame], pl.DataFrame]
"""Masks lines of the feed once more, by the given state; returns those that are published."""
HELD = {"_key": pl.Int64, "_classes": pl.Int16, "due": pl.Date}
"""Columns of the rows that leave because their classes rose."""
_IDS_LOST = 1_000_000
"""How many ids a database may have given before an older copy of it was restored: none of them is given again."""
_ANALYZE_FROM = 0.1
"""Share of the table's rows that must have changed before its statistics are made anew."""


class Sync:
    """A run at work; made by :meth:`ckanext.cpdi.store.Store.begin`, which also ends it.

    ``state`` has the columns ``_key, _fingerprint, _classes, _id, due``: what is known of each row, for the masks.
    ``denied`` are the keys of denied records, by dataset.
    """

    def __init__(self, connection: Connection, number: int, shape: Shape, terms: Terms) -> None:
        """Open the transaction on ``connection``, which holds the lock of dataset ``number``, and read the state."""
        self._connection, self._shape, self._terms = connection, shape, terms
        self._number = number
        self._changes: Changes | None = None
        self._moves: row_changes.Moves | None = None
        self._corrected: dict[int, int] = {}
        self._committed = False
        bulk_load.discard(connection, number)
        state.create(connection, number)
        self._new = not build.exists(connection, shape)
        if self._new:
            self._writer = bulk_load.FirstLoad(connection, shape, number, terms.dsn, terms.read_role)
        else:
            build.bring_up_to_date(connection, shape, terms.read_role)
            self._writer = upsert.InPlace(connection, shape, number)
        connection.autocommit = False
        connection.execute("SET LOCAL lock_timeout = '30s'")
        connection.execute("SET LOCAL work_mem = '128MB'")
        self._entry = catalogue.entry(connection, number)
        self._list_changes = denial.changes(connection)
        self.denied = denial.read(connection, {self._entry.name, *shape.table.shares.values()})
        self._links: list[pl.DataFrame] = []
        self.state = state.read(connection, number)
        self._repaired = self._repair()
        self._seen = Seen(self.state, _year(shape.table.time_field, terms.zone))
        self._home = catalogue.home(connection)
        restored = self._entry.home not in ("", self._home)
        self._last_id = self._entry.last_id + (_IDS_LOST if restored else 0)
        self._other = self._new or self._repaired or restored or self._entry.resource_id != shape.resource_id
        """Whether the table is not the one that readers have copies of."""

    @property
    def table_rows(self) -> int:
        """How many rows the table had when the run began."""
        return self.state["_id"].count()

    def add(self, published: pl.DataFrame) -> None:
        """Take the published rows of one batch; only what differs from the table leaves this process."""
        if self._changes is not None:
            raise StoreError("rows were added after the changes had been applied")
        if published.is_empty():
            return
        moved = self._seen.add(published)
        if moved.height:
            self._writer.add(moved)

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
        if isinstance(self._writer, upsert.InPlace):
            self._writer.wait()  # the run's connection copies the last rows until then
        held = pl.DataFrame(schema=HELD) if held is None else held.select(*HELD).cast(HELD)  # pyright: ignore[reportArgumentType]
        coverage = None
        if isinstance(remove_missing, Window):
            coverage = self._cover(remove_missing, [held["_key"], kept_back])
        plan = diff.decide(
            self._seen,
            held,
            self._last_id,
            _next_month(self._terms.zone),
            kept_back=kept_back,
            removable=coverage.gone if coverage else None if remove_missing else pl.Series(dtype=ID),
            anew=partial(self._masked_anew, anew) if anew else None,
        )
        moved = self._moved(plan)
        self._purge_risen(plan)
        self._writer.write(plan)
        self._moves = None if self._other else plan.moves
        catalogue.write(self._connection, self._number, {"last_id": plan.last_id})
        self._changes = Changes(
            added=plan.fresh.height,
            changed=plan.changed.height,
            removed=plan.leaving.height + sum(self._entry.left.values()),
            unchanged=plan.unchanged,
            rows=self.table_rows + plan.fresh.height - plan.leaving.height,
            duplicates=plan.losers.select(pl.col("_line").alias("line")),
            moved=moved,
            coverage=coverage,
            left=sum(self._entry.left.values()),
        )
        return self._changes

    def commit(self, summary: RunSummary) -> str:
        """Write ledger and version, commit; return the version, which is another one only if a row changed.

        Raises Unbalanced where the rows do not add up, RunLost where the run was ended meanwhile, DenyListChanged where
        the rows were read by an older list; nothing is written.
        """
        changes = self._changes
        if changes is None:
            raise StoreError("the changes have not been applied")
        summary.check(changes.published)
        if denial.hold(self._connection) != self._list_changes:
            raise DenyListChanged("a record was denied while the run was at work; run it again")
        now = row_changes.later(self._connection, self._number, datetime.now(UTC))
        fresh = changes.any or self._other or self._entry.version is None
        day = now.astimezone(ZoneInfo(self._terms.zone)).date()
        version = versions.name(day, self._terms.run) if fresh else str(self._entry.version)
        if fresh:
            self._write_version(version, now, changes)
        self._write_trail(version, now, changes, fresh=fresh)
        self._write_rules()
        catalogue.write(self._connection, self._number, {"zone": self._terms.zone, "profile": self._terms.profile})
        counts = {name: getattr(changes, name) for name in ("published", "added", "changed", "removed", "unchanged")}
        state_now = "published" if fresh else "unchanged"
        outcome.write(self._connection, self._terms.run, state_now, summary, {**counts, "version": version})
        catalogue.write_total(self._connection, self._shape.resource_id, changes.rows)
        self._connection.commit()
        self._committed = True
        self._after_commit(changes)
        return version

    def close(self) -> None:
        """End the run; what was not committed is rolled back."""
        self._writer.close()
        if self._connection.closed:
            return
        self._connection.rollback()
        self._connection.autocommit = True
        if not self._committed:
            bulk_load.discard(self._connection, self._number)

    def _masked_anew(self, anew: Masking, apart: pl.DataFrame) -> pl.DataFrame:
        """Return what is published of the rows ``apart``, staged like every other row that the table has not."""
        none = [pl.lit(value).alias(name) for name, value in (("_fingerprint", 0), ("_id", None), ("due", None))]
        known = apart.with_columns(none).select(*STATE).cast(STATE).sort("_key")  # pyright: ignore[reportArgumentType]
        moved = self._seen.add(anew(apart["_line"], known))
        if moved.height:
            self._writer.add(moved)
            if isinstance(self._writer, upsert.InPlace):
                self._writer.wait()
        return moved.select(*MOVED)

    def _cover(self, days: Window, more: list[pl.Series | None]) -> Coverage | None:
        """Return what the feed, with the keys ``more``, decides of the rows inside the window; None where there is no
        table yet.
        """
        if self._new:
            return None
        found = [find(one, self.state).drop_nulls() for one in more if one is not None]
        present = self.state["_id"].gather(pl.concat([self._seen.places, *found]).unique()).drop_nulls()
        time = self._shape.table.time_field
        return window.cover(self._connection, self._shape.name, time, self._terms.zone, days, present)

    def _moved(self, plan: diff.Diff) -> dict[int, int]:
        """Return by how many rows each touched year grows; a year in which rows only changed grows by none."""
        field, moved = self._shape.table.time_field, Counter[int]()
        going = [*plan.leaving["_id"], *plan.changed["_id"]]
        if going:
            moved.subtract(catalogue.count_years(self._connection, self._shape.name, field, self._terms.zone, going))
        coming = pl.concat([plan.fresh["_year"], plan.changed["_year"]]).drop_nulls().value_counts()
        came = {int(year): int(rows) for year, rows in coming.iter_rows()}
        self._corrected = {year: max(-moved[year], came.get(year, 0)) for year in {*moved, *came}}
        moved.update(came)
        for year, rows in self._entry.left.items():  # they left between two runs, and are told of with this one
            if year:
                moved[int(year)] += 0  # touched
                self._corrected[int(year)] = self._corrected.get(int(year), 0) + rows
        return dict(moved)

    def _repair(self) -> bool:
        """Make state and table agree where they do not; return whether they did not."""
        number, table = self._number, self._shape.name
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
        years = catalogue.count_years(self._connection, table, self._shape.table.time_field, self._terms.zone)
        catalogue.move_years(self._connection, number, f"repaired-{self._terms.run}", years)
        self.state = state.read(self._connection, number)
        return True

    def _write_version(self, version: str, now: datetime, changes: Changes) -> None:
        """Write the table's new version, and that of the years it touched."""
        catalogue.move_years(self._connection, self._number, version, changes.moved)
        begin, end = catalogue.period(
            self._connection, self._shape.name, self._shape.table.time_field, self._terms.zone
        )
        values = {"version": version, "run": self._terms.run, "rows": changes.rows, "published_at": now}
        times = {"resource_id": self._shape.resource_id, "first_time": begin, "last_time": end}
        told = {"left_between": Jsonb({}), "home": self._home}
        catalogue.write(self._connection, self._number, {**values, **times, **told})

    def _write_trail(self, version: str, now: datetime, changes: Changes, *, fresh: bool) -> None:
        """Write what a reader of an older version has to know: the rows that moved, and what the change log says."""
        connection, number, terms = self._connection, self._number, self._terms
        form = notice.Form.of(connection, terms.run, self._shape.table, terms.schema_version, terms.masks)
        if self._other:
            row_changes.begin(connection, number)
            notice.record_first(connection, number, form, now, version, changes.rows)
        else:
            share = (changes.changed + changes.removed) / max(1, self.table_rows)
            notice.record(connection, number, form, now, version, share)
        if fresh:
            row_changes.add_version(connection, number, version, now)
        if self._moves is not None:
            ends = row_changes.Ends.of(now, terms.zone)
            row_changes.record(connection, number, self._moves, ends, terms.classes)
            if self._entry.left:
                row_changes.settle(connection, number, ends.week)
            notice.correct(connection, number, ends.week, self._corrected, before=ends.today.year)

    def _purge_risen(self, plan: diff.Diff) -> None:
        """Ask that rows whose class rose leave every copy, as they leave the table."""
        ids = plan.risen["_id"].to_list()
        if ids:
            field, name = self._shape.table.time_field, self._shape.name
            years = catalogue.count_years(self._connection, name, field, self._terms.zone, ids)
            purge.note(self._connection, self._entry.name, "rise", ids, list(years))

    def _write_rules(self) -> None:
        """Write what record numbers of others the rows carry; where they were masked by other rules than before, ask
        that the old form of every row leave every copy.
        """
        if self._links:
            denial.link(self._connection, self._number, pl.concat(self._links))
        if self._entry.masks and self._terms.masks not in ("", self._entry.masks):
            purge.note(self._connection, self._entry.name, "rules", [], [])

    def _after_commit(self, changes: Changes) -> None:
        """Set CKAN's total again, which a reader may have overwritten, and refresh the planner's statistics."""
        self._connection.autocommit = True
        catalogue.write_total(self._connection, self._shape.resource_id, changes.rows)
        if changes.added + changes.changed + changes.removed > _ANALYZE_FROM * changes.rows:
            build.analyze(self._connection, self._shape)


def _next_month(zone: str) -> date:
    """Return the first day of the next month in the department's calendar, when risen rows come back."""
    return (datetime.now(ZoneInfo(zone)).date().replace(day=1) + timedelta(days=32)).replace(day=1)


def _year(field: Field, zone: str) -> pl.Expr:
    """Return the year of a published time in the department's calendar."""
    time = pl.col(field.name)
    return (time.dt.convert_time_zone(zone) if field.type == "datetime" else time).dt.year()

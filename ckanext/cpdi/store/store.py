"""The store's front: migrations, the run ledger, and the way of one run into a dataset's table."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from types import TracebackType
from typing import Self

import polars as pl
import psycopg

from ckanext.cpdi.declare import Classes, Table
from ckanext.cpdi.store.database import migrate as migrations
from ckanext.cpdi.store.database.session import DATASET, RUN, Connection, connect, is_alive, lock, release, unlock
from ckanext.cpdi.store.errors import in_words
from ckanext.cpdi.store.ledger import alerts, ledger, review
from ckanext.cpdi.store.ledger.alerts import Told, Topic
from ckanext.cpdi.store.ledger.objection import Objection
from ckanext.cpdi.store.ledger.record import Baseline, Clock, Line, Origin, Reason, RunRow, RunSummary
from ckanext.cpdi.store.privacy.desk import Desk
from ckanext.cpdi.store.sync.run import Sync
from ckanext.cpdi.store.sync.terms import Terms
from ckanext.cpdi.store.table import build, catalogue, completeness, state
from ckanext.cpdi.store.table import forget as forgetting
from ckanext.cpdi.store.table.shape import Shape


class Store:
    """PostgreSQL as the portal writes it, through the role of ``write_dsn``; ``read_role`` may read what is published.

    Every method raises StoreError, in words for staff. A store belongs to one thread; the runs that it started count
    as interrupted once it is closed.
    """

    def __init__(self, write_dsn: str, read_role: str) -> None:
        """Keep the addresses; the first call connects."""
        self._dsn, self._read_role = write_dsn, read_role
        self._ledger: Connection | None = None

    def __enter__(self) -> Self:
        """Return the store, to be closed at the end of the block."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def close(self) -> None:
        """Give up the connection, and with it the locks on runs."""
        if self._ledger is not None:
            with suppress(psycopg.Error):  # a connection that was lost has lost its locks as well
                release(self._ledger)
            self._ledger.close()
        self._ledger = None

    @property
    def desk(self) -> Desk:
        """Deny list, purges and approvals."""
        return Desk(self._session)

    def migrate(self) -> list[str]:
        """Bring the store's schema to the present version; return the names of the files that were run."""
        with self._session() as connection:
            return migrations.migrate(connection, self._read_role)

    def start(
        self,
        dataset: str,
        feed_label: str,
        feed_sha256: str,
        rules_version: str,
        profile_version: str,
        code_version: str,
        fingerprint: str = "",
        origin: Origin | None = None,
        sync: str = "full",
        clock: Clock | None = None,
    ) -> int:
        """Write a new run into the ledger, running; return its id.

        ``fingerprint`` stands for everything that decides what a run would publish; see :meth:`seen`. ``origin`` is
        what :meth:`repeatable` looks at, ``sync`` what becomes of rows that the feed lacks, ``clock`` the clock of
        the machine.
        """
        facts = {
            "feed_label": feed_label,
            "feed_sha256": feed_sha256,
            "rules_version": rules_version,
            "profile_version": profile_version,
            "code_version": code_version,
            "fingerprint": fingerprint,
            "sync": sync,
            "clock": ledger.written_clock(clock),
            **(asdict(origin) if origin else {}),
        }
        with self._session() as connection:
            return ledger.start(connection, dataset, facts)

    def seen(self, dataset: str, fingerprint: str, now: datetime) -> bool:
        """Return whether a run with this fingerprint would change nothing: it is that of the last run that finished,
        the table is still there, and no row has come due before ``now``.
        """
        with self._session() as connection:
            return ledger.seen(connection, dataset, fingerprint, now)

    def repeatable(self, dataset: str, feed_source: str, basis: str, now: datetime) -> tuple[RunRow, Origin] | None:
        """Return the run whose feed, from this source and on this basis, would change nothing if it came again; None
        where it must be fetched whatever the source says of it.
        """
        with self._session() as connection:
            return ledger.repeatable(connection, dataset, feed_source, basis, now)

    def last_finished(self, dataset: str) -> RunRow | None:
        """Return the newest run that brought the table to its present state; None where there is none."""
        with self._session() as connection:
            return ledger.last_finished(connection, dataset)

    def now(self) -> datetime:
        """Return what the database's clock says."""
        with self._session() as connection:
            return ledger.now(connection)

    def last_clock(self) -> Clock | None:
        """Return the machine's clock at the newest run of any dataset that was good, or that staff released."""
        with self._session() as connection:
            return ledger.last_clock(connection)

    def last_good(self, dataset: str, sync: str) -> datetime | None:
        """Return when the newest good run of ``dataset`` in this mode began; None where there is none."""
        with self._session() as connection:
            return ledger.last_good(connection, dataset, sync)

    def skip(self, run: int, notices: tuple[Objection, ...] = ()) -> None:
        """End a run as unchanged, without rows: its feed has been published before."""
        self._end(run, "unchanged", "", notices)

    def fail(self, run: int, message: str) -> None:
        """End a run as failed; a run that has ended keeps its end."""
        self._end(run, "failed", message)

    def hold(self, run: int, message: str, summary: RunSummary | None = None, published: int = 0) -> None:
        """End a run as held for staff; ``summary`` says what it would have brought, ``published`` how many rows of the
        feed would stand in the table.
        """
        if summary is None:
            self._end(run, "held", message)
            return
        with self._session() as connection, connection.transaction():
            ledger.write(connection, run, "held", summary, {"message": message, "published": published})
            unlock(connection, RUN, run)

    def release(self, run: int) -> None:
        """Let a held run through: the next run of the same feed is not held again. Raises StoreError for any other."""
        with self._session() as connection:
            ledger.release(connection, run)

    def baseline(self, dataset: str, label: str, sync: str, zone: str) -> Baseline | None:
        """Return the good run that the next one of this feed is held against; None where there is none."""
        with self._session() as connection:
            return ledger.baseline(connection, dataset, label, sync, zone)

    def told(self, dataset: str, topic: Topic = "run") -> Told | None:
        """Return what staff were last told of ``dataset`` under this topic; None where they were told nothing."""
        with self._session() as connection:
            return alerts.told(connection, dataset, topic)

    def tell(self, dataset: str, signature: str, run: int, topic: Topic = "run") -> None:
        """Remember that staff were told of ``dataset`` and this run; an empty signature forgets it."""
        with self._session() as connection:
            alerts.tell(connection, dataset, signature, run, topic)

    def without_full(self, dataset: str) -> datetime | None:
        """Return since when ``dataset`` has had no full feed; None where its last good run was one, or before any."""
        with self._session() as connection:
            return ledger.without_full(connection, dataset)

    def released(self, dataset: str, feed_sha256: str) -> bool:
        """Return whether a held run of this very feed was released."""
        with self._session() as connection:
            return ledger.released(connection, dataset, feed_sha256)

    def run(self, run: int) -> RunRow | None:
        """Return a run of the ledger; None where there is none."""
        with self._session() as connection:
            return ledger.run(connection, run)

    def runs(self, dataset: str | None = None, limit: int = 50, since: datetime | None = None) -> list[RunRow]:
        """Return the newest runs first, of one dataset or of all; those that began at ``since`` or later."""
        with self._session() as connection:
            return ledger.runs(connection, dataset, limit, since)

    def lines(self, run: int, reason: str = "", limit: int | None = None, offset: int = 0) -> list[Line]:
        """Return the quarantined lines of a run that were kept, in the feed's order: of one ``reason``, or all."""
        with self._session() as connection:
            return review.lines(connection, run, reason, limit, offset)

    def count_lines(self, run: int, reason: str = "") -> int:
        """Return how many quarantined lines of a run were kept; of one ``reason``, or of all."""
        with self._session() as connection:
            return review.count_lines(connection, run, reason)

    def first_lines(self, run: int, each: int) -> dict[tuple[str, str], list[int]]:
        """Return the first quarantined lines of every (reason, field) of a run, at most ``each``."""
        with self._session() as connection:
            return review.first_lines(connection, run, each)

    def reasons(self, run: int) -> list[Reason]:
        """Return why rows of a run were not published, the most frequent reason first."""
        with self._session() as connection:
            return ledger.reasons(connection, run)

    def count_completeness(self, dataset: str, table: Table, zone: str) -> bool:
        """Count how complete the table is, where it changed since; return whether anything was counted."""
        with self._session() as connection:
            return completeness.refresh(connection, dataset, table, zone)

    def profile(self, dataset: str) -> str:
        """Return how the profile was named that ``dataset`` was loaded with last; empty for the site's own."""
        with self._session() as connection:
            return catalogue.profile(connection, dataset)

    def name_profile(self, dataset: str, profile: str) -> None:
        """Keep that ``dataset`` was loaded with a profile of this name, where no row of it changed."""
        with self._session() as connection:
            catalogue.write(connection, catalogue.number_of(connection, dataset), {"profile": profile})

    def keys(self, dataset: str) -> pl.Series:
        """Return the keyed hashes of the rows of ``dataset`` (Int64), whose table is there."""
        with self._session() as connection:
            known = state.read(connection, catalogue.number_of(connection, dataset))
            return known.filter(pl.col("_id").is_not_null())["_key"]

    def forget(self, dataset: str, resource_id: str) -> None:
        """Drop the table ``resource_id`` of ``dataset``, and all that is known but approvals and denials."""
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            lock(connection, DATASET, number)
            try:
                forgetting.forget(connection, dataset, resource_id)
            finally:
                unlock(connection, DATASET, number)

    @contextmanager
    def begin(
        self,
        dataset: str,
        resource_id: str,
        table: Table,
        run: int,
        zone: str,
        *,
        classes: Classes | None = None,
        schema_version: str = "",
        masks: str = "",
        profile: str = "",
    ) -> Generator[Sync]:
        """Open a run's transaction on the table of ``resource_id``; what is not committed in the block never was.

        ``zone`` is the department's time zone, ``classes`` what the rows were masked by: without them nobody learns
        more than the month in which a row changed. ``masks`` stands for all that masks rows (rules, places): where it
        differs from the last run's, the change log says so, and older forms of the rows are purged. ``profile`` is how
        the department's was named; it is kept with the table, as the zone is. Raises
        RunInProgress where another run of the dataset is at work, DeclarationChanged where a field has got another
        type.
        """
        try:
            with connect(self._dsn) as connection:
                number = catalogue.number_of(connection, dataset)
                lock(connection, DATASET, number)
                shape = Shape(resource_id, table, build.postgis_schema(connection))
                terms = Terms(run, zone, self._dsn, self._read_role, classes, schema_version, masks, profile)
                sync = Sync(connection, number, shape, terms)
                try:
                    yield sync
                finally:
                    sync.close()
                    release(connection)
        except psycopg.Error as error:
            raise in_words(error) from error

    def _end(self, run: int, state: ledger.RunState, message: str, notices: tuple[Objection, ...] = ()) -> None:
        with self._session() as connection:
            ledger.end(connection, run, state, message, notices)
            unlock(connection, RUN, run)

    @contextmanager
    def _session(self) -> Generator[Connection]:
        """Return the ledger's connection, made anew where the last one was lost."""
        try:
            if self._ledger is None or not is_alive(self._ledger):
                self._ledger = connect(self._dsn)
            yield self._ledger
        except psycopg.Error as error:
            raise in_words(error) from error

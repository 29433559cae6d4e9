"""The run ledger: every run from its start to its end, and what became of its rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta

from psycopg import sql
from psycopg.rows import class_row

from ckanext.cpdi.errors import Said
from ckanext.cpdi.store.database.session import RUN, Session, is_free, lock, unlock
from ckanext.cpdi.store.errors import StoreError
from ckanext.cpdi.store.ledger import outcome
from ckanext.cpdi.store.ledger.encoding import ORIGIN_COLUMNS, RUN_COLUMNS, clock_json, run_row
from ckanext.cpdi.store.ledger.objection import Objection
from ckanext.cpdi.store.ledger.record import Baseline, Clock, Origin, Reason, RunRow, RunState, RunSummary

TRUSTED_FOR = timedelta(days=7)
"""How long a source is taken at its word that its feed has not changed, before the bytes themselves are looked at."""

_INTERRUPTED = Said("interrupted: the process ended before the run did")


class Ledger:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

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
        """Write a new run that is running, after closing those that were interrupted; return its id.

        ``fingerprint`` stands for everything that decides what a run would publish; see :meth:`seen`. ``origin`` is
        what :meth:`repeatable` looks at, ``sync`` what becomes of rows that the feed lacks, ``clock`` the clock of
        the machine. The session holds the run's lock from here on: that is how others know that the run is alive.
        """
        facts = {
            "dataset": dataset,
            "feed_label": feed_label,
            "feed_sha256": feed_sha256,
            "rules_version": rules_version,
            "profile_version": profile_version,
            "code_version": code_version,
            "fingerprint": fingerprint,
            "sync": sync,
            "clock": clock_json(clock),
            **(asdict(origin) if origin else {}),
        }
        query = sql.SQL("INSERT INTO cpdi.run ({}) VALUES ({}) RETURNING id").format(
            sql.SQL(", ").join(map(sql.Identifier, facts)), sql.SQL(", ").join(map(sql.Placeholder, facts))
        )
        running = "SELECT id FROM cpdi.run WHERE dataset = %s AND state = 'running'"
        with self._session() as connection:
            for (run,) in connection.execute(running, (dataset,)).fetchall():
                if is_free(connection, RUN, run):
                    outcome.end(connection, run, "failed", _INTERRUPTED)
            with connection.transaction():
                row = connection.execute(query, facts).fetchone()
                run = int(row[0]) if row else 0
                lock(connection, RUN, run)
        return run

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
            outcome.write(connection, run, "held", summary, {"published": published}, message)
            unlock(connection, RUN, run)

    def release(self, run: int) -> None:
        """Let a held run through: the next run of the same feed is not held again. Raises StoreError for any other."""
        query = "UPDATE cpdi.run SET released = coalesce(released, now()) WHERE id = %s AND state = 'held'"
        with self._session() as connection:
            if connection.execute(query, (run,)).rowcount != 1:
                raise StoreError(Said("run {run} is not held", run=run))

    def released(self, dataset: str, feed_sha256: str) -> bool:
        """Return whether staff let a run of this very feed through."""
        query = "SELECT EXISTS (SELECT FROM cpdi.run WHERE dataset = %s AND feed_sha256 = %s AND released IS NOT NULL)"
        with self._session() as connection:
            row = connection.execute(query, (dataset, feed_sha256)).fetchone()
        return bool(row and row[0])

    def run(self, run: int) -> RunRow | None:
        """Return a run; None where there is none."""
        query = sql.SQL("SELECT {} FROM cpdi.run WHERE id = %s").format(RUN_COLUMNS)
        with self._session() as connection:
            return connection.cursor(row_factory=run_row).execute(query, (run,)).fetchone()

    def runs(self, dataset: str | None = None, limit: int = 50, since: datetime | None = None) -> list[RunRow]:
        """Return the newest runs first, of one dataset or of all; those that began at ``since`` or later."""
        query = sql.SQL(
            "SELECT {} FROM cpdi.run WHERE (%(dataset)s::text IS NULL OR dataset = %(dataset)s)"
            " AND (%(since)s::timestamptz IS NULL OR started >= %(since)s) ORDER BY id DESC LIMIT %(limit)s"
        ).format(RUN_COLUMNS)
        values = {"dataset": dataset, "limit": limit, "since": since}
        with self._session() as connection:
            return connection.cursor(row_factory=run_row).execute(query, values).fetchall()

    def reasons(self, run: int) -> list[Reason]:
        """Return why rows of a run were not published, the most frequent reason first."""
        query = (
            "SELECT outcome, reason, field, rows FROM cpdi.run_reason WHERE run = %s"
            " ORDER BY rows DESC, outcome, reason"
        )
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(Reason)).execute(query, (run,)).fetchall()

    def last_finished(self, dataset: str) -> RunRow | None:
        """Return the newest run that brought the table to its present state; None where there is none."""
        query = sql.SQL(
            "SELECT {} FROM cpdi.run WHERE dataset = %s AND state IN ('published', 'unchanged') AND read > 0"
            " ORDER BY id DESC LIMIT 1"
        ).format(RUN_COLUMNS)
        with self._session() as connection:
            return connection.cursor(row_factory=run_row).execute(query, (dataset,)).fetchone()

    def last_good(self, dataset: str, sync: str) -> datetime | None:
        """Return when the newest good run of this mode began, whatever it brought; None where there is none."""
        query = (
            "SELECT max(started) FROM cpdi.run WHERE dataset = %s AND sync = %s AND state IN ('published', 'unchanged')"
        )
        with self._session() as connection:
            row = connection.execute(query, (dataset, sync)).fetchone()
        return row[0] if row else None

    def without_full(self, dataset: str) -> datetime | None:
        """Return since when ``dataset`` has had feeds of windows or changes only: its last full feed, else its first
        run. None where its last good run was of a full feed, or there is none.
        """
        query = (
            "SELECT (array_agg(sync ORDER BY id DESC))[1] <> 'full',"
            " coalesce(max(finished) FILTER (WHERE sync = 'full'), min(finished))"
            " FROM cpdi.run WHERE dataset = %s AND state IN ('published', 'unchanged')"
        )
        with self._session() as connection:
            partial, since = connection.execute(query, (dataset,)).fetchone() or (None, None)
        return since if partial else None

    def seen(self, dataset: str, fingerprint: str, now: datetime) -> bool:
        """Return whether a run with this fingerprint would change nothing: it is that of the last run that finished,
        the table is still there, and no row has come due before ``now``.
        """
        last = self.last_finished(dataset)
        if last is None or last.fingerprint != fingerprint or (last.next_due is not None and last.next_due <= now):
            return False
        query = "SELECT to_regclass(format('public.%%I', resource_id)) IS NOT NULL FROM cpdi.dataset WHERE name = %s"
        with self._session() as connection:
            row = connection.execute(query, (dataset,)).fetchone()
        return bool(row and row[0])

    def repeatable(self, dataset: str, feed_source: str, basis: str, now: datetime) -> tuple[RunRow, Origin] | None:
        """Return the newest good run of a feed from this source on this basis, if the same feed would change nothing
        now; None where it must be fetched whatever the source says of it.

        None also where the feed was last fetched longer than TRUSTED_FOR ago: a source may be wrong about its versions.
        """
        where = sql.SQL(
            " FROM cpdi.run WHERE dataset = %(dataset)s AND state IN ('published', 'unchanged') AND basis = %(basis)s"
            " AND feed_source = %(source)s AND feed_fetched > %(since)s ORDER BY id DESC LIMIT 1"
        )
        values = {"dataset": dataset, "basis": basis, "source": feed_source, "since": now - TRUSTED_FOR}
        runs, origins = (sql.SQL("SELECT {}{}").format(names, where) for names in (RUN_COLUMNS, ORIGIN_COLUMNS))
        with self._session() as connection:
            run = connection.cursor(row_factory=run_row).execute(runs, values).fetchone()
            origin = connection.cursor(row_factory=class_row(Origin)).execute(origins, values).fetchone()
        if run is None or origin is None or not self.seen(dataset, run.fingerprint, now):
            return None
        return run, origin

    def baseline(self, dataset: str, label: str, sync: str, zone: str) -> Baseline | None:
        """Return the newest good run that a feed of this label and mode is held against; None where there is none.

        A feed that changes its label with every file is held against the last of its mode. Days are those of ``zone``.
        """
        where = sql.SQL(
            "dataset = %(dataset)s AND sync = %(sync)s AND state IN ('published', 'unchanged') AND feed IS NOT NULL"
        )
        newest = sql.SQL("SELECT {} FROM cpdi.run WHERE {} ORDER BY feed_label = %(label)s DESC, id DESC LIMIT 1")
        lags = sql.SQL(
            "SELECT min((started AT TIME ZONE %(zone)s)::date - (feed->>'last')::date) FROM cpdi.run"
            " WHERE {} AND feed_label = %(label)s AND started > now() - INTERVAL '30 days'"
        )
        values = {"dataset": dataset, "sync": sync, "label": label, "zone": zone}
        with self._session() as connection:
            cursor = connection.cursor(row_factory=run_row)
            last = cursor.execute(newest.format(RUN_COLUMNS, where), values).fetchone()
            if last is None:
                return None
            lag = connection.execute(lags.format(where), {**values, "label": last.feed_label}).fetchone()
            classes = connection.execute("SELECT class, rows FROM cpdi.run_class WHERE run = %s", (last.id,)).fetchall()
        withheld: dict[str, int] = {}
        for reason in self.reasons(last.id):
            if reason.outcome == "withheld":
                withheld[reason.reason] = withheld.get(reason.reason, 0) + reason.rows
        return Baseline(last, withheld, dict(classes), lag[0] if lag else None)

    def now(self) -> datetime:
        """Return what the database's clock says."""
        with self._session() as connection:
            row = connection.execute("SELECT clock_timestamp()").fetchone()
        if row is None:
            raise StoreError("the database does not tell the time")
        return row[0]

    def last_clock(self) -> Clock | None:
        """Return the machine's clock at the newest run of any dataset that was good, or that staff released."""
        query = (
            "SELECT clock->>'at', clock->>'boot', clock->>'counted' FROM cpdi.run WHERE clock IS NOT NULL"
            " AND (state IN ('published', 'unchanged') OR released IS NOT NULL) ORDER BY id DESC LIMIT 1"
        )
        with self._session() as connection:
            row = connection.execute(query).fetchone()
        return Clock(datetime.fromisoformat(row[0]), row[1], float(row[2])) if row else None

    def _end(self, run: int, state: RunState, message: str, notices: tuple[Objection, ...] = ()) -> None:
        """End a run without rows."""
        with self._session() as connection:
            outcome.end(connection, run, state, message, notices)
            unlock(connection, RUN, run)

"""The run ledger: every run from its start to its end, and what became of its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
from psycopg import Cursor, sql
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from ckanext.cpdi.store.database.session import RUN, Connection, is_free, lock
from ckanext.cpdi.store.errors import RunLost, StoreError
from ckanext.cpdi.store.ledger.objection import Objection
from ckanext.cpdi.store.ledger.record import Baseline, Clock, FeedShape, Origin, Reason, RunRow, RunState, RunSummary

REJECTS_KEPT = 100_000
"""Quarantined lines of a run that are kept one by one; all are counted."""

TRUSTED_FOR = timedelta(days=7)
"""How long a source is taken at its word that its feed has not changed, before the bytes themselves are looked at."""

_COLUMNS = sql.SQL(", ").join(sql.Identifier(one.name) for one in fields(RunRow))
_ORIGIN = sql.SQL(", ").join(sql.Identifier(one.name) for one in fields(Origin))
_INTERRUPTED = "interrupted: the process ended before the run did"


def start(connection: Connection, dataset: str, facts: Mapping[str, object]) -> int:
    """Write a new run that is running, after closing those that were interrupted; return its id.

    ``facts`` are the columns feed_label, feed_sha256, fingerprint, sync, the versions, and those of Origin where they
    are known. The session holds the run's lock from here on: that is how others know that the run is alive.
    """
    rows = connection.execute("SELECT id FROM cpdi.run WHERE dataset = %s AND state = 'running'", (dataset,)).fetchall()
    for (run,) in rows:
        if is_free(connection, RUN, run):
            end(connection, run, "failed", _INTERRUPTED)
    query = sql.SQL("INSERT INTO cpdi.run (dataset, {}) VALUES (%(dataset)s, {}) RETURNING id").format(
        sql.SQL(", ").join(map(sql.Identifier, facts)), sql.SQL(", ").join(map(sql.Placeholder, facts))
    )
    with connection.transaction():
        row = connection.execute(query, {"dataset": dataset, **facts}).fetchone()
        run = int(row[0]) if row else 0
        lock(connection, RUN, run)
    return run


def end(connection: Connection, run: int, state: RunState, message: str, objections: Iterable[Objection] = ()) -> None:
    """End a running run without rows: failed, held or unchanged; one that has ended already keeps its end."""
    connection.execute(
        "UPDATE cpdi.run SET state = %s, finished = now(), message = %s, objections = %s"
        " WHERE id = %s AND state = 'running'",
        (state, message, Jsonb([asdict(one) for one in objections]), run),
    )


def write(connection: Connection, run: int, state: RunState, summary: RunSummary, counts: dict[str, int | str]) -> None:
    """End a running run with its rows; ``counts`` are further columns of the ledger.

    Raises RunLost where the run is not running any more.
    """
    values: dict[str, object] = {
        "state": state,
        "read": summary.read,
        "withheld": summary.count("withheld"),
        "quarantined": summary.count("quarantined"),
        "seconds": Jsonb({stage: round(seconds, 3) for stage, seconds in summary.seconds.items()}),
        "peak_mb": summary.peak_mb,
        "next_due": summary.next_due,
        "message": summary.message,
        "feed": _written(summary.feed),
        "objections": Jsonb([asdict(one) for one in summary.objections]),
        **counts,
    }
    setting = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(k), sql.Placeholder(k)) for k in values)
    query = sql.SQL("UPDATE cpdi.run SET finished = clock_timestamp(), {} WHERE id = %(run)s AND state = 'running'")
    done = connection.execute(query.format(setting), {"run": run, **values})
    if done.rowcount != 1:
        raise RunLost("the run is not running any more; it was ended, or taken for interrupted")
    _write_details(connection, run, summary)


def last_finished(connection: Connection, dataset: str) -> RunRow | None:
    """Return the newest run that brought the table to its present state; None where there is none."""
    query = sql.SQL(
        "SELECT {} FROM cpdi.run WHERE dataset = %s AND state IN ('published', 'unchanged') AND read > 0"
        " ORDER BY id DESC LIMIT 1"
    ).format(_COLUMNS)
    return connection.cursor(row_factory=_run_row).execute(query, (dataset,)).fetchone()


def now(connection: Connection) -> datetime:
    """Return what the database's clock says."""
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    if row is None:
        raise StoreError("the database does not tell the time")
    return row[0]


def last_clock(connection: Connection) -> Clock | None:
    """Return the clock of the newest run of any dataset that was good, or that staff released; None for none."""
    row = connection.execute(
        "SELECT clock->>'at', clock->>'boot', clock->>'counted' FROM cpdi.run WHERE clock IS NOT NULL"
        " AND (state IN ('published', 'unchanged') OR released IS NOT NULL) ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return Clock(datetime.fromisoformat(row[0]), row[1], float(row[2])) if row else None


def written_clock(clock: Clock | None) -> Jsonb | None:
    """Return a clock as it is kept."""
    return Jsonb({"at": clock.at.isoformat(), "boot": clock.boot, "counted": clock.counted}) if clock else None


def last_good(connection: Connection, dataset: str, sync: str) -> datetime | None:
    """Return when the newest good run of this mode began, whatever it brought; None where there is none."""
    query = "SELECT max(started) FROM cpdi.run WHERE dataset = %s AND sync = %s AND state IN ('published', 'unchanged')"
    row = connection.execute(query, (dataset, sync)).fetchone()
    return row[0] if row else None


def baseline(connection: Connection, dataset: str, label: str, sync: str, zone: str) -> Baseline | None:
    """Return the newest good run that a feed of this label and mode is held against; None where there is none.

    A feed that changes its label with every file is held against the last of its mode. Days are those of ``zone``.
    """
    where = sql.SQL(
        "dataset = %(dataset)s AND sync = %(sync)s AND state IN ('published', 'unchanged') AND feed IS NOT NULL"
    )
    query = sql.SQL("SELECT {} FROM cpdi.run WHERE {} ORDER BY feed_label = %(label)s DESC, id DESC LIMIT 1")
    values = {"dataset": dataset, "sync": sync, "label": label, "zone": zone}
    last = connection.cursor(row_factory=_run_row).execute(query.format(_COLUMNS, where), values).fetchone()
    if last is None:
        return None
    lags = sql.SQL(
        "SELECT min((started AT TIME ZONE %(zone)s)::date - (feed->>'last')::date) FROM cpdi.run"
        " WHERE {} AND feed_label = %(label)s AND started > now() - INTERVAL '30 days'"
    )
    lag = connection.execute(lags.format(where), {**values, "label": last.feed_label}).fetchone()
    withheld: dict[str, int] = {}
    for one in reasons(connection, last.id):
        if one.outcome == "withheld":
            withheld[one.reason] = withheld.get(one.reason, 0) + one.rows
    classes = connection.execute("SELECT class, rows FROM cpdi.run_class WHERE run = %s", (last.id,)).fetchall()
    return Baseline(last, withheld, dict(classes), lag[0] if lag else None)


def without_full(connection: Connection, dataset: str) -> datetime | None:
    """Return since when ``dataset`` has had feeds of windows or changes only: its last full feed, else its first run.

    None where its last good run was of a full feed, or there is none.
    """
    query = (
        "SELECT (array_agg(sync ORDER BY id DESC))[1] <> 'full',"
        " coalesce(max(finished) FILTER (WHERE sync = 'full'), min(finished))"
        " FROM cpdi.run WHERE dataset = %s AND state IN ('published', 'unchanged')"
    )
    partial, since = connection.execute(query, (dataset,)).fetchone() or (None, None)
    return since if partial else None


def runs(connection: Connection, dataset: str | None, limit: int, since: datetime | None = None) -> list[RunRow]:
    """Return the newest runs first, of one dataset or of all; those that began at ``since`` or later."""
    query = sql.SQL(
        "SELECT {} FROM cpdi.run WHERE (%(dataset)s::text IS NULL OR dataset = %(dataset)s)"
        " AND (%(since)s::timestamptz IS NULL OR started >= %(since)s) ORDER BY id DESC LIMIT %(limit)s"
    ).format(_COLUMNS)
    cursor = connection.cursor(row_factory=_run_row)
    return cursor.execute(query, {"dataset": dataset, "limit": limit, "since": since}).fetchall()


def run(connection: Connection, number: int) -> RunRow | None:
    """Return the run ``number``; None where there is none."""
    query = sql.SQL("SELECT {} FROM cpdi.run WHERE id = %s").format(_COLUMNS)
    return connection.cursor(row_factory=_run_row).execute(query, (number,)).fetchone()


def reasons(connection: Connection, number: int) -> list[Reason]:
    """Return why rows of a run were not published, the most frequent reason first."""
    query = (
        "SELECT outcome, reason, field, rows FROM cpdi.run_reason WHERE run = %s ORDER BY rows DESC, outcome, reason"
    )
    return connection.cursor(row_factory=class_row(Reason)).execute(query, (number,)).fetchall()


def seen(connection: Connection, dataset: str, fingerprint: str, now: datetime) -> bool:
    """Return whether the last run that finished had this fingerprint, has its table, and nothing came due since."""
    last = last_finished(connection, dataset)
    if last is None or last.fingerprint != fingerprint or (last.next_due is not None and last.next_due <= now):
        return False
    query = "SELECT to_regclass(format('public.%%I', resource_id)) IS NOT NULL FROM cpdi.dataset WHERE name = %s"
    row = connection.execute(query, (dataset,)).fetchone()
    return bool(row and row[0])


def repeatable(
    connection: Connection, dataset: str, feed_source: str, basis: str, now: datetime
) -> tuple[RunRow, Origin] | None:
    """Return the newest good run of a feed from this source on this basis, if the same feed would change nothing now.

    None also where its feed was last fetched longer than TRUSTED_FOR ago: a source may be wrong about its versions.
    """
    where = sql.SQL(
        " FROM cpdi.run WHERE dataset = %(dataset)s AND state IN ('published', 'unchanged') AND basis = %(basis)s"
        " AND feed_source = %(source)s AND feed_fetched > %(since)s ORDER BY id DESC LIMIT 1"
    )
    asked = {"dataset": dataset, "basis": basis, "source": feed_source, "since": now - TRUSTED_FOR}
    query = sql.SQL("SELECT {}{}")
    run = connection.cursor(row_factory=_run_row).execute(query.format(_COLUMNS, where), asked).fetchone()
    origin = connection.cursor(row_factory=class_row(Origin)).execute(query.format(_ORIGIN, where), asked).fetchone()
    if run is None or origin is None or not seen(connection, dataset, run.fingerprint, now):
        return None
    return run, origin


def release(connection: Connection, number: int) -> None:
    """Let a held run through; raise StoreError where ``number`` is none."""
    done = connection.execute(
        "UPDATE cpdi.run SET released = coalesce(released, now()) WHERE id = %s AND state = 'held'", (number,)
    )
    if done.rowcount != 1:
        raise StoreError(f"run {number} is not held")


def released(connection: Connection, dataset: str, feed_sha256: str) -> bool:
    """Return whether staff let a run of this very feed through."""
    query = "SELECT EXISTS (SELECT FROM cpdi.run WHERE dataset = %s AND feed_sha256 = %s AND released IS NOT NULL)"
    found = connection.execute(query, (dataset, feed_sha256)).fetchone()
    return bool(found and found[0])


def _run_row(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], RunRow]:
    """Make rows of the ledger typed, what they hold as JSON included."""
    as_dict = dict_row(cursor)

    def make(values: Sequence[Any]) -> RunRow:
        row: dict[str, Any] = as_dict(values)
        row |= {"feed": _read(row["feed"]), "objections": _objections(row["objections"])}
        return RunRow(**row)

    return make


def _objections(found: Iterable[dict[str, Any]]) -> tuple[Objection, ...]:
    return tuple(Objection(**one) for one in found)


def _written(feed: FeedShape | None) -> Jsonb | None:
    """Return a feed's shape as JSON."""
    if feed is None:
        return None
    days = {name: day.isoformat() if day else None for name, day in (("first", feed.first), ("last", feed.last))}
    return Jsonb({"headers": feed.headers, "rows": feed.rows, "filled": dict(feed.filled), **days})


def _read(feed: dict[str, Any] | None) -> FeedShape | None:
    """Return what :func:`_written` wrote."""
    if feed is None:
        return None
    days = {name: date.fromisoformat(feed[name]) if feed[name] else None for name in ("first", "last")}
    return FeedShape(headers=tuple(feed["headers"]), rows=feed["rows"], filled=feed["filled"], **days)


def _write_details(connection: Connection, run: int, summary: RunSummary) -> None:
    """Write the counts by reason and by class, and the lines that staff should look at."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO cpdi.run_reason (run, outcome, reason, field, rows) VALUES (%s, %s, %s, %s, %s)",
            [(run, one.outcome, one.reason, one.field, one.rows) for one in summary.reasons()],
        )
        cursor.executemany(
            "INSERT INTO cpdi.run_class (run, class, rows) VALUES (%s, %s, %s)",
            [(run, name, rows) for name, rows in summary.classes.items()],
        )
        if summary.denied:
            cursor.execute("INSERT INTO cpdi.run_denied (run, rows) VALUES (%s, %s)", (run, summary.denied))
        cursor.executemany(
            "INSERT INTO cpdi.run_share (run, class, year, outcome, rows) VALUES (%s, %s, %s, %s, %s)",
            [(run, *row) for row in summary.shares.select("class", "year", "outcome", "rows").iter_rows()],
        )
        lines = summary.rejects.filter(pl.col("outcome") == "quarantined").sort("line").head(REJECTS_KEPT)
        kept = lines.select(pl.lit(run), "line", "outcome", "reason", pl.col("field").fill_null(""))
        with cursor.copy("COPY cpdi.run_reject (run, line, outcome, reason, field) FROM STDIN (FORMAT csv)") as copy:
            copy.write(kept.write_csv(include_header=False, quote_style="non_numeric"))

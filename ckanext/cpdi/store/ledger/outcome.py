"""How a run ends in the ledger: without rows, or with them, in the transaction that publishes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl
from psycopg import sql
from psycopg.types.json import Jsonb

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.errors import RunLost
from ckanext.cpdi.store.ledger.encoding import feed_json, message_columns, objections_json
from ckanext.cpdi.store.ledger.objection import Objection
from ckanext.cpdi.store.ledger.record import RunState, RunSummary

REJECTS_KEPT = 100_000
"""Quarantined lines of a run that are kept one by one; all are counted."""


def end(connection: Connection, run: int, state: RunState, message: str, objections: Iterable[Objection] = ()) -> None:
    """End a running run without rows: failed, held or unchanged; one that has ended already keeps its end."""
    connection.execute(
        "UPDATE cpdi.run SET state = %(state)s, finished = now(), message = %(message)s, said = %(said)s,"
        " objections = %(objections)s WHERE id = %(run)s AND state = 'running'",
        {"state": state, "objections": objections_json(objections), "run": run, **message_columns(message)},
    )


def write(
    connection: Connection,
    run: int,
    state: RunState,
    summary: RunSummary,
    counts: Mapping[str, int | str],
    message: str = "",
) -> None:
    """End a running run with its rows; ``counts`` are further columns of the ledger, ``message`` says why it is held.

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
        **message_columns(message),
        "feed": feed_json(summary.feed),
        "objections": objections_json(summary.objections),
        **counts,
    }
    setting = sql.SQL(", ").join(sql.SQL("{} = {}").format(sql.Identifier(k), sql.Placeholder(k)) for k in values)
    query = sql.SQL("UPDATE cpdi.run SET finished = clock_timestamp(), {} WHERE id = %(run)s AND state = 'running'")
    done = connection.execute(query.format(setting), {"run": run, **values})
    if done.rowcount != 1:
        raise RunLost("the run is not running any more; it was ended, or taken for interrupted")
    _write_details(connection, run, summary)


def _write_details(connection: Connection, run: int, summary: RunSummary) -> None:
    """Write the counts by reason and by class, and the lines that staff should look at."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO cpdi.run_reason (run, outcome, reason, field, rows) VALUES (%s, %s, %s, %s, %s)",
            [(run, count.outcome, count.reason, count.field, count.rows) for count in summary.reasons()],
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

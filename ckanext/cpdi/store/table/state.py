"""What the store remembers of each row: keyed hash, fingerprint of its published form, classes, id, day of return.

One private table a dataset, ``cpdi.state_<number>``; a row that has left the table stays here with an empty id, since
its classes may never fall. Nothing in it can be turned back into a value of the feed.
"""

from __future__ import annotations

import polars as pl
from psycopg import sql

from ckanext.cpdi.rows.identity.known import STATE
from ckanext.cpdi.store.database import arrays
from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.table.columns import made_anew, ordered

DELTA = sql.Identifier("cpdi_delta")
"""Temporary table of the state's rows that a run changes; ``fresh`` ones get a new row in the table, ``row`` is the
number in the run of those that get one or change."""

_PAGES = 2048
"""Pages of the state's table that are read at once: about a quarter of a million rows, 12 MB on the wire."""
_ARRAYS = {"_key": 8, "_fingerprint": 8, "_classes": 2, "_id": 4, "due": 4}
"""Columns of the state, and the octets of a value in each."""


def table_of(number: int) -> sql.Identifier:
    """Return the name of the table with the state of dataset ``number``."""
    return sql.Identifier("cpdi", f"state_{number}")


def create(connection: Connection, number: int) -> None:
    """Make the state's table where it is missing."""
    query = sql.SQL(
        "CREATE TABLE IF NOT EXISTS {} (key bigint NOT NULL, fingerprint bigint NOT NULL, classes smallint NOT NULL,"
        " id integer, due date, CONSTRAINT {} PRIMARY KEY (key))"
    )
    connection.execute(query.format(table_of(number), _key_name(number)))


def read(connection: Connection, number: int) -> pl.DataFrame:
    """Return all of the state with the columns of STATE, sorted by key."""
    size = connection.execute(
        "SELECT (pg_relation_size(%s::regclass) / current_setting('block_size')::int)::int", (f"cpdi.state_{number}",)
    ).fetchone()
    pages = int(size[0]) if size else 0
    parts = [_read_pages(connection, number, first) for first in range(0, max(pages, 1), _PAGES)]
    columns = [pl.concat([part.pop(name) for part in parts]) for name in STATE]
    order = ordered(columns[0])
    return made_anew(columns, lambda series: series.gather(order)).with_columns(pl.col("_key").set_sorted())


def write_first(connection: Connection, number: int, rows: pl.DataFrame) -> None:
    """Write the state of a first load (columns of STATE, and more); the key's index is made after the rows.

    A state that is there already, of a table that is gone, is kept.
    """
    name, key = table_of(number), _key_name(number)
    if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(name)).rowcount:
        stage(connection, rows)
        merge(connection, number)
        return
    connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, key))
    _copy(connection, name, rows.select(*STATE))
    connection.execute(sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY (key)").format(name, key))


def stage(connection: Connection, rows: pl.DataFrame) -> None:
    """Write rows that a run changes (columns of STATE, ``fresh`` and ``_row``) into the temporary table DELTA."""
    connection.execute(
        sql.SQL(
            "CREATE TEMPORARY TABLE {} (key bigint NOT NULL, fingerprint bigint NOT NULL, classes smallint NOT NULL,"
            " id integer, due date, fresh boolean NOT NULL, row bigint)"
        ).format(DELTA)
    )
    _copy(connection, DELTA, rows, ", fresh, row")
    connection.execute(sql.SQL("ANALYZE {}").format(DELTA))


def merge(connection: Connection, number: int) -> None:
    """Take the rows of DELTA over into the state."""
    connection.execute(
        sql.SQL(
            "INSERT INTO {} AS old SELECT key, fingerprint, classes, id, due FROM {} ON CONFLICT (key) DO UPDATE"
            " SET fingerprint = excluded.fingerprint, classes = excluded.classes, id = excluded.id, due = excluded.due"
        ).format(table_of(number), DELTA)
    )


def reconcile(connection: Connection, number: int, table: sql.Identifier) -> None:
    """Make state and table agree again, after a restore or a hand that changed one of them.

    A row that the table has lost is no longer taken to be in it; a row that the state does not know leaves the table.
    """
    connection.execute(
        sql.SQL(
            "UPDATE {state} SET id = NULL WHERE id IS NOT NULL"
            " AND NOT EXISTS (SELECT FROM {table} AS rows WHERE rows._id = {state}.id)"
        ).format(state=table_of(number), table=table)
    )
    connection.execute(
        sql.SQL("DELETE FROM {table} WHERE _id NOT IN (SELECT id FROM {state} WHERE id IS NOT NULL)").format(
            state=table_of(number), table=table
        )
    )


def forget_ids(connection: Connection, number: int) -> None:
    """Take no row to be in the table any more: the table is another one, or gone. Classes are kept."""
    connection.execute(sql.SQL("UPDATE {} SET id = NULL WHERE id IS NOT NULL").format(table_of(number)))


def _key_name(number: int) -> sql.Identifier:
    return sql.Identifier(f"state_{number}_pkey")


def _copy(connection: Connection, table: sql.Identifier, rows: pl.DataFrame, more: str = "") -> None:
    query = sql.SQL("COPY {} (key, fingerprint, classes, id, due{}) FROM STDIN (FORMAT csv)")
    columns = sql.SQL(more)  # pyright: ignore[reportArgumentType]  one of two constants
    with connection.cursor().copy(query.format(table, columns)) as copy:
        for part in rows.iter_slices(100_000):
            copy.write(part.write_csv(include_header=False))


def _read_pages(connection: Connection, number: int, first: int) -> dict[str, pl.Series]:
    """Return the columns of a range of pages; nulls travel as 0, so that every element has one width."""
    query = sql.SQL(
        "SELECT array_agg(key), array_agg(fingerprint), array_agg(classes), array_agg(coalesce(id, 0)),"
        " array_agg(coalesce(due - DATE '1970-01-01', 0)) FROM {} WHERE ctid >= {}::tid AND ctid < {}::tid"
    ).format(table_of(number), sql.Literal(f"({first},0)"), sql.Literal(f"({first + _PAGES},0)"))
    columns_read = zip(_ARRAYS, arrays.read(connection, query, list(_ARRAYS.values())), strict=True)
    frame = pl.DataFrame(dict(columns_read)).with_columns(pl.col("_id", "due").replace(0, None))
    return frame.cast(STATE).to_dict()  # pyright: ignore[reportArgumentType]

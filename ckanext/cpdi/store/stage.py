"""Rows on their way into the table: a temporary table that COPY fills while the next batch is being prepared."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl
from psycopg import sql

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.store.session import Connection
from ckanext.cpdi.store.words import Words

STAGE = sql.Identifier("cpdi_stage")
_SLICE = 20_000
"""Rows that are written as text at once, about 5 MB."""
_WIRE = {"datetime": "bigint"}
"""Column types of the temporary table where they are not the table's: instants travel as microseconds since 1970."""


class Stage:
    """The staged rows of one run; used by one thread, which hands the copying to another."""

    def __init__(self, connection: Connection, table: Table, types: dict[str, str]) -> None:
        """Make the temporary table, which goes with the transaction; ``types`` are column types by declared type."""
        self._connection = connection
        self._table = table
        self.words = Words(table)
        self._copier = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cpdi-copy")
        self._copying: Future[None] | None = None
        self.rows = 0
        fields = [
            sql.SQL("{} {}").format(sql.Identifier(one.name), _type(_WIRE.get(one.type, types[one.type])))
            for one in table.fields
        ]
        words = [sql.SQL("{} integer").format(sql.Identifier(one.column)) for one in self.words.groups]
        columns = [sql.SQL("_row bigint"), sql.SQL("_key bigint"), *fields, *words]
        create = sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DROP")
        connection.execute(create.format(STAGE, sql.SQL(", ").join(columns)))

    def add(self, rows: pl.DataFrame) -> None:
        """Begin to copy ``rows`` (``_row``, ``_key`` and the fields), once those before are through.

        Rows are sorted by published time and keyed hash, so that where they lie in the table says no more than what
        is published.
        """
        if rows.is_empty():
            return
        self.wait()
        columns = [_on_the_wire(one) for one in self._table.fields]
        ready = self.words.number(rows.sort(self._table.time_field.name, "_key"))
        wire = ready.select("_row", "_key", *columns, *(one.column for one in self.words.groups))
        self.rows += rows.height
        self._copying = self._copier.submit(self._copy, wire)

    def wait(self) -> None:
        """Wait until the rows so far are through; raise what went wrong with them."""
        copying, self._copying = self._copying, None
        if copying is not None:
            copying.result()

    def drop(self, rows: pl.Series) -> None:
        """Drop the staged rows with these numbers, once all rows are through."""
        self.wait()
        if len(rows):
            self._connection.execute(sql.SQL("DELETE FROM {} WHERE _row = ANY(%s)").format(STAGE), (rows.to_list(),))

    def close(self) -> None:
        """End the copying thread; what it was doing fails with the connection."""
        self._copier.shutdown(wait=True, cancel_futures=True)

    def value(self, field: Field) -> sql.Composed:
        """Return the field of a staged row (``rows``) in the table's type."""
        column = sql.Identifier("rows", field.name)
        form = "to_timestamp({} / 1000000.0::double precision)" if field.type == "datetime" else "{}"
        return sql.SQL(form).format(column)

    def _copy(self, wire: pl.DataFrame) -> None:
        with self._connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(STAGE)) as copy:
            for part in wire.iter_slices(_SLICE):
                copy.write(part.write_csv(include_header=False))


def _type(name: str) -> sql.SQL:
    return sql.SQL(name)  # pyright: ignore[reportArgumentType]  one of TYPES


def _on_the_wire(field: Field) -> pl.Expr:
    return pl.col(field.name).cast(pl.Int64) if field.type == "datetime" else pl.col(field.name)

"""Rows on their way into the table: a temporary table that COPY fills while the next batch is being prepared."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl
from psycopg import sql

from ckanext.cpdi.declare import Field
from ckanext.cpdi.store.session import Connection
from ckanext.cpdi.store.shape import TYPES, Shape
from ckanext.cpdi.store.words import Words

STAGE = sql.Identifier("cpdi_stage")
_SLICE = 20_000
"""Rows that are written as text at once, about 5 MB."""
_WIRE = TYPES | {"datetime": "bigint"}
"""Column types of the temporary table: those of the table, but instants travel as microseconds since 1970."""


class Stage:
    """The staged rows of one connection; used by one thread, which hands the copying to another."""

    def __init__(self, connection: Connection, shape: Shape) -> None:
        """Make the temporary table, which goes with the session."""
        self.connection = connection
        self._shape = shape
        self._words = Words(shape.table)
        self._copier = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cpdi-copy")
        self._copying: Future[None] | None = None
        fields = [
            sql.SQL("{} {}").format(sql.Identifier(one.name), _type(_WIRE[one.type])) for one in shape.table.fields
        ]
        columns = sql.SQL(", ").join([*fields, *self._words.columns])
        create = sql.SQL("CREATE TEMPORARY TABLE {} (_row bigint, _key bigint, {})")
        connection.execute(create.format(STAGE, columns))

    @property
    def busy(self) -> bool:
        """Whether rows are being copied."""
        return self._copying is not None and not self._copying.done()

    def add(self, rows: pl.DataFrame) -> None:
        """Begin to copy ``rows`` (``_row``, ``_key`` and the fields), once those before are through.

        Rows are sorted by published time and keyed hash, so that where they lie in the table says no more than what
        is published.
        """
        self.wait()
        order = rows.select(pl.arg_sort_by(self._shape.table.time_field.name, "_key")).to_series()
        self._copying = self._copier.submit(self._copy, rows, order)

    def wait(self) -> None:
        """Wait until the rows so far are through; raise what went wrong with them."""
        copying, self._copying = self._copying, None
        if copying is not None:
            copying.result()

    def ready(self, losers: pl.Series) -> None:
        """Wait for the last rows, drop those with the numbers ``losers``, work out the words of the others."""
        self.wait()
        if len(losers):
            query = sql.SQL("DELETE FROM {} WHERE _row = ANY(%s)").format(STAGE)
            self.connection.execute(query, (losers.to_list(),))
        self._words.write(self.connection)

    def insert(self, target: sql.Identifier, ids: sql.Composable) -> int:
        """Write the staged rows into ``target`` under the ids that ``ids`` (columns key, id) has; return how many."""
        fields = self._shape.table.fields
        query = sql.SQL(
            "INSERT INTO {target} (_id, _full_text, {columns}) SELECT ids.id, {words}, {values} FROM {stage} AS rows"
            " JOIN {ids} AS ids ON ids.key = rows._key{joins}"
        ).format(
            target=target,
            columns=sql.SQL(", ").join(sql.Identifier(one.name) for one in fields),
            words=self._words.vector,
            values=sql.SQL(", ").join(map(_value, fields)),
            stage=STAGE,
            ids=ids,
            joins=self._words.joins,
        )
        return self.connection.execute(query).rowcount

    def update(self, target: sql.Identifier, ids: sql.Composable) -> int:
        """Rewrite the rows of ``target`` that ``ids`` (columns key, id) names, words included; return how many."""
        fields = self._shape.table.fields
        setting = [sql.SQL("{} = {}").format(sql.Identifier(one.name), _value(one)) for one in fields]
        query = sql.SQL(
            "UPDATE {target} AS old SET _full_text = {words}, {setting} FROM {ids} AS ids JOIN {stage} AS rows"
            " ON rows._key = ids.key{joins} WHERE old._id = ids.id"
        ).format(
            target=target,
            words=self._words.vector,
            setting=sql.SQL(", ").join(setting),
            ids=ids,
            stage=STAGE,
            joins=self._words.joins,
        )
        return self.connection.execute(query).rowcount

    def close(self) -> None:
        """Stop what is being copied, and the thread that does it."""
        if self.busy:
            self.connection.cancel_safe(timeout=5)
        self._copier.shutdown(wait=True, cancel_futures=True)

    def _copy(self, rows: pl.DataFrame, order: pl.Series) -> None:
        """Copy the rows in ``order``, some thousand at a time: a sorted copy of them all would double their memory."""
        numbers = [group.column for group in self._words.groups]
        columns = ["_row", "_key", *(one.name for one in self._shape.table.fields), *numbers]
        wire = ["_row", "_key", *(_on_the_wire(one) for one in self._shape.table.fields), *numbers]
        query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)")
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        with self.connection.cursor().copy(query.format(STAGE, listed)) as copy:
            for part in (order.slice(first, _SLICE) for first in range(0, len(order), _SLICE)):
                copy.write(self._words.number(rows[part]).select(wire).write_csv(include_header=False))


def _type(name: str) -> sql.SQL:
    return sql.SQL(name)  # pyright: ignore[reportArgumentType]  one of TYPES


def _on_the_wire(field: Field) -> pl.Expr:
    return pl.col(field.name).cast(pl.Int64) if field.type == "datetime" else pl.col(field.name)


def _value(field: Field) -> sql.Composed:
    """Return the field of a staged row (``rows``) in the table's type."""
    form = "to_timestamp({} / 1000000.0::double precision)" if field.type == "datetime" else "{}"
    return sql.SQL(form).format(sql.Identifier("rows", field.name))

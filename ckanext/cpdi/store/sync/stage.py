"""Rows on their way into the table: a temporary table that COPY fills while the next batch is being prepared."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import polars as pl
from psycopg import sql

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.table.groups import Layout
from ckanext.cpdi.store.table.shape import Shape

STAGE = sql.Identifier("cpdi_stage")
_SLICE = 20_000
"""Rows that are written as text at once, about 5 MB."""


class Stage:
    """The staged rows of one connection; used by one thread, which hands the copying to another."""

    def __init__(self, connection: Connection, shape: Shape) -> None:
        """Make the temporary table, which goes with the session."""
        self.connection = connection
        self.shape = shape
        self._layout = Layout(shape.table)
        self._copier = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cpdi-copy")
        self._copying: Future[None] | None = None
        columns = sql.SQL(", ").join([sql.SQL("_row bigint"), *self._layout.columns])
        connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(STAGE, columns))

    @property
    def busy(self) -> bool:
        """Whether rows are being copied."""
        return self._copying is not None and not self._copying.done()

    def add(self, rows: pl.DataFrame) -> None:
        """Begin to copy ``rows`` (``_row``, their number in the run, and the fields), once those before are through.

        Rows are sorted by published time and keyed hash, so that where they lie in the table says no more than what
        is published.
        """
        self.wait()
        order = rows.select(pl.arg_sort_by(self.shape.table.time_field.name, "_key")).to_series()
        self._copying = self._copier.submit(self._copy, rows, order)

    def wait(self) -> None:
        """Wait until the rows so far are through; raise what went wrong with them."""
        copying, self._copying = self._copying, None
        if copying is not None:
            copying.result()

    def ready(self) -> None:
        """Wait for the last rows, and write what their groups' numbers stand for."""
        self.wait()
        self._layout.write(self.connection)

    def insert(self, target: sql.Identifier, ids: sql.Composable) -> int:
        """Write the staged rows that ``ids`` (columns row, id) names into ``target``; return how many."""
        fields = self.shape.table.fields
        query = sql.SQL(
            "INSERT INTO {target} (_id, _full_text, {columns}) SELECT ids.id, {words}, {values} FROM {stage} AS rows"
            " JOIN {ids} AS ids ON ids.row = rows._row{joins}"
        ).format(
            target=target,
            columns=sql.SQL(", ").join(sql.Identifier(field.name) for field in fields),
            words=self._layout.words,
            values=sql.SQL(", ").join(map(self._layout.value, fields)),
            stage=STAGE,
            ids=ids,
            joins=self._layout.joins,
        )
        return self.connection.execute(query).rowcount

    def update(self, target: sql.Identifier, ids: sql.Composable) -> int:
        """Rewrite the rows of ``target`` that ``ids`` (columns row, id) names, words included; return how many."""
        fields = self.shape.table.fields
        setting = [sql.SQL("{} = {}").format(sql.Identifier(field.name), self._layout.value(field)) for field in fields]
        query = sql.SQL(
            "UPDATE {target} AS old SET _full_text = {words}, {setting} FROM {ids} AS ids JOIN {stage} AS rows"
            " ON rows._row = ids.row{joins} WHERE old._id = ids.id"
        ).format(
            target=target,
            words=self._layout.words,
            setting=sql.SQL(", ").join(setting),
            ids=ids,
            stage=STAGE,
            joins=self._layout.joins,
        )
        return self.connection.execute(query).rowcount

    def close(self) -> None:
        """Stop what is being copied, and the thread that does it."""
        if self.busy:
            self.connection.cancel_safe(timeout=5)
        self._copier.shutdown(wait=True, cancel_futures=True)

    def _copy(self, rows: pl.DataFrame, order: pl.Series) -> None:
        """Copy the rows in ``order``, some thousand at a time: a sorted copy of them all would double their memory."""
        staged = self._layout.number(rows).insert_column(0, rows["_row"])
        query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)")
        listed = sql.SQL(", ").join(map(sql.Identifier, staged.columns))
        with self.connection.cursor().copy(query.format(STAGE, listed)) as copy:
            for part in (order.slice(first, _SLICE) for first in range(0, len(order), _SLICE)):
                copy.write(staged[part].write_csv(include_header=False))

"""Reads one table in one transaction: every answer of a reader is of the same version.

In: selections, conditions and statistics. Out: tuples of values as psycopg gives them; instants in UTC.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import psycopg
from msgspec import Struct
from psycopg import sql

from ckanext.cpdi.declare import Dataset, Table
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Selection, Statistics
from ckanext.cpdi.query.tree import EVERYTHING, Condition
from ckanext.cpdi.query.writers.sql import SqlWriter
from ckanext.cpdi.selection.errors import NoRowsError
from ckanext.cpdi.selection.loaders import ID_ARRAY, IdArray, Loaders
from ckanext.cpdi.selection.pool import transaction
from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.table.build import postgis_schema

BATCH = 2_000
"""Rows of a batch of a stream."""
_STATE = (
    "SELECT resource_id::text, version, rows::bigint, published_at, zone FROM public._cpdi_version WHERE dataset = %s"
)


class TableState(Struct, frozen=True):
    """The version that is read: the table's resource, the version's id, its rows, when it was published, its zone."""

    resource_id: str
    version: str
    rows: int
    published_at: datetime
    zone: str


class Box(NamedTuple):
    """A box in degrees of WGS 84."""

    west: float
    south: float
    east: float
    north: float


class Reader:
    """Answers about one table; made by :func:`open_reader`."""

    def __init__(self, connection: Connection, table: Table, state: TableState, language: str) -> None:
        """Read ``table`` through ``connection``, which is in its transaction."""
        self.state = state
        self.table = table
        self._connection = connection
        self._language = language
        self._postgis = postgis_schema(connection)

    @property
    def connection(self) -> Connection:
        """The connection, in its transaction."""
        return self._connection

    def writer(self) -> SqlWriter:
        """Return a writer for one statement on the table."""
        return SqlWriter(
            self.table,
            sql.Identifier("public", self.state.resource_id),
            self._postgis,
            self._language,
            ZoneInfo(self.state.zone),
            self.exists,
        )

    def allow(self, seconds: int) -> None:
        """Let each further statement of the transaction take ``seconds``."""
        self._connection.execute("SELECT set_config('statement_timeout', %s, true)", (f"{seconds}s",))

    def rows(
        self, selection: Selection, expressions: Sequence[sql.Composable] = (), loaders: Loaders = ()
    ) -> list[tuple[Any, ...]]:
        """Return the rows of ``selection``: its columns, or ``expressions`` in their place.

        ``loaders`` take the place of psycopg's for types, as :mod:`.loaders` has them.
        """
        writer = self.writer()
        return self._loading(loaders).execute(writer.select(selection, expressions), writer.values).fetchall()

    def sorted_ids(self, selection: Selection) -> npt.NDArray[np.int32]:
        """Return the ids of all rows of ``selection`` in its order: four bytes a row."""
        writer = self.writer()
        cursor = self._loading(((ID_ARRAY, IdArray),))
        row = cursor.execute(writer.sorted_ids(selection), writer.values).fetchone()
        return np.zeros(0, np.int32) if row is None or row[0] is None else row[0]

    def stream(
        self, selection: Selection, expressions: Sequence[sql.Composable] = ()
    ) -> Iterator[list[tuple[Any, ...]]]:
        """Yield the rows of ``selection`` in batches, with flat memory."""
        writer = self.writer()
        statement = writer.select(selection, expressions)
        with self._connection.cursor(name="stream") as cursor:
            cursor.execute(statement, writer.values)
            while batch := cursor.fetchmany(BATCH):
                yield batch

    def count(self, condition: Condition = EVERYTHING) -> int:
        """Return the number of rows that meet ``condition``; that of all rows is known."""
        if condition == EVERYTHING:
            return self.state.rows
        writer = self.writer()
        return int(self._first(writer.count(condition), writer)[0])

    def exists(self, condition: Condition) -> bool:
        """Return whether a row meets ``condition``."""
        return bool(self.rows(Selection((ROW_ID,), condition, limit=1)))

    def ids(self, condition: Condition = EVERYTHING) -> Iterator[list[int]]:
        """Yield the ids of the rows that meet ``condition``, ascending, in batches."""
        for batch in self.stream(Selection((ROW_ID,), condition)):
            yield [row[0] for row in batch]

    def extent(self, condition: Condition = EVERYTHING) -> Box | None:
        """Return the box of the points of the rows that meet ``condition``; None where none has a point."""
        if self.table.point is None:
            return None
        writer = self.writer()
        sides = self._first(writer.extent(condition), writer)
        return None if sides[0] is None else Box(*sides)

    def statistics(self, statistics: Statistics, loaders: Loaders = ()) -> list[tuple[Any, ...]]:
        """Return a row for each group: the groups' values, then the aggregates; ``loaders`` as in :meth:`rows`."""
        writer = self.writer()
        return self._loading(loaders).execute(writer.statistics(statistics), writer.values).fetchall()

    def count_groups(self, statistics: Statistics) -> int:
        """Return the number of groups."""
        writer = self.writer()
        return int(self._first(writer.count_groups(statistics), writer)[0])

    def _loading(self, loaders: Loaders) -> psycopg.Cursor[tuple[Any, ...]]:
        """Return a cursor; values come in PostgreSQL's own form where they have loaders, which take that alone."""
        cursor = self._connection.cursor(binary=bool(loaders))
        for kind, loader in loaders:
            cursor.adapters.register_loader(kind, loader)
        return cursor

    def _first(self, statement: sql.Composed, writer: SqlWriter) -> tuple[Any, ...]:
        row = self._connection.execute(statement, writer.values).fetchone()
        if row is None:
            raise LookupError("an aggregate without a row")
        return row


@contextmanager
def open_reader(dsn: str, dataset: Dataset, *, seconds: int, language: str = "english") -> Generator[Reader]:
    """Open the table of ``dataset``; a statement may take ``seconds``.

    Raises NoRowsError before the first run; BusyError and TooSlowError as :mod:`.pool` does.
    """
    with transaction(dsn, seconds) as connection:
        row = connection.execute(_STATE, (dataset.name,)).fetchone()
        if row is None:
            raise NoRowsError("the rows of this table have not been published yet; please ask again in some minutes")
        yield Reader(connection, dataset.rows, TableState(*row), language)

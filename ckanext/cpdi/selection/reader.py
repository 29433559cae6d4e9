"""Reads one table in one transaction: every answer of a reader is of the same version.

In: selections, conditions and statistics. Out: tuples of values as psycopg gives them; instants in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import psycopg
from msgspec import Struct
from psycopg import Cursor, sql

from ckanext.cpdi.declare import Dataset, Table
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Selection, Statistics
from ckanext.cpdi.query.tree import EVERYTHING, Condition
from ckanext.cpdi.query.writers.sql import SqlWriter
from ckanext.cpdi.selection import frames
from ckanext.cpdi.selection.errors import NoRowsError
from ckanext.cpdi.selection.loaders import ID_ARRAY, IN_MILLISECONDS, IdArray, Loaders
from ckanext.cpdi.selection.places import NO_PLACES, PublishedPlaces, places_of
from ckanext.cpdi.selection.pool import transaction

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.query.writers.frame_answers import FrameAnswers
    from ckanext.cpdi.store.database.session import Connection

T = TypeVar("T")
BATCH = 2_000
"""Rows of a batch of a stream."""
_STATE = """
    SELECT resource_id::text, version, rows::bigint, published_at, zone,
        coalesce((SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'postgis'), 'public')
    FROM public._cpdi_version WHERE dataset = %s
"""


class TableState(Struct, frozen=True):
    """The version that is read: the table's resource, the version's id, its rows, when it was published, its zone.

    ``postgis`` is the schema that PostGIS lies in; ``places`` the version of the published places, which areas of rows
    come from. What is kept of an answer is kept by :attr:`key`.
    """

    resource_id: str
    version: str
    rows: int
    published_at: datetime
    zone: str
    postgis: str
    places: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What answers are made of: the same answer comes of the same table, version and places."""
        return self.resource_id, self.version, self.places


class Box(NamedTuple):
    """A box in degrees of WGS 84."""

    west: float
    south: float
    east: float
    north: float


class Reader:
    """Answers about one table; made by :func:`open_reader`."""

    def __init__(
        self,
        connection: Connection,
        table: Table,
        state: TableState,
        language: str,
        home: Path | None = None,
        places: PublishedPlaces = NO_PLACES,
    ) -> None:
        """Read ``table`` through ``connection``, which is in its transaction; its files lie in the folder ``home``."""
        self.state = state
        self._home = home
        self.places = places
        self.table = table
        self._connection = connection
        self._language = language

    @property
    def connection(self) -> Connection:
        """The connection, in its transaction."""
        return self._connection

    def writer(self) -> SqlWriter:
        """Return a writer for one statement on the table."""
        return SqlWriter(
            self.table,
            sql.Identifier("public", self.state.resource_id),
            self.state.postgis,
            self._language,
            ZoneInfo(self.state.zone),
            self.exists,
            self.places.areas,
        )

    @cached_property
    def columnar(self) -> FrameAnswers | None:
        """Answers of the columnar file of this very version; None where there is none, or the table is small."""
        return self.file if self.state.rows >= frames.LEAST else None

    @cached_property
    def file(self) -> FrameAnswers | None:
        """Answers of the columnar file of this very version, however many rows it has; None where there is none."""
        return self._home and frames.answers(self._home, self.table, self.state.version, self.places)

    def by_columns(self, ask: Callable[[FrameAnswers], T]) -> T | None:
        """Return what the columnar file answers; None where there is none, or it cannot tell."""
        if self.columnar is None:
            return None
        from ckanext.cpdi.query.writers.frame_comparisons import UnwritableError

        try:
            return ask(self.columnar)
        except UnwritableError:
            return None

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
        ids = self.by_columns(lambda columns: columns.sorted_ids(selection))
        if ids is not None:
            return ids
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
        number = self.by_columns(lambda columns: columns.count(condition))
        if number is not None:
            return number
        writer = self.writer()
        return int(self._first(writer.count(condition), writer)[0])

    def exists(self, condition: Condition) -> bool:
        """Return whether a row meets ``condition``."""
        return bool(self.rows(Selection((ROW_ID,), condition, limit=1)))

    def ids(self, condition: Condition = EVERYTHING) -> Iterator[list[int]]:
        """Yield the ids of the rows that meet ``condition``, ascending, in batches."""
        ids = self.by_columns(lambda columns: columns.sorted_ids(Selection((ROW_ID,), condition)))
        if ids is not None:
            for start in range(0, len(ids), BATCH):
                yield ids[start : start + BATCH].tolist()
            return
        for batch in self.stream(Selection((ROW_ID,), condition)):
            yield [row[0] for row in batch]

    def extent(self, condition: Condition = EVERYTHING) -> Box | None:
        """Return the box of the points of the rows that meet ``condition``; None where none has a point."""
        if self.table.point is None:
            return None
        sides = self.by_columns(lambda columns: columns.extent(condition))
        if sides is None:
            writer = self.writer()
            sides = self._first(writer.extent(condition), writer)
        return None if sides[0] is None else Box(*sides)

    def statistics(self, statistics: Statistics, loaders: Loaders = ()) -> list[tuple[Any, ...]]:
        """Return a row for each group: the groups' values, then the aggregates; ``loaders`` as in :meth:`rows`.

        Sums of whole numbers are such.
        """
        if not loaders or loaders is IN_MILLISECONDS:
            rows = self.by_columns(lambda columns: columns.statistics(statistics, milliseconds=bool(loaders)))
            if rows is not None:
                return rows
        writer = self.writer()
        cursor = self._loading(loaders)
        cursor.row_factory = _plain
        return cursor.execute(writer.statistics(statistics), writer.values).fetchall()

    def count_groups(self, statistics: Statistics) -> int:
        """Return the number of groups."""
        number = self.by_columns(lambda columns: columns.count_groups(statistics))
        if number is not None:
            return number
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


def _plain(cursor: Cursor[Any]) -> Callable[[Sequence[Any]], tuple[Any, ...]]:  # noqa: ARG001  psycopg's signature
    """Make rows whose decimals, which are sums of whole numbers, are whole numbers."""
    return lambda values: tuple(int(value) if isinstance(value, Decimal) else value for value in values)


@contextmanager
def open_reader(
    dsn: str, dataset: Dataset, *, seconds: int, language: str = "english", files: Path | None = None
) -> Generator[Reader]:
    """Open the table of ``dataset``; a statement may take ``seconds``, and ``files`` is the folder of all files.

    Raises NoRowsError before the first run; BusyError and TooSlowError as :mod:`.pool` does.
    """
    with transaction(dsn, seconds) as connection:
        row = connection.execute(_STATE, (dataset.name,)).fetchone()
        if row is None:
            raise NoRowsError("the rows of this table have not been published yet; please ask again in some minutes")
        home, places = (files / dataset.name if files else None), places_of(files)
        yield Reader(connection, dataset.rows, TableState(*row, places=places.version), language, home, places)

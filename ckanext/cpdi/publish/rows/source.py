"""Reads a dataset's table: which version it is in, and its rows in the order of the files.

In: the DSN of the role that may only read. Out: frames with the columns of
:func:`ckanext.cpdi.publish.rows.columns.schema`. Polars is loaded by the first rows, since most web processes only ask
for versions and ids.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import msgspec
import psycopg
from msgspec import Struct
from psycopg import sql

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.publish.rows.row_id import ROW_ID

if TYPE_CHECKING:
    import polars as pl

BATCH = 16_000
"""Rows of a frame, which a format writes at once: some 18 MB of KML. Fewer take more time, more of them more memory."""
VIEWS = ("public._cpdi_version", "public._cpdi_year", "public._cpdi_completeness")


class Year(Struct, frozen=True, array_like=True):
    """A year of a table: its rows, and the last version that touched it."""

    year: int
    rows: int
    version: str


class State(Struct, frozen=True, array_like=True):
    """What a table holds: its resource, version, rows in all, when they were published, the zone of its days (empty for
    the site's own), and its years in turn.

    ``between_runs`` says that rows have left since the last run, which the next one tells of.
    """

    resource_id: str
    version: str
    rows: int
    published_at: datetime
    zone: str
    years: tuple[Year, ...]
    between_runs: bool = False


class Source:
    """One transaction in which every read sees the same version."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        """Read through ``connection``, which is in a REPEATABLE READ transaction."""
        self._connection = connection

    @property
    def connection(self) -> psycopg.Connection[tuple[Any, ...]]:
        """The connection, in its transaction."""
        return self._connection

    def now(self) -> datetime:
        """Return the transaction's own instant, by which views tell what is due."""
        row = self._connection.execute("SELECT now()").fetchone()
        return row[0] if row else datetime.now(UTC)

    def state(self, dataset: str) -> State | None:
        """Return what the table of ``dataset`` holds; None where it has not been built."""
        with self._connection.cursor() as cursor:
            for view in VIEWS:
                if cursor.execute("SELECT to_regclass(%s)", (view,)).fetchone() == (None,):
                    return None
            table = cursor.execute(
                "SELECT resource_id::text, version, rows::bigint, published_at, zone, between_runs"
                " FROM public._cpdi_version WHERE dataset = %s",
                (dataset,),
            ).fetchone()
            years = cursor.execute(
                "SELECT year::int, rows::bigint, version FROM public._cpdi_year"
                " WHERE dataset = %s AND rows > 0 ORDER BY year",
                (dataset,),
            ).fetchall()
        return msgspec.convert((*table[:-1], years, table[-1]), State) if table else None

    def counts(self, table: Table, resource_id: str, zone: str) -> list[tuple[str, str, int]]:
        """Return the rows of a table by month of ``zone`` (``2026-03``) and category, empty where it has none."""
        time, category = table.time_field, sql.SQL("''")
        if table.category:
            category = sql.SQL("coalesce({}::text, '')").format(sql.Identifier(table.category))
        local = "{0} AT TIME ZONE {1}" if time.type == "datetime" else "{0}::timestamp"
        query = sql.SQL(
            "SELECT to_char(" + local + ", 'YYYY-MM'), {2}, count(*) FROM {3} WHERE {0} IS NOT NULL"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ).format(sql.Identifier(time.name), sql.Literal(zone), category, sql.Identifier("public", resource_id))
        return msgspec.convert(self._connection.execute(query).fetchall(), list[tuple[str, str, int]])

    def batches(self, table: Table, resource_id: str, zone: str, year: int | None) -> Iterator[pl.DataFrame]:
        """Yield the rows of a table, or of one ``year`` of it by days of ``zone``."""
        rows = sql.SQL("{}{} ORDER BY {}").format(
            sql.Identifier("public", resource_id), _where(table.time_field, year, ZoneInfo(zone)), _order(table)
        )
        yield from self.read(table, zone, rows)

    def read(self, table: Table, zone: str, rows: sql.Composable) -> Iterator[pl.DataFrame]:
        """Yield the rows of ``rows``, which is what follows FROM."""
        yield from self.copy(
            sql.SQL("SELECT {} FROM {}").format(sql.SQL(", ").join(select_list(table)), rows), (), table, zone
        )

    def copy(
        self, statement: sql.Composable, values: Sequence[object], table: Table, zone: str
    ) -> Iterator[pl.DataFrame]:
        """Yield the rows of ``statement``, which selects :func:`select_list`.

        COPY takes no parameters, so that the driver writes ``values`` as literals of their types.
        """
        from ckanext.cpdi.publish.rows.frames import from_copy

        query = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(statement)
        with self._connection.cursor() as cursor, cursor.copy(query, values or None) as copied:
            lines = iter(copied)
            while block := b"".join(islice(lines, BATCH)):
                yield from_copy(block, table, zone)

    def completeness(self, dataset: str) -> tuple[str, pl.DataFrame] | None:
        """Return the version that ``dataset`` was counted at, and the counts; None where it has not been counted.

        The frame has the columns ``month`` (``YYYY-MM``), ``category``, ``field``, ``rows`` and ``filled``.
        """
        from ckanext.cpdi.publish.rows.frames import from_counts

        with self._connection.cursor() as cursor:
            counts = cursor.execute(
                "SELECT version, to_char(month, 'YYYY-MM'), category, field, rows, filled"
                ' FROM public._cpdi_completeness WHERE dataset = %s ORDER BY month, category COLLATE "C", place',
                (dataset,),
            ).fetchall()
        return (str(counts[0][0]), from_counts([row[1:] for row in counts])) if counts else None


@contextmanager
def open_source(dsn: str, seconds: int = 0) -> Generator[Source]:
    """Open a transaction that sees one version, however long it reads.

    A statement may take ``seconds``; 0 is for any time.
    """
    with psycopg.connect(dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        connection.execute("SET LOCAL work_mem = '128MB'")
        connection.execute("SELECT set_config('statement_timeout', %s, true)", (f"{seconds}s",))
        yield Source(connection)


def select_list(table: Table) -> list[sql.Composable]:
    """Return the columns of ``table`` as :meth:`Source.copy` reads them."""
    return [_select(field) for field in table.fields]


def _select(field: Field) -> sql.Composable:
    """Return how a column is read: dates as days and instants as microseconds since 1970, no number that is none."""
    forms = {
        "date": "{0} - DATE '1970-01-01'",
        "datetime": "(date_part('epoch', {0}) * 1000000)::bigint",
        "number": "CASE WHEN {0} BETWEEN -1.7e308 AND 1.7e308 THEN {0} END",
    }
    column = "_id" if field == ROW_ID else field.name
    return sql.SQL(forms.get(field.type, "{0}")).format(sql.Identifier(column))  # pyright: ignore[reportArgumentType]


def _where(field: Field, year: int | None, zone: ZoneInfo) -> sql.Composable:
    """Return the condition for one year; none for all."""
    if year is None:
        return sql.SQL("")
    if field.type == "date":
        bounds = [date(year, 1, 1), date(year + 1, 1, 1)]
    else:
        bounds = [datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)]
    column = sql.Identifier(field.name)
    return sql.SQL(" WHERE {} >= {} AND {} < {}").format(column, bounds[0], column, bounds[1])


def _order(table: Table) -> sql.Composable:
    """Return the order of the files: the published time, then the published key, by bytes."""
    time, key = sql.Identifier(table.time_field.name), table.key_field
    if key is None:
        return sql.SQL("{}, _id").format(time)
    collate = ' COLLATE "C"' if key.type == "string" else ""
    return sql.SQL("{}, {}" + collate).format(time, sql.Identifier(key.name))  # pyright: ignore[reportArgumentType]

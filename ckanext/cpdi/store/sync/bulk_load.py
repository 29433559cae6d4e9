"""Writes a dataset's first rows: aside, on two connections, and into place with the run's commit.

A table that nobody reads yet need not be filled in one transaction. It grows as ``cpdi.load_<number>``, out of the read
role's sight, rows and indexes on two connections at once; the run's transaction then only gives it its name. What a
killed run leaves of it goes with the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import TypeVar

import polars as pl
from psycopg import sql

from ckanext.cpdi.rows.identity.known import marked
from ckanext.cpdi.store.database.session import Connection, connect
from ckanext.cpdi.store.sync.diff import Diff
from ckanext.cpdi.store.sync.stage import Stage
from ckanext.cpdi.store.sync.upsert import expect
from ckanext.cpdi.store.table import build, state
from ckanext.cpdi.store.table.columns import ordered
from ckanext.cpdi.store.table.shape import Index, Shape

_LANES = 2
_IDS = sql.Identifier("cpdi_ids")
T = TypeVar("T")


class FirstLoad:
    """The writer for a table that does not exist."""

    def __init__(self, connection: Connection, shape: Shape, number: int, dsn: str, read_role: str) -> None:
        """Make the table aside through ``connection``, the run's own; ``dsn`` serves for two more."""
        self._connection, self._shape, self._number, self._read_role = connection, shape, number, read_role
        self._aside = aside(number)
        build.create(connection, shape, self._aside)
        self._lanes = [_Lane(Stage(_open(dsn), shape)) for _ in range(_LANES)]
        self._threads = ThreadPoolExecutor(max_workers=_LANES, thread_name_prefix="cpdi-load")

    def add(self, rows: pl.DataFrame) -> None:
        """Stage rows on the connection that has less to do."""
        lane = min(self._lanes, key=lambda lane: (lane.stage.busy, lane.rows))
        lane.staged.append(rows["_row"])
        lane.stage.add(rows)

    def wait(self) -> None:
        """Return at once: rows travel on connections of their own."""

    def write(self, plan: Diff) -> None:
        """Write the fresh rows, which have their ids, with their indexes and the state; then the table's name."""
        numbers = plan.fresh["_row"].gather(ordered(plan.fresh["_id"]))
        first = plan.last_id - plan.fresh.height + 1
        written = [task.result() for task in self._on_all_lanes(lambda lane: self._fill(lane, numbers, first))]
        expect(sum(written), plan.fresh.height)
        work: SimpleQueue[Index] = SimpleQueue()
        for index in sorted(self._shape.indexes(self._aside), key=lambda index: index.weight, reverse=True):
            work.put(index)
        building = self._on_all_lanes(lambda lane: _build(lane.stage.connection, work))
        state.write_first(self._connection, self._number, plan.delta)
        for task in building:
            task.result()
        build.attach(self._connection, self._shape, self._aside, self._read_role)

    def close(self) -> None:
        """Stop staging and close the two connections."""
        for lane in self._lanes:
            lane.stage.close()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for lane in self._lanes:
            lane.stage.connection.close()

    def _fill(self, lane: _Lane, numbers: pl.Series, first: int) -> int:
        """Write the lane's rows into the table; return how many.

        ``numbers`` are those of all rows in the run, in the order of their ids, which begin with ``first``. The
        database gets them in this order, which is that of the keys: the table may get its rows in it.
        """
        if not lane.staged:
            return 0
        lane.stage.ready()
        mine = marked(pl.concat(lane.staged), sum(each.rows for each in self._lanes))
        _copy_ids(lane.stage.connection, numbers, first, mine)
        return lane.stage.insert(self._aside, _IDS)

    def _on_all_lanes(self, work: Callable[[_Lane], T]) -> list[Future[T]]:
        """Begin to do something on every lane at once."""
        return [self._threads.submit(work, lane) for lane in self._lanes]


@dataclass
class _Lane:
    """A connection with its staged rows, and their numbers in the run."""

    stage: Stage
    staged: list[pl.Series] = field(default_factory=list[pl.Series])

    @property
    def rows(self) -> int:
        """How many rows have been staged."""
        return sum(map(len, self.staged))


def aside(number: int) -> sql.Identifier:
    """Return the name under which the table of dataset ``number`` grows."""
    return sql.Identifier("cpdi", f"load_{number}")


def discard(connection: Connection, number: int) -> None:
    """Drop what a run that did not come to its end has left of a table."""
    connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(aside(number)))


def _open(dsn: str) -> Connection:
    """Return a connection for half of the work; what it commits is safe once the run's own commit is."""
    connection = connect(dsn)
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET max_parallel_maintenance_workers = 0")
    connection.execute("SET work_mem = '128MB'")
    return connection


def _copy_ids(connection: Connection, numbers: pl.Series, first: int, mine: pl.Series) -> None:
    """Write the ids of the rows that are ``mine``, by number in the run."""
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} (row bigint, id integer)").format(_IDS))
    with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(_IDS)) as copy:
        for part in numbers.to_frame("row").with_row_index("id", first).iter_slices(100_000):
            copy.write(part.select("row", "id").filter(mine.gather(part["row"])).write_csv(include_header=False))
    connection.execute(sql.SQL("ANALYZE {}").format(_IDS))


def _build(connection: Connection, work: SimpleQueue[Index]) -> None:
    """Build indexes until none is left."""
    while True:
        try:
            index = work.get_nowait()
        except Empty:
            return
        build.create_index(connection, index)

"""Writes a run's plan into a table that exists: rows leave, change in place, and come with new ids.

The table has its readers meanwhile: they see none of it before the commit, and wait for nothing.
"""

from __future__ import annotations

import polars as pl
from psycopg import sql

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.errors import StoreError
from ckanext.cpdi.store.sync.diff import Diff
from ckanext.cpdi.store.sync.stage import Stage
from ckanext.cpdi.store.table import state
from ckanext.cpdi.store.table.shape import Shape

_CHANGED = sql.SQL("(SELECT row, id FROM {} WHERE id IS NOT NULL AND NOT fresh)").format(state.DELTA)
_FRESH = sql.SQL("(SELECT row, id FROM {} WHERE fresh)").format(state.DELTA)


class InPlace:
    """The writer for a table that exists; it works in the run's own transaction."""

    def __init__(self, connection: Connection, shape: Shape, number: int) -> None:
        """Stage on ``connection``; ``number`` is the dataset's."""
        self._connection, self._shape, self._number = connection, shape, number
        self._stage = Stage(connection, shape)

    def add(self, rows: pl.DataFrame) -> None:
        """Stage rows that are new or differ."""
        self._stage.add(rows)

    def wait(self) -> None:
        """Wait until the staged rows are through: before that the connection can do nothing else."""
        self._stage.wait()

    def write(self, plan: Diff) -> None:
        """Do what the plan says; its fresh rows have their ids.

        Rows leave before others come, since a row that comes back may bring the same unique value.
        """
        self._stage.ready()
        if not plan.any:
            return
        state.stage(self._connection, plan.delta)
        going = plan.leaving["_id"].to_list()
        if going:
            query = sql.SQL("DELETE FROM {} WHERE _id = ANY(%s)").format(self._shape.name)
            expect(self._connection.execute(query, (going,)).rowcount, len(going))
        if plan.changed.height:
            expect(self._stage.update(self._shape.name, _CHANGED), plan.changed.height)
        if plan.fresh.height:
            expect(self._stage.insert(self._shape.name, _FRESH), plan.fresh.height)
        state.merge(self._connection, self._number)

    def close(self) -> None:
        """Stop staging."""
        self._stage.close()


def expect(count: int, expected: int) -> None:
    """Raise StoreError where the table is not as the state says."""
    if count != expected:
        raise StoreError("the table was changed by another hand; run again, and it will be put right")

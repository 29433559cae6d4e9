"""Writes a run's plan into a table that exists: rows leave, change in place, and come with new ids.

The table has its readers meanwhile: they see none of it before the commit, and wait for nothing.
"""

from __future__ import annotations

from psycopg import sql

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.errors import StoreError
from ckanext.cpdi.store.sync.diff import Diff
from ckanext.cpdi.store.sync.stage import Stage
from ckanext.cpdi.store.table import state
from ckanext.cpdi.store.table.shape import Shape

_CHANGED = sql.SQL("(SELECT row, id FROM {} WHERE id IS NOT NULL AND NOT fresh)").format(state.DELTA)
_FRESH = sql.SQL("(SELECT row, id FROM {} WHERE fresh)").format(state.DELTA)


class InPlace(Stage):
    """The writer for a table that exists: a stage on the connection of the run's own transaction."""

    def __init__(self, connection: Connection, shape: Shape, number: int) -> None:
        """Stage on ``connection``; ``number`` is the dataset's."""
        super().__init__(connection, shape)
        self._number = number

    def write(self, plan: Diff) -> None:
        """Do what the plan says; its fresh rows have their ids.

        Rows leave before others come, since a row that comes back may bring the same unique value.
        """
        self.ready()
        if not plan.any:
            return
        state.stage(self.connection, plan.delta)
        going = plan.leaving["_id"].to_list()
        if going:
            query = sql.SQL("DELETE FROM {} WHERE _id = ANY(%s)").format(self.shape.name)
            expect(self.connection.execute(query, (going,)).rowcount, len(going))
        if plan.changed.height:
            expect(self.update(self.shape.name, _CHANGED), plan.changed.height)
        if plan.fresh.height:
            expect(self.insert(self.shape.name, _FRESH), plan.fresh.height)
        state.merge(self.connection, self._number)


def expect(count: int, expected: int) -> None:
    """Raise StoreError where the table is not as the state says."""
    if count != expected:
        raise StoreError("the table was changed by another hand; run again, and it will be put right")

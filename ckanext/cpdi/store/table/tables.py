"""What is known of each dataset's table beside its rows: keys, completeness, the profile it was loaded with."""

from __future__ import annotations

import polars as pl
from psycopg import sql

from ckanext.cpdi.declare import Table
from ckanext.cpdi.store.database.session import DATASET, Connection, Session, lock, unlock
from ckanext.cpdi.store.table import catalogue, completeness, demographics, reference, state

_BY_NUMBER = ("year", "link", "version", "change", "correction", "notice", "completeness", "demographic")
_BY_NAME = ("run", "alert", "proposal", "purge")


class Tables:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session, read_role: str) -> None:
        """Work on the connection of ``session``; ``read_role`` may read what is published."""
        self._session, self._read_role = session, read_role

    def count_completeness(self, dataset: str, table: Table, zone: str) -> bool:
        """Count how complete the table is, where it changed since; return whether anything was counted."""
        with self._session() as connection:
            return completeness.refresh(connection, dataset, table, zone)

    def forget_people(self, dataset: str, year: int) -> int:
        """Take back the counts of people of a year; see :func:`ckanext.cpdi.store.table.demographics.forget`."""
        return demographics.forget(self._session, dataset, year)

    def profile(self, dataset: str) -> str:
        """Return how the profile was named that ``dataset`` was loaded with last; empty for the site's own."""
        with self._session() as connection:
            row = connection.execute("SELECT profile FROM cpdi.dataset WHERE name = %s", (dataset,)).fetchone()
        return str(row[0]) if row else ""

    def name_profile(self, dataset: str, profile: str) -> None:
        """Keep that ``dataset`` was loaded with a profile of this name, where no row of it changed."""
        with self._session() as connection:
            catalogue.write(connection, catalogue.number_of(connection, dataset), {"profile": profile})

    def replace(self, resource_id: str, rows: pl.DataFrame, notes: dict[str, tuple[str, str]]) -> None:
        """Put ``rows`` into a table of reference data; see :func:`ckanext.cpdi.store.table.reference.replace`."""
        with self._session() as connection:
            reference.replace(connection, resource_id, rows, notes, self._read_role)

    def drop(self, resource_id: str) -> None:
        """Drop a table of reference data, if there is one."""
        with self._session() as connection:
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(resource_id)))

    def masks(self, dataset: str) -> str:
        """Return what stands for all that masked the rows of ``dataset``; empty before the first run."""
        with self._session() as connection:
            return catalogue.entry(connection, catalogue.number_of(connection, dataset)).masks

    def keys(self, dataset: str) -> pl.Series:
        """Return the keyed hashes of the rows of ``dataset`` (Int64), whose table is there."""
        with self._session() as connection:
            known = state.read(connection, catalogue.number_of(connection, dataset))
            return known.filter(pl.col("_id").is_not_null())["_key"]

    def forget(self, dataset: str, resource_id: str) -> None:
        """Drop the table ``resource_id`` of ``dataset``, and all that is known of it but what was approved and denied,
        as if no feed had ever come: for a demo whose sample goes. Ids of rows go on from the last one that was given.
        """
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            lock(connection, DATASET, number)
            try:
                _forget(connection, number, resource_id)
            finally:
                unlock(connection, DATASET, number)


def _forget(connection: Connection, number: int, resource_id: str) -> None:
    """Forget dataset ``number``, whose lock the caller has."""
    dropped = (("public", resource_id), ("cpdi", f"state_{number}"))
    delete = sql.SQL("DELETE FROM {} WHERE dataset = %s")
    with connection.transaction():
        entry = catalogue.entry(connection, number)
        for schema, name in dropped:
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(schema, name)))
        for names, dataset in ((_BY_NUMBER, number), (_BY_NAME, entry.name)):
            for name in names:
                connection.execute(delete.format(sql.Identifier("cpdi", name)), (dataset,))
        connection.execute("DELETE FROM cpdi.dataset WHERE number = %s", (number,))
        connection.execute("INSERT INTO cpdi.dataset (name, last_id) VALUES (%s, %s)", (entry.name, entry.last_id))

"""The deny list, with a log of who changed it and why, and the purges that rid every copy of denied rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from psycopg import sql

from ckanext.cpdi.declare import Table
from ckanext.cpdi.store.database.session import DATASET, Connection, Session, lock, unlock
from ckanext.cpdi.store.privacy import denial, purge
from ckanext.cpdi.store.privacy.purge import Purge
from ckanext.cpdi.store.table import build, catalogue, state
from ckanext.cpdi.store.table.shape import Shape

Keys = Mapping[str, Sequence[int]]
"""Dataset to keys of its records."""
Action = Literal["deny", "release", "replay"]


@dataclass(frozen=True)
class Listed:
    """One entry of the list."""

    dataset: str
    key: int
    since: datetime
    why: str


@dataclass(frozen=True)
class Entry:
    """One line of the log: how many ``keys`` were put on the list, or taken off it."""

    at: datetime
    who: str
    action: str
    dataset: str
    why: str
    keys: int


class Privacy:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def changes(self) -> int:
        """Return how often the deny list was changed so far."""
        with self._session() as connection:
            return denial.changes(connection)

    def listed(self) -> list[Listed]:
        """Return the deny list."""
        query = "SELECT dataset, key, since, why FROM cpdi.deny ORDER BY dataset, since, key"
        with self._session() as connection:
            return [Listed(*row) for row in connection.execute(query)]

    def log(self, limit: int = 20) -> list[Entry]:
        """Return the last changes of the deny list, newest first."""
        query = "SELECT at, who, action, dataset, why, cardinality(keys) FROM cpdi.audit ORDER BY id DESC LIMIT %s"
        with self._session() as connection:
            return [Entry(*row) for row in connection.execute(query, (limit,))]

    def rows_with(self, dataset: str, keys: Keys) -> int:
        """Return how many rows of the table of ``dataset`` have one of the keys, or carry one of another dataset."""
        with self._session() as connection:
            row = connection.execute("SELECT number FROM cpdi.dataset WHERE name = %s", (dataset,)).fetchone()
            if row is None or not _is_table(connection, f"cpdi.state_{row[0]}"):
                return 0
            query = sql.SQL("SELECT count(*) FROM {} WHERE id IS NOT NULL AND key IN ({})")
            counted = connection.execute(
                query.format(state.table_of(row[0]), _KEYS), {"number": row[0], "name": dataset, **_columns(keys)}
            ).fetchone()
        return int(counted[0]) if counted else 0

    def deny(
        self,
        keys: Keys,
        why: str,
        who: str,
        at: datetime,
        purged: Iterable[str],
        keep: Callable[[], None],
        action: Action = "deny",
    ) -> int:
        """Put keys on the list and ask for a purge of the datasets ``purged``; return how many were not on it.

        ``keep`` is called before the commit: what it raises undoes all.
        """
        query = "INSERT INTO cpdi.deny SELECT %s, unnest(%s::bigint[]), %s, %s ON CONFLICT DO NOTHING"
        with self._session() as connection, connection.transaction():
            _count_change(connection)
            fresh = sum(
                connection.execute(query, (name, list(numbers), at, why)).rowcount for name, numbers in keys.items()
            )
            _write_log(connection, who, action, why, keys)
            for dataset in purged:
                connection.execute("INSERT INTO cpdi.purge (dataset, cause) VALUES (%s, 'denied')", (dataset,))
            keep()
            return fresh

    def release(self, keys: Keys, why: str, who: str, action: Action = "release") -> int:
        """Take keys off the list; return how many were on it. Their rows come back with the next run of their feed."""
        query = "DELETE FROM cpdi.deny WHERE dataset = %s AND key = ANY(%s)"
        with self._session() as connection, connection.transaction():
            _count_change(connection)
            taken = sum(connection.execute(query, (name, list(numbers))).rowcount for name, numbers in keys.items())
            _write_log(connection, who, action, why, keys)
            return taken

    def purges(self, dataset: str) -> list[Purge]:
        """Return the purges of ``dataset`` that are not done, in the order in which they were asked for."""
        query = (
            "SELECT id, dataset, cause, removed IS NOT NULL, coalesce(ids, '{}'), coalesce(years, '{}') FROM cpdi.purge"
            " WHERE dataset = %s AND done IS NULL ORDER BY id"
        )
        with self._session() as connection:
            rows = connection.execute(query, (dataset,)).fetchall()
        return [
            Purge(number, name, cause, removed, tuple(ids), tuple(years))
            for number, name, cause, removed, ids, years in rows
        ]

    def remove(self, dataset: str, resource_id: str, table: Table, zone: str, patience: str = "3s") -> int:
        """Remove the denied rows of ``dataset`` from its table; return how many.

        Raises RunInProgress where a run of the dataset is at work for longer than ``patience``.
        """
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            lock(connection, DATASET, number, patience)
            try:
                shape = Shape(resource_id, table, build.postgis_schema(connection))
                return purge.remove(connection, number, dataset, shape, zone)
            finally:
                unlock(connection, DATASET, number)

    def sweep(self, dataset: str, resource_id: str, table: Table) -> None:
        """Give the space of removed rows back, in the table, its indexes and its state."""
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            shape = Shape(resource_id, table, build.postgis_schema(connection))
            if build.exists(connection, shape):
                for name in (shape.name, state.table_of(number)):
                    connection.execute(sql.SQL("VACUUM (INDEX_CLEANUP ON) {}").format(name))

    def finish(self, purges: list[Purge]) -> None:
        """Note that purges are done, and forget which rows they were about."""
        query = "UPDATE cpdi.purge SET done = clock_timestamp(), ids = NULL, years = NULL WHERE id = ANY(%s)"
        with self._session() as connection:
            connection.execute(query, ([purge.id for purge in purges],))


_KEYS = sql.SQL(
    "SELECT key FROM unnest(%(names)s::text[], %(keys)s::bigint[]) AS given (owner, key) WHERE owner = %(name)s"
    " UNION SELECT link.key FROM cpdi.link AS link JOIN unnest(%(names)s::text[], %(keys)s::bigint[])"
    " AS given (owner, key) ON link.owner = given.owner AND link.link = given.key WHERE link.dataset = %(number)s"
)
"""Keys of the rows that have the given keys, by themselves or by a number that they carry."""


def _columns(keys: Keys) -> dict[str, list[object]]:
    """Return keys as two columns."""
    names = [name for name, numbers in keys.items() for _ in numbers]
    return {"names": list[object](names), "keys": [key for numbers in keys.values() for key in numbers]}


def _is_table(connection: Connection, name: str) -> bool:
    return connection.execute("SELECT to_regclass(%s)", (name,)).fetchone() != (None,)


def _count_change(connection: Connection) -> None:
    """Count a change of the list; waits for a commit that has looked at it."""
    connection.execute("UPDATE cpdi.deny_list SET changes = changes + 1")


def _write_log(connection: Connection, who: str, action: Action, why: str, keys: Keys) -> None:
    """Write who did what to the list, one line a dataset."""
    query = "INSERT INTO cpdi.audit (who, action, dataset, why, keys) VALUES (%s, %s, %s, %s, %s)"
    for name, numbers in keys.items():
        connection.execute(query, (who, action, name, why, list(numbers)))

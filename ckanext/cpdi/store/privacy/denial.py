"""The deny list: keys of records that must not be there, by dataset, with a log of who changed it and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import polars as pl
from psycopg import sql

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.table import state

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


def changes(connection: Connection) -> int:
    """Return how often the list was changed so far."""
    row = connection.execute("SELECT changes FROM cpdi.deny_list").fetchone()
    return int(row[0]) if row else 0


def hold(connection: Connection) -> int:
    """Keep the list as it is until the transaction ends; return how often it was changed so far."""
    row = connection.execute("SELECT changes FROM cpdi.deny_list FOR SHARE").fetchone()
    return int(row[0]) if row else 0


def read(connection: Connection, datasets: Iterable[str]) -> dict[str, pl.Series]:
    """Return the keys on the list by dataset; datasets without any are left out."""
    query = "SELECT dataset, array_agg(key) FROM cpdi.deny WHERE dataset = ANY(%s) GROUP BY dataset"
    found = connection.execute(query, (list(datasets),))
    return {dataset: pl.Series(keys, dtype=pl.Int64) for dataset, keys in found}


def listed(connection: Connection) -> list[Listed]:
    """Return the whole list."""
    found = connection.execute("SELECT dataset, key, since, why FROM cpdi.deny ORDER BY dataset, since, key")
    return [Listed(*row) for row in found]


def log(connection: Connection, limit: int) -> list[Entry]:
    """Return the last lines of the log, newest first."""
    query = "SELECT at, who, action, dataset, why, cardinality(keys) FROM cpdi.audit ORDER BY id DESC LIMIT %s"
    return [Entry(*row) for row in connection.execute(query, (limit,))]


def add(connection: Connection, keys: Keys, why: str, since: datetime) -> int:
    """Put keys on the list, in the caller's transaction; return how many were not on it."""
    _change(connection)
    query = "INSERT INTO cpdi.deny SELECT %s, unnest(%s::bigint[]), %s, %s ON CONFLICT DO NOTHING"
    return sum(connection.execute(query, (name, list(found), since, why)).rowcount for name, found in keys.items())


def take_off(connection: Connection, keys: Keys) -> int:
    """Take keys off the list, in the caller's transaction; return how many were on it."""
    _change(connection)
    query = "DELETE FROM cpdi.deny WHERE dataset = %s AND key = ANY(%s)"
    return sum(connection.execute(query, (name, list(found))).rowcount for name, found in keys.items())


def write_log(connection: Connection, who: str, action: Action, why: str, keys: Keys) -> None:
    """Write who did what to the list, one line a dataset."""
    query = "INSERT INTO cpdi.audit (who, action, dataset, why, keys) VALUES (%s, %s, %s, %s, %s)"
    for name, found in keys.items():
        connection.execute(query, (who, action, name, why, list(found)))


def rows_with(connection: Connection, dataset: str, keys: Keys) -> int:
    """Return how many rows of the table of ``dataset`` have one of the keys, or carry one of another dataset."""
    row = connection.execute("SELECT number FROM cpdi.dataset WHERE name = %s", (dataset,)).fetchone()
    if row is None or connection.execute("SELECT to_regclass(%s)", (f"cpdi.state_{row[0]}",)).fetchone() == (None,):
        return 0
    query = sql.SQL("SELECT count(*) FROM {} WHERE id IS NOT NULL AND key IN ({})")
    values = _pairs(keys)
    found = connection.execute(
        query.format(state.table_of(row[0]), _KEYS), {"number": row[0], "name": dataset, **values}
    )
    counted = found.fetchone()
    return int(counted[0]) if counted else 0


def forget(connection: Connection, number: int, dataset: str) -> list[int]:
    """Let the state know no more of denied rows than their classes; return the ids of those that are in the table.

    Classes stay, since a row's class never falls, even where it is taken off the list one day.
    """
    name = state.table_of(number)
    keys = _LISTED.format(number=sql.Literal(number), name=sql.Literal(dataset))
    ids = connection.execute(sql.SQL("SELECT id FROM {} WHERE id IS NOT NULL AND key IN ({})").format(name, keys))
    found = [int(row[0]) for row in ids]
    connection.execute(
        sql.SQL("UPDATE {} SET id = NULL, due = NULL, fingerprint = (fingerprint <> 0)::int WHERE key IN ({})").format(
            name, keys
        )
    )
    connection.execute(sql.SQL("DELETE FROM cpdi.link WHERE dataset = {} AND key IN ({})").format(number, keys))
    return found


def link(connection: Connection, number: int, links: pl.DataFrame) -> None:
    """Remember the record numbers of other datasets that rows carry, in place of those that they had."""
    connection.execute(
        "CREATE TEMPORARY TABLE cpdi_links (key bigint NOT NULL, owner text NOT NULL, link bigint NOT NULL)"
        " ON COMMIT DROP"
    )
    with connection.cursor().copy("COPY cpdi_links (key, owner, link) FROM STDIN (FORMAT csv)") as copy:
        copy.write(links.select("_key", "owner", "link").write_csv(include_header=False))
    connection.execute("DELETE FROM cpdi.link WHERE dataset = %s AND key IN (SELECT key FROM cpdi_links)", (number,))
    connection.execute(
        "INSERT INTO cpdi.link (dataset, key, owner, link) SELECT %s, key, owner, link FROM cpdi_links"
        " ON CONFLICT DO NOTHING",
        (number,),
    )


_KEYS = sql.SQL(
    "SELECT key FROM unnest(%(names)s::text[], %(keys)s::bigint[]) AS given (owner, key) WHERE owner = %(name)s"
    " UNION SELECT link.key FROM cpdi.link AS link JOIN unnest(%(names)s::text[], %(keys)s::bigint[])"
    " AS given (owner, key) ON link.owner = given.owner AND link.link = given.key WHERE link.dataset = %(number)s"
)
"""Keys of the rows that have the given keys, by themselves or by a number that they carry."""
_LISTED = sql.SQL(
    "SELECT key FROM cpdi.deny WHERE dataset = {name} UNION SELECT link.key FROM cpdi.link AS link"
    " JOIN cpdi.deny AS deny ON deny.dataset = link.owner AND deny.key = link.link WHERE link.dataset = {number}"
)
"""Keys of the rows that are on the list."""


def _change(connection: Connection) -> None:
    """Count a change of the list; waits for a commit that has looked at it."""
    connection.execute("UPDATE cpdi.deny_list SET changes = changes + 1")


def _pairs(keys: Keys) -> dict[str, list[object]]:
    """Return keys as two columns."""
    names = [name for name, found in keys.items() for _ in found]
    return {"names": list[object](names), "keys": [key for found in keys.values() for key in found]}

"""The deny list as a run's transaction needs it: what is on it, which rows it reaches, and that nobody changes it."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from psycopg import sql

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.table import state


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
    rows = connection.execute(query, (list(datasets),))
    return {dataset: pl.Series(keys, dtype=pl.Int64) for dataset, keys in rows}


def forget(connection: Connection, number: int, dataset: str) -> list[int]:
    """Let the state know no more of denied rows than their classes; return the ids of those that are in the table.

    Classes stay, since a row's class never falls, even where it is taken off the list one day.
    """
    name = state.table_of(number)
    keys = _LISTED.format(number=sql.Literal(number), name=sql.Literal(dataset))
    ids = connection.execute(sql.SQL("SELECT id FROM {} WHERE id IS NOT NULL AND key IN ({})").format(name, keys))
    row_ids = [int(row[0]) for row in ids]
    connection.execute(
        sql.SQL("UPDATE {} SET id = NULL, due = NULL, fingerprint = (fingerprint <> 0)::int WHERE key IN ({})").format(
            name, keys
        )
    )
    connection.execute(sql.SQL("DELETE FROM cpdi.link WHERE dataset = {} AND key IN ({})").format(number, keys))
    return row_ids


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


_LISTED = sql.SQL(
    "SELECT key FROM cpdi.deny WHERE dataset = {name} UNION SELECT link.key FROM cpdi.link AS link"
    " JOIN cpdi.deny AS deny ON deny.dataset = link.owner AND deny.key = link.link WHERE link.dataset = {number}"
)
"""Keys of the rows that are on the list."""

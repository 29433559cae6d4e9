"""Forgetting a dataset's table, versions and runs, as if no feed had ever come: for a demo whose sample goes."""

from __future__ import annotations

from psycopg import sql

from ckanext.cpdi.store.database.session import Connection

_BY_NUMBER = ("year", "link", "version", "change", "correction", "notice", "completeness")
_BY_NAME = ("run", "alert", "proposal", "purge")


def forget(connection: Connection, dataset: str, resource_id: str) -> None:
    """Drop the table ``resource_id`` of ``dataset``, and all that is known of it but what was approved and denied.

    Ids of rows go on from the last one that was given; the caller has the dataset's lock.
    """
    row = connection.execute("SELECT number, last_id FROM cpdi.dataset WHERE name = %s", (dataset,)).fetchone()
    if row is None:
        return
    number, last_id = row
    with connection.transaction():
        for schema, name in (("public", resource_id), ("cpdi", f"state_{number}")):
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(schema, name)))
        for name in _BY_NUMBER:
            query = sql.SQL("DELETE FROM {} WHERE dataset = %s").format(sql.Identifier("cpdi", name))
            connection.execute(query, (number,))
        for name in _BY_NAME:
            query = sql.SQL("DELETE FROM {} WHERE dataset = %s").format(sql.Identifier("cpdi", name))
            connection.execute(query, (dataset,))
        connection.execute("DELETE FROM cpdi.dataset WHERE number = %s", (number,))
        connection.execute("INSERT INTO cpdi.dataset (name, last_id) VALUES (%s, %s)", (dataset, last_id))

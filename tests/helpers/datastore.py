"""The DataStore of the tests, seen past CKAN."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import psycopg
from psycopg import sql
from psycopg_pool import ConnectionPool

from ckanext.cpdi.store.database import migrate


def dsn() -> str:
    """The connection string of the role that writes."""
    return tk.config["ckan.datastore.write_url"]


_MADE = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE tableowner = current_user
    AND (schemaname = 'public' AND length(tablename) = 36 OR schemaname = 'cpdi' AND tablename ~ '^(state|load)_')
"""
"""The tables that publishing makes."""
_KEPT = ("migration", "deny_list")
"""Tables with rows that the migrations wrote."""
_APPEND_ONLY = ("audit", "approval")
"""Tables that refuse DELETE."""
_REFERRED = ("run", "dataset")
"""Tables that others refer to."""
_RESTART = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences
    WHERE schemaname = 'cpdi' AND last_value IS NOT NULL
"""
_GRANTED = """
    SELECT NOT has_schema_privilege(%(role)s, 'cpdi', 'USAGE') AND bool_and(coalesce(
        has_table_privilege(%(role)s, to_regclass(view), 'SELECT'), false)) FROM unnest(%(views)s::text[]) AS view
"""


@contextmanager
def _connected() -> Iterator[psycopg.Connection[Any]]:
    """Give a connection of the role that writes, in a transaction.

    It is kept: a new one costs the server as much as what a test asks by it, since it knows no table yet.
    """
    with _pool(dsn()).connection() as connection:
        yield connection


@cache
def _pool(address: str) -> ConnectionPool[psycopg.Connection[Any]]:
    return ConnectionPool(
        address,
        min_size=0,
        max_size=4,
        kwargs={"prepare_threshold": None},  # tables come and go
        check=ConnectionPool.check_connection,
        open=True,
    )


def empty() -> None:
    """Drop every table of the DataStore, and leave everything of ours as ``ckan cpdi init`` does."""
    from ckanext.cpdi import config

    with _connected() as connection:
        if not _is_migrated(connection):
            connection.commit()
            config.store().migrate()
        if made := [name for (name,) in connection.execute(_MADE).fetchall()]:
            connection.execute(f"DROP TABLE {', '.join(made)} CASCADE")
        # TRUNCATE makes a table and its indexes anew, which takes ten times as long where there are few rows.
        for name in sorted(_filled(connection), key=_REFERRED.__contains__):
            connection.execute(f"{'TRUNCATE' if name in _APPEND_ONLY else 'DELETE FROM'} cpdi.{name}")
        connection.execute(_RESTART)
        connection.execute("UPDATE cpdi.deny_list SET changes = 0 WHERE changes <> 0")
        if connection.execute("SELECT to_regclass('public._table_stats')").fetchone() != (None,):
            connection.execute("DELETE FROM public._table_stats")


def _is_migrated(connection: psycopg.Connection[Any]) -> bool:
    """Whether our tables and the rights on our views are as the migrations leave them."""
    if connection.execute("SELECT to_regclass('cpdi.migration')").fetchone() == (None,):
        return False
    files = {one.name for one in resources.files("ckanext.cpdi.store.database").joinpath("migrations").iterdir()}
    applied = {name for (name,) in connection.execute("SELECT name FROM cpdi.migration")}
    role = str(urlsplit(tk.config["ckan.datastore.read_url"]).username)
    granted = connection.execute(_GRANTED, {"role": role, "views": [f"public.{one}" for one in migrate.VIEWS]})
    return applied == {name for name in files if name.endswith(".sql")} and granted.fetchone() == (True,)


def _filled(connection: psycopg.Connection[Any]) -> list[str]:
    """Our tables that have rows, but for those with rows of the migrations."""
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'cpdi' AND tablename <> ALL (%s)"
    names = [name for (name,) in connection.execute(query, (list(_KEPT),))]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM cpdi.{name})" for name in names)
    return [name for (name,) in connection.execute(asked)]


def execute(statement: str) -> list[tuple[Any, ...]]:
    """Run a statement as the role that writes; return its rows, if it gives any."""
    with _connected() as connection:
        done = connection.execute(statement)
        return done.fetchall() if done.description else []


def rows(resource_id: str) -> int | None:
    """How many rows the table has; None where there is no such table."""
    with _connected() as connection:
        if connection.execute("SELECT to_regclass(%s)", (f'public."{resource_id}"',)).fetchone() == (None,):
            return None
        query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(resource_id))
        return connection.execute(query).fetchone()[0]


def columns(resource_id: str) -> dict[str, str]:
    """The table's columns and their types."""
    with _connected() as connection:
        found = connection.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            (f'public."{resource_id}"',),
        )
        return dict(found.fetchall())


def publish(dataset: str = "calls-for-service", count: int = 3, *, build: bool = True) -> str:
    """Publish ``count`` rows past feeds and rules, with files and metadata if ``build``; return the resource id."""
    import polars as pl

    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.parts import resource_id
    from ckanext.cpdi.pipeline import publish
    from ckanext.cpdi.store import RunSummary

    table = config.library().dataset(dataset).rows
    types = {
        "string": (pl.String, "text"),
        "integer": (pl.Int64, 1),
        "number": (pl.Float64, 32.5),
        "boolean": (pl.Boolean, True),
        "datetime": (pl.Datetime("us", "UTC"), datetime(2025, 3, 1, 15, tzinfo=UTC)),
        "date": (pl.Date, date(2025, 3, 1)),
    }
    keys = range(1, count + 1)
    hidden = {"_key": pl.Int64, "_fingerprint": pl.Int64, "_rank": pl.Int64, "_line": pl.UInt32}
    columns = {name: pl.Series(name, keys, dtype=kind) for name, kind in hidden.items()}
    columns["_classes"] = pl.Series([1] * count, dtype=pl.Int16)
    for field in table.fields:
        kind, value = types[field.type]
        values = [f"25-{key}" for key in keys] if field.column == table.key else [value] * count
        columns[field.name] = pl.Series(field.name, values, dtype=kind)
    frame = pl.DataFrame(columns)
    with config.store() as store:
        run = store.ledger.start(dataset, "test rows", "0" * 64, "1", "1", "1")
        with store.begin(dataset, resource_id(dataset), table, run, "America/New_York") as sync:
            sync.add(frame)
            sync.apply(None, remove_missing=True)
            sync.commit(RunSummary(read=count))
    if build:
        publish.publish(dataset, config.profile())
    return resource_id(dataset)

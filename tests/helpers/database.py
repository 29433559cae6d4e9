"""CKAN's database of the tests."""

from __future__ import annotations

import io
from functools import cache

import sqlalchemy as sa
from ckan import model

_NEEDED = {"package": "id", "harvest_source": "next_run", "activity": "permission_labels"}
"""A column of each migration chain's last state."""

Rows = dict[str, bytes]
"""Rows of tables as COPY writes them, by the table's name; a table comes after those it refers to."""


def is_whole() -> bool:
    """Whether the tables of CKAN and its extensions are there."""
    asked = " AND ".join(
        f"EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('public.{table}') AND attname = '{column}')"
        for table, column in _NEEDED.items()
    )
    with model.meta.engine.connect() as connection:
        return bool(connection.execute(sa.text(f"SELECT {asked}")).scalar())


def empty() -> None:
    """Remove every row but the versions of the migrations."""
    put({})


def rows() -> Rows:
    """Every row but the versions of the migrations."""
    with model.meta.engine.begin() as connection:
        return {name: _copied(connection, name) for name in _filled(connection)}


def put(kept: Rows) -> None:
    """Have the database hold ``kept`` and no other rows but the versions of the migrations."""
    model.Session.remove()
    with model.meta.engine.begin() as connection:
        if filled := _filled(connection):  # TRUNCATE would make all tables anew, which takes longer
            connection.execute(sa.text("; ".join(f'DELETE FROM public."{name}"' for name in reversed(filled))))
        for name, data in kept.items():
            connection.connection.cursor().copy_expert(f'COPY public."{name}" FROM STDIN', io.BytesIO(data))


def _copied(connection: sa.engine.Connection, table: str) -> bytes:
    out = io.BytesIO()
    connection.connection.cursor().copy_expert(f'COPY public."{table}" TO STDOUT', out)
    return out.getvalue()


def _filled(connection: sa.engine.Connection) -> list[str]:
    """The tables that have rows, each after those it refers to."""
    asked = " UNION ALL ".join(f"SELECT '{one}' WHERE EXISTS (SELECT FROM public.\"{one}\")" for one in _tables())
    found = {row[0] for row in connection.execute(sa.text(asked))}
    return [one for one in _tables() if one in found]


@cache
def _tables() -> list[str]:
    found = sa.MetaData()
    found.reflect(model.meta.engine)
    return [one.name for one in found.sorted_tables if not one.name.endswith("alembic_version")]

"""Makes a dataset's DataStore table and keeps it as declared: new fields, missing indexes, rights, dictionary."""

from __future__ import annotations

import json
from typing import Any, cast

from psycopg import sql

from ckanext.cpdi.errors import Said
from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.errors import DeclarationChanged
from ckanext.cpdi.store.table.shape import TYPES, Index, Shape

_PATIENCE = "10s"
"""How long to wait for readers when a column is added: others queue behind us meanwhile."""


def postgis_schema(connection: Connection) -> str:
    """Return the schema that PostGIS lies in, ``public`` where it is not installed (and the table cannot be made)."""
    extension = connection.execute(
        "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'postgis'"
    )
    row = extension.fetchone()
    return str(row[0]) if row else "public"


def exists(connection: Connection, shape: Shape) -> bool:
    """Return whether the table is there."""
    row = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (f'public."{shape.resource_id}"',)).fetchone()
    return bool(row and row[0])


def create(connection: Connection, shape: Shape, aside: sql.Identifier) -> None:
    """Make the table under the name ``aside``, without its indexes, which are cheaper after the rows."""
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), definition) for name, definition in shape.columns.items()
    )
    connection.execute(sql.SQL("CREATE TABLE {} ({})").format(aside, columns))


def create_index(connection: Connection, index: Index) -> None:
    """Build an index."""
    connection.execute("SET maintenance_work_mem = '256MB'")
    connection.execute(index.create)


def attach(connection: Connection, shape: Shape, aside: sql.Identifier, read_role: str) -> None:
    """Give the table ``aside``, which has rows and indexes by now, its name, trigger, rights and dictionary."""
    for index in shape.indexes(aside):
        if index.constrain is not None:
            connection.execute(index.constrain)
    name = sql.Identifier(shape.resource_id)
    connection.execute(sql.SQL("ALTER TABLE {} RENAME TO {}").format(aside, name))
    connection.execute(sql.SQL("ALTER TABLE cpdi.{} SET SCHEMA public").format(name))
    connection.execute(shape.trigger)
    _grant_and_describe(connection, shape, read_role)


def count(connection: Connection, shape: Shape) -> int:
    """Return how many rows the table has."""
    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(shape.name)).fetchone()
    return int(row[0]) if row else 0


def analyze(connection: Connection, shape: Shape) -> None:
    """Make the planner's statistics of the table anew."""
    connection.execute(sql.SQL("ANALYZE {}").format(shape.name))


def bring_up_to_date(connection: Connection, shape: Shape, read_role: str) -> None:
    """Add to a table that exists what the declaration has and it lacks; each step is a short transaction.

    A column that is declared no more stays, since it is served under its old name for a while. Raises
    DeclarationChanged for a field whose column has another type.
    """
    missing = _missing_columns(connection, shape)
    if missing:
        adding = sql.SQL(", ").join(
            sql.SQL("ADD COLUMN {} {}").format(sql.Identifier(name), shape.columns[name]) for name in missing
        )
        with connection.transaction():
            connection.execute("SELECT set_config('lock_timeout', %s, true)", (_PATIENCE,))
            connection.execute(sql.SQL("ALTER TABLE {} {}").format(shape.name, adding))
    present = {row[0] for row in connection.execute(_INDEXES, (shape.resource_id,))}
    for index in shape.indexes(shape.name):
        if index.name not in present:
            create_index(connection, index)
            if index.constrain is not None:
                connection.execute(index.constrain)
    if not connection.execute(_TRIGGER, (shape.resource_id,)).fetchone():
        connection.execute(shape.trigger)
    _grant_and_describe(connection, shape, read_role)


def _grant_and_describe(connection: Connection, shape: Shape, read_role: str) -> None:
    connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(shape.name, sql.Identifier(read_role)))
    _write_dictionary(connection, shape)


def _write_dictionary(connection: Connection, shape: Shape) -> None:
    """Write title and description of the fields whose declaration is new; what staff have edited since then stays."""
    present = {str(name): str(comment or "") for name, comment in connection.execute(_COMMENTS, (shape.resource_id,))}
    for name, comment in shape.dictionary.items():
        kept = _parsed(present.get(name, ""))
        declared = _parsed(comment)
        if kept.get("cpdi") != declared["cpdi"]:
            text = " " + json.dumps(kept | declared, ensure_ascii=False, separators=(",", ":"))
            query = sql.SQL("COMMENT ON COLUMN {}.{} IS {}").format(shape.name, sql.Identifier(name), sql.Literal(text))
            connection.execute(query)


_COLUMNS = """
    SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped
"""
_COMMENTS = """
    SELECT attname, col_description(attrelid, attnum) FROM pg_attribute
    WHERE attrelid = format('public.%%I', %s::text)::regclass AND attnum > 0 AND NOT attisdropped
"""
_INDEXES = "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename = %s"
_TRIGGER = "SELECT 1 FROM pg_trigger WHERE tgrelid = format('public.%%I', %s::text)::regclass AND tgname = 'zfulltext'"


def _missing_columns(connection: Connection, shape: Shape) -> list[str]:
    present = {str(name): str(kind) for name, kind in connection.execute(_COLUMNS, (shape.resource_id,))}
    for field in shape.table.fields:
        kind = present.get(field.name, TYPES[field.type])
        if kind != TYPES[field.type]:
            raise DeclarationChanged(
                Said(
                    "the field {name} is declared as {kind}, but its column holds {kind2}: give it a new name",
                    name=field.name,
                    kind=field.type,
                    kind2=kind,
                )
            )
    return [name for name in shape.columns if name not in present]


def _parsed(comment: str) -> dict[str, Any]:
    """Return a column's comment as CKAN writes it; nothing for one that CKAN would not read either."""
    try:
        value = json.loads(comment)
    except ValueError:
        return {}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

"""A small table of reference data in the DataStore, replaced as a whole: readers see the old rows or the new ones."""

from __future__ import annotations

import json

import polars as pl
from psycopg import sql

from ckanext.cpdi.store.database.session import Connection

_TYPES: dict[type[pl.DataType], str] = {
    pl.String: "text",
    pl.Int64: "bigint",
    pl.Float64: "double precision",
    pl.Date: "date",
}


def replace(
    connection: Connection, resource_id: str, rows: pl.DataFrame, notes: dict[str, tuple[str, str]], read_role: str
) -> None:
    """Put ``rows`` (strings, whole numbers, numbers, days) into the table ``resource_id``, in one transaction.

    ``notes`` has title and description of each column for CKAN's data dictionary. The table is made where it is missing
    or has other columns.
    """
    name = sql.Identifier("public", resource_id)
    columns = {column: sql.SQL(_TYPES[dtype.base_type()]) for column, dtype in rows.schema.items()}  # pyright: ignore[reportArgumentType]
    with connection.transaction():
        present = [row[0] for row in connection.execute(_COLUMNS, (resource_id,))]
        if present == ["_id", "_full_text", *columns]:
            connection.execute(sql.SQL("DELETE FROM {}").format(name))
        else:
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(name))
            _create(connection, name, columns, notes, read_role)
        listed = sql.SQL(", ").join(map(sql.Identifier, columns))
        copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(name, listed)
        with connection.cursor() as cursor, cursor.copy(copy) as target:
            target.write(rows.write_csv(include_header=False, quote_style="non_numeric"))


def _create(
    connection: Connection,
    name: sql.Identifier,
    columns: dict[str, sql.SQL],
    notes: dict[str, tuple[str, str]],
    read_role: str,
) -> None:
    """Make the table as CKAN's DataStore would: numbered rows, words to search by, a dictionary."""
    definitions = [sql.SQL("{} {}").format(sql.Identifier(column), kind) for column, kind in columns.items()]
    connection.execute(
        sql.SQL("CREATE TABLE {} (_id serial PRIMARY KEY, _full_text tsvector, {})").format(
            name, sql.SQL(", ").join(definitions)
        )
    )
    connection.execute(
        sql.SQL(
            "CREATE TRIGGER zfulltext BEFORE INSERT OR UPDATE ON {} FOR EACH ROW"
            " EXECUTE FUNCTION public.populate_full_text_trigger()"
        ).format(name)
    )
    connection.execute(sql.SQL("CREATE INDEX ON {} USING gin (_full_text)").format(name))
    connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(name, sql.Identifier(read_role)))
    for column, (title, description) in notes.items():
        # CKAN 2.12 tells its own comments by the blank in front.
        comment = " " + json.dumps({"_info": {"label": title, "notes": description}}, ensure_ascii=False)
        target = sql.SQL("{}.{}").format(name, sql.Identifier(column))
        connection.execute(sql.SQL("COMMENT ON COLUMN {} IS {}").format(target, sql.Literal(comment)))


_COLUMNS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = to_regclass(format('public.%%I', %s::text)) AND attnum > 0 AND NOT attisdropped ORDER BY attnum
"""

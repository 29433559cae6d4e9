"""How complete a table is: by month and category, how many rows there are and how many have a value of each field.

In: the published table and its years. Out: counts in the ledger's schema, made anew for the years that changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.declare.counted import GEOCODED, PLACED
from ckanext.cpdi.store.database.session import COUNTING, Connection
from ckanext.cpdi.store.table import catalogue


def refresh(connection: Connection, dataset: str, table: Table, zone: str) -> bool:
    """Count ``dataset`` anew where it changed since it was counted; return whether anything was counted.

    Waits while another process counts the same dataset. ``zone`` is the department's, whose months are counted.
    """
    row = connection.execute("SELECT number FROM cpdi.dataset WHERE name = %s", (dataset,)).fetchone()
    if row is None:
        return False
    number = int(row[0])
    connection.execute("SELECT pg_advisory_lock(%s, %s)", (COUNTING, number))
    try:
        # One snapshot for table, years and version; it must begin after the lock was had.
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        with connection.transaction():
            return _refresh(connection, number, table, zone)
    finally:
        connection.isolation_level = None
        connection.execute("SELECT pg_advisory_unlock(%s, %s)", (COUNTING, number))


def _refresh(connection: Connection, number: int, table: Table, zone: str) -> bool:
    """Count what changed, in the caller's transaction."""
    row = connection.execute(
        "SELECT version, resource_id, counted_version, counted_recipe FROM cpdi.dataset"
        " WHERE number = %s AND to_regclass('public.' || quote_ident(resource_id)) IS NOT NULL",
        (number,),
    ).fetchone()
    if row is None:
        return False
    version, resource_id, *counted = row
    query = _query(table, sql.Identifier("public", resource_id), zone)
    recipe = hashlib.sha256(query.as_string(connection).encode()).hexdigest()[:12]
    if counted == [version, recipe]:
        return False
    years = _pairs(connection, "SELECT year, version FROM cpdi.year WHERE dataset = %s", (number,))
    kept = years & _pairs(
        connection,
        "SELECT DISTINCT year, version FROM cpdi.completeness WHERE dataset = %s AND recipe = %s",
        (number, recipe),
    )
    connection.execute(
        "DELETE FROM cpdi.completeness WHERE dataset = %s AND (year = ANY(%s)) IS NOT TRUE",
        (number, [year for year, _ in kept]),
    )
    stale = dict(years - kept)
    # The planner does not know how few months and categories there are, and would sort all rows: three times as long.
    connection.execute("SET LOCAL enable_sort = off")
    rows = connection.execute(query + _where(table.time_field, stale, ZoneInfo(zone)) + sql.SQL(" GROUP BY 1, 2"))
    _write(connection, number, names(table), rows, stale | {None: version}, recipe)
    catalogue.write(connection, number, {"counted_version": version, "counted_recipe": recipe})
    return True


def names(table: Table) -> list[str]:
    """Return what is counted, in the order of the counts: the declared fields, then what is known of places."""
    return [*(field.name for field in table.fields), *_places(table)]


def _query(table: Table, name: sql.Identifier, zone: str) -> sql.Composed:
    """Return the query for month, category, rows and the counts, without its condition."""
    time = sql.Identifier(table.time_field.name)
    local = sql.SQL("{} AT TIME ZONE {}").format(time, sql.Literal(zone))
    counts = [
        *(sql.SQL("count({})").format(_value(field)) for field in table.fields),
        *(sql.SQL("count(*) FILTER (WHERE {})").format(condition) for condition in _places(table).values()),
    ]
    return sql.SQL("SELECT date_trunc('month', {})::date, {}, count(*), ARRAY[{}] FROM {}").format(
        local if table.time_field.type == "datetime" else time,
        sql.SQL("({})::text").format(_value(table.field(table.category))) if table.category else sql.SQL("NULL::text"),
        sql.SQL(", ").join(counts),
        name,
    )


def _places(table: Table) -> dict[str, sql.Composed]:
    """Return the conditions by which rows with a point (GEOCODED) and with any place (PLACED) are counted, as far as
    the table has fields of them.
    """
    point = [table.field(name) for name in table.point or ()]
    places = [field for field in table.fields if field in point or field.mask == "place"]
    conditions = {GEOCODED: (point, " AND "), PLACED: (places, " OR ")}
    return {name: _all_filled(fields, joint) for name, (fields, joint) in conditions.items() if fields}


def _value(field: Field) -> sql.Composable:
    """Return a field's value, null for an empty text: in most programs a CSV file does not tell the two apart."""
    column = sql.Identifier(field.name)
    return sql.SQL("nullif({}, '')").format(column) if field.type == "string" else column


def _all_filled(fields: Iterable[Field], joint: str) -> sql.Composed:
    filled = [sql.SQL("{} IS NOT NULL").format(_value(field)) for field in fields]
    return sql.SQL(joint).join(filled)  # pyright: ignore[reportArgumentType]  one of two constants


def _where(field: Field, years: Iterable[int], zone: ZoneInfo) -> sql.Composable:
    """Return the condition for rows of ``years``, or without a time; neighbouring years make one range."""
    column = sql.Identifier(field.name)
    ranges: list[list[int]] = []
    for year in sorted(years):
        if ranges and ranges[-1][1] == year:
            ranges[-1][1] = year + 1
        else:
            ranges.append([year, year + 1])
    parts = [sql.SQL("{} IS NULL").format(column)]
    for bounds in ranges:
        begin, end = (
            date(year, 1, 1) if field.type == "date" else datetime(year, 1, 1, tzinfo=zone) for year in bounds
        )
        parts.append(sql.SQL("({0} >= {1} AND {0} < {2})").format(column, sql.Literal(begin), sql.Literal(end)))
    return sql.SQL(" WHERE ") + sql.SQL(" OR ").join(parts)


def _pairs(connection: Connection, query: Any, values: tuple[object, ...]) -> set[tuple[Any, ...]]:  # noqa: ANN401
    return set(connection.execute(query, values).fetchall())


def _write(
    connection: Connection,
    number: int,
    fields: list[str],
    rows: Iterable[tuple[Any, ...]],
    versions: dict[Any, str],
    recipe: str,
) -> None:
    """Write the counts; ``versions`` are those of the years they are of."""
    columns = "dataset, year, month, category, rows, fields, filled, version, recipe"
    with connection.cursor() as cursor, cursor.copy(f"COPY cpdi.completeness ({columns}) FROM STDIN") as copy:
        for month, category, count, filled in rows:
            year = month.year if month else None
            copy.write_row((number, year, month, category, count, fields, filled, versions[year], recipe))

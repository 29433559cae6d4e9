"""Rows of two published tables that tell of one event: how many of one find exactly one of the other, and its minute.

Counts for the records desk, of what anybody can read: a citation shows its hour and its block, and a call that shows
its minute, alone in that hour and block, gives the citation a minute and a call's number.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from ckanext.cpdi.declare import Table
from ckanext.cpdi.declare.tables.table import Meeting
from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.table import build
from ckanext.cpdi.store.table.shape import Shape


@dataclass(frozen=True)
class Met:
    """``rows`` of a table that show hour and place; of these ``one`` find exactly one row of the ``other`` table that
    shows its minute in the same hour and place, and ``likely`` exactly one among those whose outcome says that they
    belong together.
    """

    other: str
    rows: int
    one: int
    likely: int


def met(connection: Connection, shape: Shape, other: Shape, meets: Meeting, zone: str) -> Met | None:
    """Return how the rows of a table meet those of another; None where one of the tables is not there."""
    if not (build.exists(connection, shape) and build.exists(connection, other)):
        return None
    query = sql.SQL(
        "WITH theirs AS (SELECT {place} AS place, date_trunc('hour', {time}, {zone}) AS hour, count(*) AS one,"
        " count(*) FILTER (WHERE {outcome} ~* {words}) AS likely FROM {other}"
        " WHERE {precision} = 'minute' AND {place} IS NOT NULL GROUP BY 1, 2)"
        " SELECT count(*), count(*) FILTER (WHERE one = 1), count(*) FILTER (WHERE likely = 1) FROM {table} AS mine"
        " LEFT JOIN theirs ON theirs.place = mine.{our_place} AND theirs.hour = mine.{our_time}"
        " WHERE mine.{our_precision} = 'hour' AND mine.{our_place} IS NOT NULL"
    ).format(
        place=_field(other.table, "place.label"),
        time=sql.Identifier(other.table.time_field.name),
        precision=_field(other.table, "time.precision"),
        zone=sql.Literal(zone),
        outcome=sql.Identifier(meets.field),
        words=sql.Literal(f"\\m({'|'.join(meets.words)})"),
        other=other.name,
        table=shape.name,
        our_place=_field(shape.table, "place.label"),
        our_time=sql.Identifier(shape.table.time_field.name),
        our_precision=_field(shape.table, "time.precision"),
    )
    with connection.transaction():
        connection.execute("SET TRANSACTION READ ONLY")
        row = connection.execute(query).fetchone()
    return Met(meets.dataset, *row) if row else None


def _field(table: Table, column: str) -> sql.Identifier:
    """Return the field that is made of a standardised column."""
    return sql.Identifier(next(field.name for field in table.fields if field.column == column))

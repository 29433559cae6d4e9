"""The rows of a tile as points, made by PostGIS.

In: a reader, a tile, a condition. Out: a vector tile whose points have the row's id, its category and its time, and
how many rows there are where the tile does not have all.
"""

from __future__ import annotations

from typing import NamedTuple

from psycopg import sql

from ckanext.cpdi.query.tree import Condition, Envelope, all_of
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.selection.tiles import mvt
from ckanext.cpdi.selection.tiles.pyramid import EXTENT, Tile

LAYER = "points"
CAPPED = "capped"
"""The layer of a tile that does not have all of its rows: a square over it, which says ``shown`` and ``total``."""
MOST = 20_000
"""Points of a tile; those with the smallest ids stay."""
BUFFER = 64
"""Units around the tile whose points are in it as well, so that no circle is cut at its edge."""


class Points(NamedTuple):
    """A vector tile with ``shown`` points of ``total`` rows."""

    data: bytes
    shown: int
    total: int


def points(reader: Reader, tile: Tile, condition: Condition) -> Points:
    """Return the points of ``tile`` of the rows that meet ``condition``."""
    writer = reader.writer()
    inside = all_of([Envelope(*tile.box(BUFFER / EXTENT)), condition])
    where = writer.where(inside)
    postgis = sql.Identifier(writer.postgis)
    columns = [column for column in (reader.table.category, reader.table.time_field.name) if column]
    statement = sql.SQL(_TILE).format(
        postgis=postgis,
        table=writer.name,
        where=where,
        columns=sql.SQL(", ").join(_column(reader, column) for column in columns),
        names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        west=sql.Placeholder(), south=sql.Placeholder(), east=sql.Placeholder(), north=sql.Placeholder(),
        extent=sql.Literal(EXTENT), buffer=sql.Literal(BUFFER), layer=sql.Literal(LAYER), most=sql.Literal(MOST),
    )  # fmt: skip
    row = reader.connection.execute(statement, [*tile.metres(), *writer.values], binary=True).fetchone()
    data, shown = (bytes(row[0] or b""), int(row[1])) if row else (b"", 0)
    total = reader.count(inside) if shown == MOST else shown
    if shown < total:
        data += mvt.layer(CAPPED, [(1, 0, 0, {"shown": shown, "total": total})], side=1)
    return Points(data, shown, total)


def _column(reader: Reader, name: str) -> sql.Composable:
    """Return a column as tiles have it: instants in milliseconds since 1970, days as texts."""
    forms = {"datetime": "(date_part('epoch', {0}) * 1000)::bigint AS {0}", "date": "{0}::text AS {0}"}
    form = forms.get(reader.table.field(name).type, "{0}")
    return sql.SQL(form).format(sql.Identifier(name))  # pyright: ignore[reportArgumentType]  one of those above


_TILE = """
    SELECT {postgis}.st_asmvt(tile, {layer}, {extent}, 'geometry', 'feature'), count(*)
    FROM (
        SELECT _id AS feature, _id, {names},
            {postgis}.st_asmvtgeom(
                _geom_3857, {postgis}.st_makeenvelope({west}, {south}, {east}, {north}, 3857), {extent}, {buffer}, false
            ) AS geometry
        FROM (
            SELECT _id, {columns}, _geom_3857 FROM {table}
            WHERE _geom_3857 IS NOT NULL AND {where} ORDER BY _id LIMIT {most}
        ) AS rows
    ) AS tile
"""
"""The tile, and its points; ``_id`` is the feature's id and a number of it as well, for what takes only numbers."""

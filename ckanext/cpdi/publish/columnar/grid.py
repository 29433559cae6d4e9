"""Points as cells of a grid of web mercator."""

from __future__ import annotations

import math

import polars as pl

from ckanext.cpdi.declare import Table
from ckanext.cpdi.publish.rows.columns import axes
from ckanext.cpdi.query.columnar import GRID, GRID_X, GRID_Y

_LIMIT = 85.06
"""Degrees of latitude up to which a row has a place on the map, as the table's own column of web mercator says."""


def cells(table: Table) -> list[pl.Expr]:
    """Return the cell of a row's point, from the west and from the north; nothing for a table without points."""
    if table.point is None:
        return []
    longitude, latitude = axes(table)
    placed = longitude.is_between(-180, 180) & latitude.is_between(-_LIMIT, _LIMIT)
    angle = latitude * (math.pi / 180)
    x = (longitude + 180) / 360
    y = (1 - (angle.tan() + 1 / angle.cos()).log() / math.pi) / 2
    return [
        pl.when(placed).then((share * 2**GRID).floor().clip(0, 2**GRID - 1)).cast(pl.Int32).alias(name)
        for share, name in ((x, GRID_X), (y, GRID_Y))
    ]

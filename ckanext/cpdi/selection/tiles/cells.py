"""The rows of a tile as squares with counts: in total, and by category.

In: a reader, a tile, a condition. Out: a matrix of counts, from the columnar file or else from the database; a tile.
Rows without a place on the map are in no cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from psycopg import sql

from ckanext.cpdi.query.columnar import GRID, GRID_X, GRID_Y
from ckanext.cpdi.query.tree import Condition, Envelope, all_of
from ckanext.cpdi.selection.reader import Reader
from ckanext.cpdi.selection.tiles import mvt
from ckanext.cpdi.selection.tiles.categories import OTHER, Categories, categories
from ckanext.cpdi.selection.tiles.pyramid import SIDE, Tile

if TYPE_CHECKING:
    from ckanext.cpdi.query.writers.frame_answers import FrameAnswers

LAYER = "cells"
ACROSS = 32
"""Cells of a tile's side."""
_STEPS = ACROSS.bit_length() - 1
_MARGIN = 1e-6
"""What a box in degrees is wider than the tile, in shares of its side, since degrees are rounded."""


@dataclass(frozen=True)
class Cells:
    """Counts of the rows in each cell of a tile.

    ``counts`` has a row for each cell, from the north-west row by row, and a column for each of ``categories``, then
    one for the others and one for rows without a category.
    """

    tile: Tile
    categories: Categories
    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """The number of rows in the tile."""
        return int(self.counts.sum())

    def encode(self) -> bytes:
        """Return the vector tile; empty where it has no rows."""
        return mvt.layer(LAYER, self._squares(), ACROSS)

    def _squares(self) -> Iterator[tuple[int, int, int, dict[str, int]]]:
        names = [*self.categories.names, OTHER]
        west, north = self.tile.x * ACROSS, self.tile.y * ACROSS
        filled = np.flatnonzero(self.counts.any(axis=1))
        for place, row in zip(filled.tolist(), self.counts[filled].tolist(), strict=True):
            down, across = divmod(place, ACROSS)
            number = ((north + down) << (self.tile.z + _STEPS)) + west + across
            numbers = {"count": sum(row)} | {name: count for name, count in zip(names, row, strict=False) if count}
            yield number, across, down, numbers


def cells(reader: Reader, tile: Tile, condition: Condition) -> Cells:
    """Return the cells of ``tile`` with the rows that meet ``condition``."""
    known = categories(reader)
    counts = reader.by_columns(lambda columns: _of_file(columns, tile, condition, known))
    return Cells(tile, known, _of_database(reader, tile, condition, known) if counts is None else counts)


def _of_file(columns: FrameAnswers, tile: Tile, condition: Condition, known: Categories) -> NDArray[np.int64]:
    import polars as pl

    x, y = pl.col(GRID_X), pl.col(GRID_Y)
    west, north, width = tile.x * tile.width, tile.y * tile.width, tile.width
    inside = x.is_between(west, west + width - 1) & y.is_between(north, north + width - 1)
    slot = columns.position(known.column, list(known.names.values()))
    rows = columns.select(condition, inside, x, y, slot.alias("slot"))
    shift, slots = GRID - tile.z - _STEPS, _slots(known)
    places = (rows[GRID_Y].to_numpy() - north >> shift << _STEPS) + (rows[GRID_X].to_numpy() - west >> shift)
    counts = np.bincount(places * slots + rows["slot"].to_numpy(), minlength=ACROSS**2 * slots)
    return counts.reshape(ACROSS**2, slots)


def _of_database(reader: Reader, tile: Tile, condition: Condition, known: Categories) -> NDArray[np.int64]:
    writer = reader.writer()
    where = writer.where(all_of([Envelope(*tile.box(_MARGIN)), condition]))
    slot = sql.SQL("{}").format(sql.Literal(len(known.names) + 1))
    if known.column:
        slot = sql.SQL(
            "CASE WHEN {0} IS NULL THEN {1} ELSE coalesce(array_position({2}::text[], {0}) - 1, {3}) END"
        ).format(
            sql.Identifier(known.column), slot, sql.Literal(list(known.names.values())), sql.Literal(len(known.names))
        )
    statement = sql.SQL(_CELLS).format(
        slot=slot, table=writer.name, where=where, postgis=sql.Identifier(writer.postgis), side=sql.Literal(SIDE),
        across=sql.Literal(ACROSS), grid=sql.Literal(2**GRID), width=sql.Literal(tile.width),
        west=sql.Literal(tile.x * tile.width), north=sql.Literal(tile.y * tile.width),
    )  # fmt: skip
    counts = np.zeros((ACROSS**2, _slots(known)), np.int64)
    for place, number, rows in reader.connection.execute(statement, writer.values):
        counts[place, number] = rows
    return counts


def _slots(known: Categories) -> int:
    """Return the columns of a matrix: the categories, the others, and none."""
    return len(known.names) + 2


_SLOT = "CASE WHEN {0} IS NULL THEN {1} ELSE coalesce(array_position({2}::text[], {0}) - 1, {3}) END"
_CELLS = """
    SELECT (y - {north}) * {across} / {width} * {across} + (x - {west}) * {across} / {width}, slot, count(*)
    FROM (
        SELECT {slot} AS slot,
            least(greatest(floor(({postgis}.st_x(_geom_3857) / {side} + 0.5) * {grid}), 0), {grid} - 1)::int AS x,
            least(greatest(floor((0.5 - {postgis}.st_y(_geom_3857) / {side}) * {grid}), 0), {grid} - 1)::int AS y
        FROM {table} WHERE _geom_3857 IS NOT NULL AND {where}
    ) AS points
    WHERE x >= {west} AND x < {west} + {width} AND y >= {north} AND y < {north} + {width}
    GROUP BY 1, 2
"""
"""The rows of each cell and category; divisions of whole numbers leave the rest away."""

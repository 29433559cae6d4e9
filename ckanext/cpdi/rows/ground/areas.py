"""The areas that a department draws: teams, and any other layer. A place lies in one of each."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ckanext.cpdi.rows.ground.cells import CELL_METRES, Cells, Metres, Plane, centres

TEAM = "team"
Codes = npt.NDArray[np.int64]
"""Combinations of areas, one of each layer, as numbers; see :meth:`Areas.names`."""


class Areas:
    """Layers of named polygons. A point outside all polygons of a layer has no name in it."""

    def __init__(self, layers: Mapping[str, Sequence[tuple[str, Any]]]) -> None:
        """Take the polygons of each layer, in degrees, with their names."""
        self._layers = {layer: list(areas) for layer, areas in layers.items() if areas}
        for areas in self._layers.values():
            for _, area in areas:
                shapely.prepare(area)

    def __bool__(self) -> bool:
        """Return whether there is any layer."""
        return bool(self._layers)

    def at(self, plane: Plane, x: Metres, y: Metres) -> Codes:
        """Return the combination of areas that each point of ``plane`` lies in; 0 outside of all, and for NaN."""
        codes = np.zeros(len(x), dtype=np.int64)
        longitude, latitude = plane.degrees(x, y)
        for areas in self._layers.values():
            codes *= len(areas) + 1
            place = np.zeros(len(x), dtype=np.int64)
            for number, (_, area) in enumerate(areas, 1):
                left = np.flatnonzero((place == 0) & ~np.isnan(x))
                place[left[shapely.contains_xy(area, longitude[left], latitude[left])]] = number
            codes += place
        return codes

    def names(self, code: int) -> dict[str, str | None]:
        """Return the name in each layer of a combination."""
        names: dict[str, str | None] = {}
        for layer, areas in reversed(self._layers.items()):
            code, number = divmod(code, len(areas) + 1)
            names[layer] = areas[number - 1][0] if number else None
        return names

    def crossed(self, plane: Plane, cells: Cells) -> npt.NDArray[np.bool_]:
        """Return which cells a border of any area runs through."""
        crossed = np.zeros(len(cells), dtype=bool)
        if not self or not len(cells):
            return crossed
        x, y = centres(cells)
        half = CELL_METRES / 2
        west, south = plane.degrees(x - half, y - half)
        east, north = plane.degrees(x + half, y + half)
        boxes = shapely.box(west, south, east, north)
        borders = [shapely.boundary(area) for areas in self._layers.values() for _, area in areas]
        crossed[np.unique(shapely.STRtree(boxes).query(borders, predicate="intersects")[1])] = True
        return crossed

"""The areas that a department draws: teams, and any other layer. A place lies in one of each."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ckanext.cpdi.rows.ground.cells import CELL_METRES, Cells, Metres, Plane, cells_of, centres, half_steps

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
                # Most points lie in no area's surroundings: its bounds are compared faster than its border.
                west, south, east, north = shapely.bounds(area)
                inside = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
                left = np.flatnonzero((place == 0) & inside)
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
        near = np.flatnonzero(np.isin(cells, self._beside_borders(plane)))
        x, y = centres(cells[near])
        half = CELL_METRES / 2
        west, south = plane.degrees(x - half, y - half)
        east, north = plane.degrees(x + half, y + half)
        boxes = shapely.box(west, south, east, north)
        crossed[near[np.unique(shapely.STRtree(boxes).query(self._borders(), predicate="intersects")[1])]] = True
        return crossed

    def _borders(self) -> list[Any]:
        """Return the borders of all areas, in degrees."""
        return [shapely.boundary(area) for areas in self._layers.values() for _, area in areas]

    def _beside_borders(self, plane: Plane) -> Cells:
        """Return the cells that borders run through, and those beside."""
        borders: Any = np.array(self._borders())
        degrees = shapely.get_coordinates(borders)
        borders = shapely.set_coordinates(borders, np.stack(plane.metres(degrees[:, 0], degrees[:, 1]), axis=1))
        corners = shapely.get_coordinates(shapely.segmentize(borders, CELL_METRES))
        cells = np.unique(cells_of(corners[:, 0], corners[:, 1]))
        around = (0, *half_steps(), *(-step for step in half_steps()))
        return np.unique(np.concatenate([cells + step for step in around]))

"""The pyramid of tiles that web maps share (OGC's WebMercatorQuad): row 0 is in the north, column 0 in the west."""

from __future__ import annotations

import math
from typing import NamedTuple

from ckanext.cpdi.query.columnar import GRID

DEEPEST = 22
"""The last zoom that is answered."""
EXTENT = 4096
"""Units of a tile's side."""
SIDE = 40_075_016.685578488
"""Metres of web mercator around the world."""


class Tile(NamedTuple):
    """A tile; ``z`` is at most :data:`DEEPEST`, ``x`` and ``y`` are below ``2 ** z``."""

    z: int
    x: int
    y: int

    @property
    def is_there(self) -> bool:
        """Whether the pyramid has such a tile."""
        return 0 <= self.z <= DEEPEST and 0 <= self.x < 2**self.z and 0 <= self.y < 2**self.z

    @property
    def width(self) -> int:
        """The tile's side in cells of the grid of columnar files."""
        return 2 ** (GRID - self.z)

    def box(self, margin: float = 0.0) -> tuple[float, float, float, float]:
        """Return west, south, east and north in degrees, with a ``margin`` in shares of the tile's side."""
        west, east = (360 * edge / 2**self.z - 180 for edge in (self.x - margin, self.x + 1 + margin))
        south, north = (_latitude(edge / 2**self.z) for edge in (self.y + 1 + margin, self.y - margin))
        return max(west, -180.0), south, min(east, 180.0), north

    def metres(self) -> tuple[float, float, float, float]:
        """Return west, south, east and north in metres of web mercator."""
        size = SIDE / 2**self.z
        west, north = self.x * size - SIDE / 2, SIDE / 2 - self.y * size
        return west, north - size, west + size, north


def _latitude(share: float) -> float:
    """Return the latitude at a share of the pyramid's side, from the north; the world's end lies at 85.06 degrees."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * min(max(share, 0.0), 1.0)))))

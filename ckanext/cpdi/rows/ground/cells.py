"""The ground of a department: metres on a plane, and square cells that belong to a unit each.

A point is looked up by the cell that it lies in, and a unit's polygon is the union of its cells, so that what is
published of the ground and what rows are masked by are the same.
"""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import shapely

Metres: TypeAlias = npt.NDArray[np.floating[Any]]
Cells: TypeAlias = npt.NDArray[np.int64]
"""Cells as one number each: column and row, counted from the plane's origin."""
Owners: TypeAlias = npt.NDArray[np.int64]
"""What each cell belongs to, as a number."""

MayOwn: TypeAlias = Callable[[Cells, Owners], npt.NDArray[np.bool_]]
"""Says for each cell whether an owner may have it."""

CELL_METRES = 25.0
_METRES_A_DEGREE = 111_320.0
_DECIMALS = 7
"""Corners of cells are rounded to a centimetre."""
_SHIFT = 1 << 24
"""Columns and rows are made positive by it: cells reach 200,000 km each way."""
EAST = 1 << 25
"""From a cell to the next in the east; the one in the north has the next number."""
_STRIP_CELLS = 1 << 16
"""So many cells are spread at a time."""
_SIDES = (EAST, -EAST, 1, -1)
"""From a cell to its neighbours in the east, west, north and south."""


@dataclass(frozen=True)
class Plane:
    """Metres east and north of ``longitude`` and ``latitude``, good to a thousandth within a county."""

    longitude: float
    latitude: float

    def metres(self, longitude: Metres, latitude: Metres) -> tuple[Metres, Metres]:
        """Return degrees as metres; NaN stays."""
        narrow = _METRES_A_DEGREE * np.cos(np.radians(self.latitude))
        return (longitude - self.longitude) * narrow, (latitude - self.latitude) * _METRES_A_DEGREE

    def degrees(self, x: Metres, y: Metres) -> tuple[Metres, Metres]:
        """Return metres as degrees."""
        narrow = _METRES_A_DEGREE * np.cos(np.radians(self.latitude))
        return x / narrow + self.longitude, y / _METRES_A_DEGREE + self.latitude


def degrees(plane: Plane, point: tuple[float, float]) -> tuple[float, float]:
    """Return one point in degrees."""
    longitude, latitude = plane.degrees(np.array([point[0]]), np.array([point[1]]))
    return float(longitude[0]), float(latitude[0])


def cells_of(x: Metres, y: Metres, size: float = CELL_METRES) -> Cells:
    """Return the cell that each point lies in; points must be numbers."""
    column, row = np.floor(x / size).astype(np.int64), np.floor(y / size).astype(np.int64)
    return (column + _SHIFT) * EAST + row + _SHIFT


def half_steps() -> tuple[int, ...]:
    """Return what leads from a cell to the four of the eight around it that have a higher number."""
    return 1, EAST - 1, EAST, EAST + 1


def centres(cells: Cells, size: float = CELL_METRES) -> tuple[Metres, Metres]:
    """Return the middle of each cell."""
    return (cells // EAST - _SHIFT + 0.5) * size, (cells % EAST - _SHIFT + 0.5) * size


def settle(cells: Cells, owners: Owners, weights: npt.NDArray[np.float64]) -> tuple[Cells, Owners]:
    """Return each different cell with the owner that weighs most in it; of equals the first by number."""
    if not len(cells):
        return cells, owners
    order = np.lexsort((owners, cells))
    cells, owners, weights = cells[order], owners[order], weights[order]
    starts = np.flatnonzero(np.r_[True, (cells[1:] != cells[:-1]) | (owners[1:] != owners[:-1])])
    cells, owners, sums = cells[starts], owners[starts], np.add.reduceat(weights, starts)
    starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
    most = np.repeat(np.maximum.reduceat(sums, starts), np.diff(np.r_[starts, len(cells)]))
    heaviest = np.flatnonzero(sums == most)
    first = heaviest[np.r_[True, cells[heaviest[1:]] != cells[heaviest[:-1]]]]
    return cells[first], owners[first]


def spread(cells: Cells, owners: Owners, rings: int, may_own: MayOwn) -> tuple[Cells, Owners]:
    """Let every owner take the free cells around its own, ring by ring; return sorted cells and their owners.

    ``cells`` are sorted and different. ``may_own`` says for cells and owners whether one may have the other.
    """
    strips = list(_strips(cells, owners, rings, may_own))
    return np.concatenate([part for part, _ in strips]), np.concatenate([part for _, part in strips])


def touching(cells: Cells, owners: Owners, rings: int, may_own: MayOwn) -> npt.NDArray[np.int64]:
    """Return the different pairs of owners whose cells touch once they are :func:`spread`, two columns."""
    pairs = [_neighbours(*strip) for strip in _strips(cells, owners, rings, may_own, overlap=1)]
    return np.unique(np.concatenate(pairs), axis=0)


def _strips(
    cells: Cells, owners: Owners, rings: int, may_own: MayOwn, overlap: int = 0
) -> Iterator[tuple[Cells, Owners]]:
    """Yield the cells that are spread, with their owners, in strips from west to east that fit the processor's cache.

    Each has ``overlap`` columns of the next. Who has a cell depends on what lies within ``rings`` of it: a strip that
    is spread with so much beside it comes out as it does in the whole.
    """
    cuts = np.unique(cells[_STRIP_CELLS::_STRIP_CELLS] // EAST)
    for west, east in pairwise([0, *cuts.tolist(), 2 * _SHIFT]):
        first, last = np.searchsorted(cells, [(west - rings) * EAST, (east + overlap + rings) * EAST])
        strip, strip_owners = _ringed(cells[first:last], owners[first:last], rings, may_own)
        first, last = np.searchsorted(strip, [west * EAST, (east + overlap) * EAST])
        yield strip[first:last], strip_owners[first:last]


def _ringed(cells: Cells, owners: Owners, rings: int, may_own: MayOwn) -> tuple[Cells, Owners]:
    """Return the cells of a strip with ``rings`` around them."""
    edge, edge_owners = cells, owners
    for _ in range(rings):
        near = np.concatenate([edge + side for side in _SIDES])
        near_owners = np.tile(edge_owners, len(_SIDES))
        free = owner_at(cells, owners, near) < 0
        near, near_owners = near[free], near_owners[free]
        allowed = may_own(near, near_owners)
        edge, edge_owners = settle(near[allowed], near_owners[allowed], np.ones(int(allowed.sum())))
        if not len(edge):
            break
        at = np.searchsorted(cells, edge)
        cells, owners = np.insert(cells, at, edge), np.insert(owners, at, edge_owners)
    return cells, owners


def _neighbours(cells: Cells, owners: Owners) -> npt.NDArray[np.int64]:
    """Return the different pairs of owners whose cells touch, two columns; ``cells`` are sorted."""
    pairs: list[npt.NDArray[np.int64]] = []
    for side in (EAST, 1):
        beside = owner_at(cells, owners, cells + side)
        touch = (beside >= 0) & (beside != owners)
        pairs.append(np.sort(np.stack([owners[touch], beside[touch]], axis=1), axis=1))
    return np.unique(np.concatenate(pairs), axis=0)


def outlines(cells: Cells, owners: Owners, count: int, plane: Plane) -> list[bytes | None]:
    """Return the polygon of each of ``count`` owners as WKB in degrees; None for one without a cell."""
    column, row = cells // EAST - _SHIFT, cells % EAST - _SHIFT
    # Corners are made of the same numbers for both cells that share one, as a coverage wants it.
    west, south = plane.degrees(column * CELL_METRES, row * CELL_METRES)
    east, north = plane.degrees((column + 1) * CELL_METRES, (row + 1) * CELL_METRES)
    west, south, east, north = (np.round(side, _DECIMALS) for side in (west, south, east, north))
    boxes = shapely.box(west, south, east, north)
    order = np.argsort(owners, kind="stable")
    starts = np.searchsorted(owners[order], np.arange(count + 1))
    polygons: list[bytes | None] = []
    for first, last in pairwise(starts.tolist()):
        # Where cells close a ring at one corner, GEOS returns a ring that touches itself, which is no valid polygon.
        outline = shapely.make_valid(shapely.coverage_union_all(boxes[order[first:last]])) if last > first else None
        polygons.append(shapely.to_wkb(outline) if outline is not None else None)
    return polygons


def owner_at(cells: Cells, owners: Owners, wanted: Cells) -> Owners:
    """Return who owns each of the cells ``wanted``, -1 for nobody; ``cells`` are sorted."""
    if not len(cells):
        return np.full(len(wanted), -1, dtype=np.int64)
    at = np.minimum(np.searchsorted(cells, wanted), len(cells) - 1)
    return np.where(cells[at] == wanted, owners[at], -1)

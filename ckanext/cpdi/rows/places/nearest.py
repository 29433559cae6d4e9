"""What lies near while units are joined: the nearest unit, and atoms that would make one together.

In: bounds in metres (west, south, east, north), and the number of the area that each is in. Middles of units are kept
by squares of the ground.
"""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from ckanext.cpdi.rows.ground.cells import EAST, cells_of


class Middles:
    """The middle of each unit. It lies in a square as wide as a unit should be at most."""

    def __init__(self, bounds: npt.NDArray[np.float64], areas: npt.NDArray[np.int64], size: float) -> None:
        """Take the ``bounds`` and ``areas`` of all units, and the ``size`` of squares in metres."""
        self._x, self._y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
        self._areas, self._size = areas, size
        squares = cells_of(self._x, self._y, size)
        # Most units never move: they are closest by bisection. Those that have taken others are kept by square.
        self._order = np.argsort(squares, kind="stable")
        self._squares = squares[self._order]
        self._unmoved = np.ones(len(areas), dtype=bool)
        self._moved: dict[int, set[int]] = defaultdict(set)

    def join(self, number: int, other: int, bounds: tuple[float, float, float, float]) -> None:
        """Note that ``number`` has taken ``other``, which is a unit no more, and has these bounds now."""
        self.remove(number)
        self.remove(other)
        west, south, east, north = bounds
        self._x[number], self._y[number] = (west + east) / 2, (south + north) / 2
        self._moved[self._square(number)].add(number)

    def remove(self, number: int) -> None:
        """Note that ``number`` is a unit no more."""
        if not self._unmoved[number]:
            self._moved[self._square(number)].discard(number)
        self._unmoved[number] = False

    def nearest(self, number: int, reach: int) -> int | None:
        """Return the nearest unit of the same area, of equals the lowest; None where none is within ``reach`` squares.

        Nearly always one is in the next squares: farther ones are looked at where none is.
        """
        for squares in (1, reach):
            units = self._around(self._square(number), squares)
            units = units[(self._areas[units] == self._areas[number]) & (units != number)]
            if not len(units):
                continue
            away = np.hypot(self._x[units] - self._x[number], self._y[units] - self._y[number])
            best = int(np.argmin(away))
            if away[best] <= squares * self._size:
                return int(units[best])
        return None

    def _square(self, number: int) -> int:
        return int(cells_of(self._x[number], self._y[number], self._size))

    def _around(self, square: int, reach: int) -> npt.NDArray[np.int64]:
        """Return the sorted units whose middles lie in the squares up to ``reach`` from one."""
        unmoved: list[npt.NDArray[np.int64]] = []
        moved: list[int] = []
        # A square's number grows by EAST to the east and by 1 to the north, so that a column is a stretch of numbers.
        for column in range(square - reach * EAST, square + reach * EAST + 1, EAST):
            first, last = np.searchsorted(self._squares, [column - reach, column + reach + 1])
            unmoved.append(self._order[first:last])
            for near in range(column - reach, column + reach + 1):
                moved += self._moved.get(near, ())
        initial = np.concatenate(unmoved)
        return np.sort(np.r_[initial[self._unmoved[initial]], np.array(moved, dtype=np.int64)])


def closest_sets(
    bounds: npt.NDArray[np.float64],
    areas: npt.NDArray[np.int64],
    addresses: npt.NDArray[np.int64],
    named: npt.NDArray[np.bool_],
    fewest: int,
    widest: float,
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield sets of atoms of one area, each of two or more, no atom in two of them, the narrowest set first.

    A set has ``fewest`` addresses at least, is at most ``widest`` metres wide, and one of its atoms is ``named``. It is
    an atom with the nearest around it.
    """
    taken = np.zeros(len(areas), dtype=bool)
    near = _near(bounds, areas, named, widest)
    queue = [(0.0, atom) for atom in near]
    while queue:
        expected, atom = heapq.heappop(queue)
        others = near[atom][~taken[near[atom]]]
        closest = None if taken[atom] else _set_around(atom, others, bounds, addresses, fewest)
        if closest is None or closest[0] > widest:
            continue
        width, members = closest
        if width > expected:  # others were taken since it was measured: it waits for its turn among the wider ones
            heapq.heappush(queue, (width, atom))
            continue
        taken[members] = True
        yield members


def _set_around(
    atom: int,
    others: npt.NDArray[np.int64],
    bounds: npt.NDArray[np.float64],
    addresses: npt.NDArray[np.int64],
    fewest: int,
) -> tuple[float, npt.NDArray[np.int64]] | None:
    """Return the set of ``atom`` and the nearest of ``others`` that has ``fewest`` addresses, behind its width; None
    where all of them have fewer.
    """
    # The corners of the box around the atom and each of the others: the smallest box is that of the nearest one.
    west_south = np.minimum(bounds[others, :2], bounds[atom, :2])
    east_north = np.maximum(bounds[others, 2:], bounds[atom, 2:])
    by_distance = np.argsort(np.hypot(*(east_north - west_south).T), kind="stable")
    enough = np.flatnonzero(addresses[atom] + np.cumsum(addresses[others[by_distance]]) >= fewest)
    if not len(enough):
        return None
    chosen = by_distance[: enough[0] + 1]
    width = float(np.hypot(*(east_north[chosen].max(axis=0) - west_south[chosen].min(axis=0))))
    return width, np.r_[atom, others[chosen]]


def _near(
    bounds: npt.NDArray[np.float64], areas: npt.NDArray[np.int64], named: npt.NDArray[np.bool_], reach: float
) -> dict[int, npt.NDArray[np.int64]]:
    """Return by each ``named`` atom the others of its area within ``reach``, by number."""
    spots: Any = shapely.points((bounds[:, :2] + bounds[:, 2:]) / 2)
    mine = np.flatnonzero(named)
    at, other = shapely.STRtree(spots).query(spots[mine], predicate="dwithin", distance=reach)
    atom = mine[at]
    kept = (areas[atom] == areas[other]) & (atom != other)
    pairs = np.stack([atom[kept], other[kept]])
    atom, other = pairs[:, np.lexsort(pairs[::-1])]
    different, first = np.unique(atom, return_index=True)
    return dict(zip(different.tolist(), np.split(other, first[1:]), strict=True)) if len(different) else {}

"""Which unit is the nearest of its area, while units are joined: their middles, by squares of the ground."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.rows.ground.cells import EAST, cells_of


class Middles:
    """The middle of each unit. It lies in a square as wide as a unit should be at most."""

    def __init__(self, bounds: npt.NDArray[np.float64], areas: npt.NDArray[np.int64], size: float) -> None:
        """Take the ``bounds`` and ``areas`` of all units, and the ``size`` of squares in metres."""
        self._x, self._y = (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2
        self._areas, self._size = areas, size
        squares = cells_of(self._x, self._y, size)
        self._order = np.argsort(squares, kind="stable")
        self._squares = squares[self._order]
        self._unmoved = np.ones(len(areas), dtype=bool)
        self._moved: dict[int, set[int]] = defaultdict(set)

    def join(self, number: int, other: int, bounds: tuple[float, float, float, float]) -> None:
        """Note that ``number`` has taken ``other``, which is a unit no more, and has these bounds now."""
        for unit in (number, other):
            if not self._unmoved[unit]:
                self._moved[self._square(unit)].discard(unit)
            self._unmoved[unit] = False
        west, south, east, north = bounds
        self._x[number], self._y[number] = (west + east) / 2, (south + north) / 2
        self._moved[self._square(number)].add(number)

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
        units: list[npt.NDArray[np.int64]] = []
        moved: list[int] = []
        for column in range(square - reach * EAST, square + reach * EAST + 1, EAST):
            first, last = np.searchsorted(self._squares, [column - reach, column + reach + 1])
            units.append(self._order[first:last])
            for near in range(column - reach, column + reach + 1):
                moved += self._moved.get(near, ())
        still = np.concatenate(units)
        return np.sort(np.r_[still[self._unmoved[still]], np.array(moved, dtype=np.int64)])

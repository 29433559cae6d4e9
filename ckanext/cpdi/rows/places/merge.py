"""Joining atoms to units: neighbours on the ground, in one area, until each unit has enough addresses.

The smallest goes first, to the neighbour with which it stays narrowest; one on its own street counts as nearer. Ties go
by number, so that the result does not depend on the order of the rows.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from math import hypot

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.rows.places.atoms import Atoms, by_street

_FAR = 5.0
"""So many times wider than declared a unit may be where addresses are few; what is farther away is no neighbour."""
_OTHER_STREET = 1.5
"""By how much wider a unit may become with a neighbour on its street than with another."""
Bounds = tuple[float, float, float, float]


@dataclass
class _Unit:
    """A unit on its way: its atoms, addresses by street, bounds, and the units that touch it."""

    atoms: list[int]
    area: int
    addresses: int
    bounds: Bounds
    streets: set[str]
    near: set[int]
    hidden: bool
    nameless: bool

    @property
    def width(self) -> float:
        """The diagonal of the bounds, in metres: no two members are farther apart."""
        west, south, east, north = self.bounds
        return hypot(east - west, north - south)


def merge(
    atoms: Atoms, touching: npt.NDArray[np.int64], hidden: set[int], nameless: set[int], fewest: int, widest: float
) -> npt.NDArray[np.int64]:
    """Return of each atom the number of its unit, counted from 0; -1 where its area has too few addresses for one.

    ``touching`` are the pairs of atoms that lie side by side; ``hidden`` atoms get no unit of their own,
    ``nameless`` ones, whose street may not be shown, none without a street that may. A unit has ``fewest`` addresses at
    least. It is wider than ``widest`` metres only where no nearer addresses are in its area,
    and never more than five times as wide.
    """
    return _Merger(atoms, touching, hidden, nameless).run(fewest, widest)


class _Merger:
    """Units by the number of their first atom; ``_position`` has the middle of each, NaN once it is joined."""

    def __init__(self, atoms: Atoms, touching: npt.NDArray[np.int64], hidden: set[int], nameless: set[int]) -> None:
        streets = by_street(atoms.members)
        self._units = {
            number: _Unit(
                atoms=[number],
                area=int(atoms.areas[number]),
                addresses=int(atoms.addresses[number]),
                bounds=tuple(atoms.bounds[number].tolist()),
                streets=set(streets.get(number, ())),
                near=set(),
                hidden=number in hidden,
                nameless=number in nameless,
            )
            for number in range(atoms.count)
        }
        for left, right in touching.tolist():
            if self._units[left].area == self._units[right].area:
                self._units[left].near.add(right)
                self._units[right].near.add(left)
        self._areas = atoms.areas
        self._middle = np.stack(
            [(atoms.bounds[:, 0] + atoms.bounds[:, 2]) / 2, (atoms.bounds[:, 1] + atoms.bounds[:, 3]) / 2], axis=1
        )
        self._count = atoms.count

    def run(self, fewest: int, widest: float) -> npt.NDArray[np.int64]:
        """Join until every unit is whole or the last of its area."""
        queue = [(unit.addresses, number) for number, unit in self._units.items() if not _is_whole(unit, fewest)]
        heapq.heapify(queue)
        lost: set[int] = set()
        while queue:
            addresses, number = heapq.heappop(queue)
            unit = self._units.get(number)
            if unit is None or unit.addresses != addresses or _is_whole(unit, fewest):
                continue
            partner = self._partner(number, widest)
            if partner is None:
                lost.add(number)
                continue
            kept = self._join(number, partner)
            if not _is_whole(self._units[kept], fewest):
                heapq.heappush(queue, (self._units[kept].addresses, kept))
        return self._numbered(lost)

    def _partner(self, number: int, widest: float) -> int | None:
        """Return the unit to join: the best that touches, else, or where that becomes too wide, the nearest."""
        unit = self._units[number]
        best = min(((self._cost(unit, other), other) for other in unit.near), default=None)
        if best is not None and _joined(unit.bounds, self._units[best[1]].bounds)[1] <= widest:
            return best[1]
        nearest = self._nearest(number)
        options = {other for other in (best[1] if best else None, nearest) if other is not None}
        wide = min(((_joined(unit.bounds, self._units[other].bounds)[1], other) for other in options), default=None)
        return wide[1] if wide is not None and wide[0] <= _FAR * widest else None

    def _cost(self, unit: _Unit, other: int) -> float:
        """Return how wide the two would be together, more where they share no street."""
        candidate = self._units[other]
        width = _joined(unit.bounds, candidate.bounds)[1]
        return width if unit.streets & candidate.streets else width * _OTHER_STREET

    def _nearest(self, number: int) -> int | None:
        """Return the nearest unit of the same area, whether it touches or not."""
        away = np.hypot(*(self._middle - self._middle[number]).T)
        away[(self._areas != self._units[number].area) | np.isnan(away)] = np.inf
        away[number] = np.inf
        best = int(np.argmin(away))
        return best if np.isfinite(away[best]) else None

    def _join(self, number: int, partner: int) -> int:
        """Join two units; return the number of what they are, the lower one."""
        number, partner = min(number, partner), max(number, partner)
        unit, other = self._units[number], self._units.pop(partner)
        unit.atoms += other.atoms
        unit.addresses += other.addresses
        unit.bounds = _joined(unit.bounds, other.bounds)[0]
        unit.streets |= other.streets
        unit.hidden = False
        unit.nameless &= other.nameless
        unit.near = (unit.near | other.near) - {number, partner}
        for near in other.near - {number}:
            self._units[near].near.discard(partner)
            self._units[near].near.add(number)
        west, south, east, north = unit.bounds
        self._middle[number] = (west + east) / 2, (south + north) / 2
        self._middle[partner] = np.nan
        return number

    def _numbered(self, lost: set[int]) -> npt.NDArray[np.int64]:
        """Return of each atom the number of its unit."""
        numbers = np.full(self._count, -1, dtype=np.int64)
        for place, number in enumerate(sorted(self._units.keys() - lost)):
            numbers[self._units[number].atoms] = place
        return numbers


def _is_whole(unit: _Unit, fewest: int) -> bool:
    """Return whether a unit may be one: enough addresses, a street that may be shown, and nothing to hide."""
    return unit.addresses >= fewest and not unit.hidden and not unit.nameless


def _joined(bounds: Bounds, other: Bounds) -> tuple[Bounds, float]:
    """Return the bounds of two together, and how wide that is."""
    west, south = min(bounds[0], other[0]), min(bounds[1], other[1])
    east, north = max(bounds[2], other[2]), max(bounds[3], other[3])
    return (west, south, east, north), hypot(east - west, north - south)

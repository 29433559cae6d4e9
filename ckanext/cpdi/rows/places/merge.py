"""Joining atoms to units: neighbours on the ground, in one area, until each unit has enough addresses.

The smallest goes first, to the neighbour with which it stays narrowest; one on its own street counts as nearer. Ties go
by number, so that the result does not depend on the order of the rows. Where addresses are few this can end in long
strings of them, each a few short of a unit and too far from the next. Such strings are cut into their atoms again, and
those that lie most closely together go first.
"""

from __future__ import annotations

import heapq
from math import hypot

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.places.atoms import Atoms
from ckanext.cpdi.rows.places.nearest import Middles, closest_sets

_FAR = 5
"""So many times wider than declared a unit may be where addresses are few; what is farther away is no neighbour."""
_OTHER_STREET = 1.5
"""By how much wider a unit may become with a neighbour on its street than with another."""
_NO_STREET = -1
Bounds = tuple[float, float, float, float]


def merge(
    atoms: Atoms,
    touching: npt.NDArray[np.int64],
    hidden: npt.NDArray[np.bool_],
    nameless: npt.NDArray[np.bool_],
    fewest: int,
    widest: float,
) -> npt.NDArray[np.int64]:
    """Return of each atom the number of its unit, counted from 0; -1 where its area has too few addresses for one.

    ``touching`` are the pairs of atoms that lie side by side; ``hidden`` says which atoms get no unit of their own,
    ``nameless`` of which the street may not be shown, so that they get none without one that may. A unit has ``fewest``
    addresses at least. It is wider than ``widest`` metres only where no nearer addresses are in its area, and never
    more than five times as wide.
    """
    return _Merger(atoms, touching, hidden, nameless, widest).run(fewest)


class _Merger:
    """Units by the number of their first atom. What is known of each stands in arrays, at that number.

    Most atoms of a large network are whole units from the start. Only of those that are joined a list is kept
    (``_atoms``); all else follows from the atoms. Arrays are read through memoryviews, which give numbers of Python.
    """

    def __init__(
        self,
        atoms: Atoms,
        touching: npt.NDArray[np.int64],
        hidden: npt.NDArray[np.bool_],
        nameless: npt.NDArray[np.bool_],
        widest: float,
    ) -> None:
        self._widest = widest
        self._addresses: list[int] = atoms.table["addresses"].to_list()
        self._hidden, self._nameless = bytearray(hidden), bytearray(nameless)
        bounds = atoms.table.select("west", "south", "east", "north").to_numpy()
        self._areas = atoms.areas
        self._given = atoms.table["addresses"], bounds, hidden, nameless
        self._loose: set[int] = set()
        self._sides = tuple(side.copy().data.cast("B").cast("d") for side in bounds.T)
        self._streets = atoms.table["street"].rank("dense").cast(pl.Int64).fill_null(_NO_STREET).to_numpy().data
        self._atoms: dict[int, list[int]] = {}
        self._unit_of = np.arange(atoms.count)
        self._owner = self._unit_of.data
        pairs = touching[atoms.areas[touching[:, 0]] == atoms.areas[touching[:, 1]]]
        pairs = np.concatenate([pairs, pairs[:, ::-1]])
        pairs = pairs[np.argsort(pairs[:, 0], kind="stable")]
        self._near = pairs[:, 1].copy().data
        self._first_near = np.searchsorted(pairs[:, 0], np.arange(atoms.count + 1)).data
        self._middles = Middles(bounds, atoms.areas, widest)

    def run(self, fewest: int) -> npt.NDArray[np.int64]:
        """Join until every unit is whole or nothing is near that would make it so."""
        self._join_smallest(fewest)
        stuck = (self._unit_of == np.arange(len(self._unit_of))) & ~self._whole(fewest)
        self._loosen(np.flatnonzero(stuck))
        self._gather(fewest)
        is_unit = self._whole(fewest)
        return np.where(is_unit, np.cumsum(is_unit) - 1, -1)[self._unit_of]

    def _join_smallest(self, fewest: int) -> None:
        """Join the smallest to the best of its neighbours, and so on."""
        queue = [
            (addresses, number)
            for number, addresses in enumerate(self._addresses)
            if not self._is_whole(number, fewest)
        ]
        heapq.heapify(queue)
        while queue:
            addresses, number = heapq.heappop(queue)
            is_current = self._owner[number] == number and self._addresses[number] == addresses
            if not is_current or self._is_whole(number, fewest):
                continue
            partner = self._partner(number)
            if partner is None:
                continue
            kept = self._join(number, partner)
            if not self._is_whole(kept, fewest):
                heapq.heappush(queue, (self._addresses[kept], kept))

    def _loosen(self, units: npt.NDArray[np.int64]) -> None:
        """Cut ``units`` into their atoms, which are no neighbours until something has taken them."""
        addresses, bounds, hidden, nameless = self._given
        for unit in units.tolist():
            self._middles.remove(unit)
            for atom in self._atoms.pop(unit, [unit]):
                self._owner[atom] = atom
                self._addresses[atom] = addresses[atom]
                self._hidden[atom], self._nameless[atom] = int(hidden[atom]), int(nameless[atom])
                for side, metres in zip(self._sides, bounds[atom].tolist(), strict=True):
                    side[atom] = metres
                self._loose.add(atom)

    def _gather(self, fewest: int) -> None:
        """Join loose atoms to new units, those that lie most closely together first; then others to what is near."""
        addresses, bounds, _, nameless = self._given
        loose = np.array(sorted(self._loose), dtype=np.int64)
        sets = closest_sets(
            bounds[loose],
            self._areas[loose],
            addresses.to_numpy()[loose],
            ~nameless[loose],
            fewest,
            _FAR * self._widest,
        )
        for places in sets:
            kept, *others = sorted(loose[places].tolist())
            self._loose.difference_update(loose[places].tolist())
            for other in others:
                kept = self._join(kept, other)
        for atom in sorted(self._loose):
            partner = self._partner(atom)
            if partner is not None:
                self._loose.discard(atom)
                self._join(atom, partner)

    def _is_whole(self, number: int, fewest: int) -> bool:
        """Return whether a unit may be one: enough addresses, a street that may be shown, and nothing to hide."""
        return self._addresses[number] >= fewest and not self._hidden[number] and not self._nameless[number]

    def _whole(self, fewest: int) -> npt.NDArray[np.bool_]:
        """Return of each number whether it is that of a whole unit."""
        barred = np.frombuffer(self._hidden, dtype=np.bool_) | np.frombuffer(self._nameless, dtype=np.bool_)
        return (self._unit_of == np.arange(len(self._unit_of))) & (np.array(self._addresses) >= fewest) & ~barred

    def _atoms_of(self, number: int) -> list[int]:
        return self._atoms.get(number) or [number]

    def _touching(self, number: int) -> set[int]:
        """Return the units that touch one."""
        near = {
            self._owner[other]
            for atom in self._atoms_of(number)
            for other in self._near[self._first_near[atom] : self._first_near[atom + 1]]
        }
        near.discard(number)
        return near - self._loose

    def _partner(self, number: int) -> int | None:
        """Return the unit to join: the best that touches, else, or where that becomes too wide, the nearest."""
        streets = {self._streets[atom] for atom in self._atoms_of(number)}
        streets.discard(_NO_STREET)
        best = min(((self._cost(number, other, streets), other) for other in self._touching(number)), default=None)
        if best is not None and self._width(number, best[1]) <= self._widest:
            return best[1]
        nearest = self._middles.nearest(number, _FAR)
        options = {other for other in (best[1] if best else None, nearest) if other is not None}
        wide = min(((self._width(number, other), other) for other in options), default=None)
        return wide[1] if wide is not None and wide[0] <= _FAR * self._widest else None

    def _cost(self, number: int, other: int, streets: set[int]) -> float:
        """Return how wide the two would be together, more where ``other`` is on none of the ``streets``."""
        width = self._width(number, other)
        same = any(self._streets[atom] in streets for atom in self._atoms_of(other))
        return width if same else width * _OTHER_STREET

    def _bounds(self, number: int, other: int) -> Bounds:
        """Return the bounds of two together."""
        west, south, east, north = self._sides
        return (
            min(west[number], west[other]),
            min(south[number], south[other]),
            max(east[number], east[other]),
            max(north[number], north[other]),
        )

    def _width(self, number: int, other: int) -> float:
        """Return the diagonal of the bounds of two together, in metres: no two members are farther apart."""
        west, south, east, north = self._bounds(number, other)
        return hypot(east - west, north - south)

    def _join(self, number: int, partner: int) -> int:
        """Join two units; return the number of what they are, the lower one."""
        number, partner = min(number, partner), max(number, partner)
        bounds = self._bounds(number, partner)
        for side, metres in zip(self._sides, bounds, strict=True):
            side[number] = metres
        self._middles.join(number, partner, bounds)
        for atom in self._atoms_of(partner):
            self._owner[atom] = number
        self._atoms[number] = self._atoms_of(number) + (self._atoms.pop(partner, None) or [partner])
        self._addresses[number] += self._addresses[partner]
        self._hidden[number] = False
        self._nameless[number] &= self._nameless[partner]
        return number

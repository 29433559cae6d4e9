"""The ground of units: which atoms make one, and which cells each has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.rows.ground.areas import Areas
from ckanext.cpdi.rows.ground.cells import (
    Cells,
    MayOwn,
    Owners,
    Plane,
    cells_of,
    centres,
    owner_at,
    settle,
    spread,
    touching,
)
from ckanext.cpdi.rows.places.atoms import NO_AREA, Atoms
from ckanext.cpdi.rows.places.merge import merge

REACH_CELLS = 4
"""How far ground reaches beyond the addresses on it, in cells."""


@dataclass(frozen=True)
class Ground:
    """``unit_of``: the unit of each atom, -1 for none; ``cells`` (sorted) and the unit that owns each."""

    unit_of: npt.NDArray[np.int64]
    cells: Cells
    owners: Owners


def settle_ground(
    atoms: Atoms,
    areas: Areas,
    plane: Plane,
    hidden: npt.NDArray[np.bool_],
    nameless: npt.NDArray[np.bool_],
    fewest: int,
    widest: float,
) -> Ground:
    """Return which atoms make a unit, and what ground each unit has.

    ``hidden`` and ``nameless`` are those of :func:`merge`. A unit has at least one cell: where all of its cells rather
    belong to another, it is joined to that.
    """
    everyone = np.arange(atoms.count)
    pairs = touching(*_own_cells(atoms, everyone), REACH_CELLS, _may_own(atoms, everyone, areas, plane))
    unit_of = merge(atoms, pairs, hidden, nameless, fewest, widest)
    while True:
        cells, owners = _own_cells(atoms, unit_of)
        bare = np.setdiff1d(unit_of[unit_of >= 0], owners)
        if not len(bare):
            break
        unit_of = _absorbed(atoms, unit_of, bare, cells, owners)
    return Ground(unit_of, *spread(cells, owners, REACH_CELLS, _may_own(atoms, unit_of, areas, plane)))


def _own_cells(atoms: Atoms, owner_of: npt.NDArray[np.int64]) -> tuple[Cells, Owners]:
    """Return the cells in which members of the owners lie that ``owner_of`` names for each atom, and who has each."""
    owners = owner_of[atoms.members["atom"].to_numpy()]
    kept = owners >= 0
    cells = cells_of(atoms.members["x"].to_numpy(), atoms.members["y"].to_numpy())
    return settle(cells[kept], owners[kept], atoms.members["weight"].to_numpy()[kept].astype(np.float64))


def _may_own(atoms: Atoms, owner_of: npt.NDArray[np.int64], areas: Areas, plane: Plane) -> MayOwn:
    """Return the rule that an owner has cells in its own area alone."""
    area_of = areas_of(atoms, owner_of)

    def may_own(cells: Cells, owners: Owners) -> npt.NDArray[np.bool_]:
        if not areas:
            return np.ones(len(cells), dtype=bool)
        return areas.at(plane, *centres(cells)) == area_of[owners]

    return may_own


def areas_of(atoms: Atoms, owner_of: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the area of each owner that ``owner_of`` names for each atom."""
    area_of = np.full(int(owner_of.max(initial=-1)) + 1, NO_AREA, dtype=np.int64)
    placed = owner_of >= 0
    area_of[owner_of[placed]] = atoms.areas[placed]
    return area_of


def _absorbed(
    atoms: Atoms, unit_of: npt.NDArray[np.int64], bare: npt.NDArray[np.int64], cells: Cells, owners: Owners
) -> npt.NDArray[np.int64]:
    """Return the units of the atoms with those that have no cell of their own given to the owner of theirs.

    Where that one lies in another area there is no such unit: its addresses show their team alone.
    """
    unit_of = unit_of.copy()
    at, x, y = (atoms.members[name].to_numpy() for name in ("atom", "x", "y"))
    for unit in bare.tolist():
        mine = np.flatnonzero(unit_of[at] == unit)
        owner = int(owner_at(cells, owners, cells_of(x[mine[:1]], y[mine[:1]]))[0])
        same = atoms.areas[np.flatnonzero(unit_of == owner)[0]] == atoms.areas[at[mine[0]]]
        unit_of[unit_of == unit] = owner if same else -1
    _, unit_of = np.unique(np.r_[-1, unit_of], return_inverse=True)
    return unit_of[1:] - 1

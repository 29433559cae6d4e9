"""Units that have a piece of ground: made of atoms, with their cells, labels, points and keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.ground.areas import TEAM, Areas
from ckanext.cpdi.rows.ground.cells import (
    Cells,
    MayOwn,
    Owners,
    Plane,
    cell_of,
    cells_of,
    centres,
    settle,
    spread,
    touching,
)
from ckanext.cpdi.rows.places.atoms import NO_AREA, Atoms
from ckanext.cpdi.rows.places.label import Street, candidates, words
from ckanext.cpdi.rows.places.merge import merge
from ckanext.cpdi.rows.places.unit import Draft, Key, Unit, block_key, house_key

_COLUMNS = ("kind", "street", "block", "low", "high", "x", "y", "weight")
REACH_CELLS = 4
"""How far ground reaches beyond the addresses on it, in cells."""


@dataclass(frozen=True)
class Ground:
    """``unit_of``: the unit of each atom, -1 for none; ``cells`` (sorted) and the unit that owns each."""

    unit_of: npt.NDArray[np.int64]
    cells: Cells
    owners: Owners


def settle_ground(
    atoms: Atoms, areas: Areas, plane: Plane, hidden: set[int], nameless: set[int], fewest: int, widest: float
) -> Ground:
    """Return which atoms make a unit, and what ground each unit has.

    ``hidden`` are atoms that get no unit of their own, ``nameless`` such as have no street that may be shown. A unit
    has at least one cell: where all of its cells rather belong to another, it is joined to that.
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


def draft(atoms: Atoms, ground: Ground, areas: Areas, shown: set[str]) -> Draft:
    """Return the units of ``ground`` with their keys; ``shown`` are the streets whose names may be shown."""
    drafted = Draft()
    members = atoms.members.with_columns(unit=pl.Series(ground.unit_of[atoms.members["atom"].to_numpy()]))
    members = members.filter(pl.col("unit") >= 0).sort("unit", maintain_order=True)
    area_of = _areas_of(atoms, ground.unit_of)
    count = len(area_of)
    order = np.argsort(ground.owners, kind="stable")
    starts = np.searchsorted(ground.owners[order], np.arange(count + 1))
    bounds = members.group_by("unit", maintain_order=True).agg(
        pl.col("x", "y").mean(),
        width=((pl.col("x").max() - pl.col("x").min()) ** 2 + (pl.col("y").max() - pl.col("y").min()) ** 2).sqrt(),
    )
    rows = groupby(members.select("unit", *_COLUMNS).iter_rows(), key=itemgetter(0))
    for (unit, group), (_, *middle, width) in zip(rows, bounds.iter_rows(), strict=True):
        streets, others = _streets(group)
        label, precision = words(streets, shown, others=others > 0)
        cells = ground.cells[order[starts[unit] : starts[unit + 1]]]
        drafted.add(
            Unit(
                label=label,
                precision=precision,
                names=_names(areas, atoms, int(area_of[unit])),
                addresses=sum(street.addresses for street in streets.values()) + others,
                point=_point(streets, (middle[0], middle[1]), cells),
                width=width,
                has_ground=True,
            )
        )
    drafted.keys += _keys(members)
    return drafted


def _own_cells(atoms: Atoms, owner_of: npt.NDArray[np.int64]) -> tuple[Cells, Owners]:
    """Return the cells in which members of the owners lie that ``owner_of`` names for each atom, and who has each."""
    owners = owner_of[atoms.members["atom"].to_numpy()]
    kept = owners >= 0
    cells = cells_of(atoms.members["x"].to_numpy(), atoms.members["y"].to_numpy())
    return settle(cells[kept], owners[kept], atoms.members["weight"].to_numpy()[kept].astype(np.float64))


def _may_own(atoms: Atoms, owner_of: npt.NDArray[np.int64], areas: Areas, plane: Plane) -> MayOwn:
    """Return the rule that an owner has cells in its own area alone."""
    area_of = _areas_of(atoms, owner_of)

    def may_own(cells: Cells, owners: Owners) -> npt.NDArray[np.bool_]:
        if not areas:
            return np.ones(len(cells), dtype=bool)
        return areas.at(plane, *centres(cells)) == area_of[owners]

    return may_own


def _areas_of(atoms: Atoms, owner_of: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
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
        owner = int(owners[np.searchsorted(cells, cells_of(x[mine[:1]], y[mine[:1]]))[0]])
        same = atoms.areas[np.flatnonzero(unit_of == owner)[0]] == atoms.areas[at[mine[0]]]
        unit_of[unit_of == unit] = owner if same else -1
    _, unit_of = np.unique(np.r_[-1, unit_of], return_inverse=True)
    return unit_of[1:] - 1


def _streets(rows: Iterable[tuple[Any, ...]]) -> tuple[dict[str, Street], int]:
    """Return what a unit has of each street, and how many addresses of no street."""
    streets: dict[str, Street] = defaultdict(Street)
    others = 0
    for _, kind, street, block, low, high, x, y, weight in rows:
        if street is None:
            others += weight
            continue
        entry = streets[street]
        entry.addresses += weight
        entry.points.append((low or 0, x, y))
        if low != high:  # a stretch of a street network
            entry.middles.append((x, y))
        if kind == "block":
            entry.blocks.add(block)
        else:
            entry.numberless = True
    return streets, others


def _point(streets: dict[str, Street], middle: tuple[float, float], cells: Cells) -> tuple[float, float]:
    """Return the point that stands for a unit: on a street of it, on its ground, and on no house.

    Where no two houses lie side by side it is the middle of the cell of its ground that lies nearest to the middle.
    """
    ground = set(cells.tolist())
    for x, y in candidates(streets, middle):  # nearly always the first: looked up one by one they are cheaper
        if cell_of(x, y) in ground:
            return x, y
    east, north = centres(cells)
    best = int(np.argmin(np.hypot(east - middle[0], north - middle[1])))
    return float(east[best]), float(north[best])


def _names(areas: Areas, atoms: Atoms, area: int) -> dict[str, str | None]:
    """Return the names of a unit's areas."""
    if areas:
        return areas.names(area)
    return {TEAM: atoms.teams[area] if area != NO_AREA else None}


def _keys(members: pl.DataFrame) -> list[Key]:
    """Return the keys of the house numbers: of the block, and of each house where a block is in several units."""
    numbered = members.filter(pl.col("kind") == "block")
    blocks = numbered.group_by("street", "block", "unit").agg(
        pl.col("weight").sum(),
        pl.col("low").min(),
        pl.col("high").max(),
        (pl.col("low") != pl.col("high")).any().alias("range"),
    )
    blocks = blocks.with_columns(
        share=pl.col("weight") / pl.col("weight").sum().over("street", "block"),
        units=pl.len().over("street", "block"),
    ).sort("street", "block", "unit")
    keys = [
        Key(block_key(street, block), unit, share)
        for street, block, unit, share in blocks.select("street", "block", "unit", "share").iter_rows()
    ]
    several = blocks.filter(pl.col("units") > 1).select("street", "block").unique()
    houses = numbered.join(several, on=["street", "block"], how="semi").sort("street", "block", "low", "unit")
    houses = houses.with_columns(homes=pl.len().over("street", "block", "low"))
    for street, block, low, high, parity, unit, homes in houses.select(
        "street", "block", "low", "high", "parity", "unit", "homes"
    ).iter_rows():
        if low == high:
            keys.append(Key(house_key(street, block, low), unit, 1 / homes))
        else:
            keys.append(Key(block_key(street, block), unit, 0.0, low, high, parity))
    return keys

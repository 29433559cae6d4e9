"""The smallest pieces that places are put together from: what lies together of one block or street, in one area.

In: members with points. Out: :class:`Atoms`. Houses of one block that lie far apart are in several, since two streets
may have one name.
"""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from ckanext.cpdi.rows.ground.areas import Areas
from ckanext.cpdi.rows.ground.cells import Cells, Metres, Plane, cells_of, half_steps

APART_METRES = 150.0
"""Members of a block are together where they lie in squares of this size that touch. Streets without numbers, and
points without a street, are cut into such squares."""
AROUND_METRES = 60.0
"""Members so near decide together in which team each lies, where none are drawn."""
NEAR_METRES = 300.0
"""So far a member without a team looks for a neighbour with one."""
NO_AREA = -1
"""The area of an atom of which nobody says a team, where none are drawn."""


@dataclass(frozen=True)
class Atoms:
    """``members``: with columns of MEMBERS, ``x`` and ``y`` in metres, and ``atom``, its number. ``areas``: of each
    atom, the combination of areas, or the place of its team in ``teams`` where none are drawn. ``addresses``: how many
    it has; ``bounds``: west, south, east, north in metres, a row an atom.
    """

    members: pl.DataFrame
    areas: npt.NDArray[np.int64]
    teams: tuple[str, ...]
    addresses: npt.NDArray[np.int64]
    bounds: npt.NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many atoms there are."""
        return len(self.areas)


def atoms(members: pl.DataFrame, areas: Areas, plane: Plane) -> Atoms:
    """Return the atoms of ``members``, all of which have a point and none of which is a crossing."""
    x, y = plane.metres(members["longitude"].to_numpy(), members["latitude"].to_numpy())
    members = members.with_columns(
        x=pl.Series(x),
        y=pl.Series(y),
        square=pl.Series(cells_of(x, y, APART_METRES)),
    )
    codes, teams = (areas.at(plane, x, y), ()) if areas else _reported(members)
    members = members.with_columns(area=pl.Series(codes))
    numbered = pl.col("kind") == "block"
    members = members.with_columns(pl.when(~numbered).then("square").alias("piece"))
    pieces = _pieces(members.filter(numbered))
    members = members.join(pieces, on=["street", "block", "area", "square"], how="left", nulls_equal=True)
    members = members.with_columns(pl.coalesce("piece", "component").alias("piece")).drop("component")
    of_atom = ("kind", "street", "block", "area", "piece")
    numbers = members.select(of_atom).unique().sort(of_atom).with_row_index("atom")
    members = members.join(numbers, on=of_atom, how="left", nulls_equal=True).sort("atom", "low", "x", "y")
    members = members.with_columns(pl.col("atom").cast(pl.Int64))
    table = (
        members.group_by("atom")
        .agg(
            pl.col("area").first(),
            pl.col("weight").sum().alias("addresses"),
            pl.col("x").min().alias("west"),
            pl.col("y").min().alias("south"),
            pl.col("x").max().alias("east"),
            pl.col("y").max().alias("north"),
        )
        .sort("atom")
    )
    return Atoms(
        members=members,
        areas=table["area"].to_numpy(),
        teams=teams,
        addresses=table["addresses"].to_numpy(),
        bounds=table.select("west", "south", "east", "north").to_numpy(),
    )


def _pieces(members: pl.DataFrame) -> pl.DataFrame:
    """Return for each street, block, area and square the ``component`` that it belongs to: squares that touch."""
    squares = members.select("street", "block", "area", "square").unique().sort("street", "block", "area", "square")
    block = pl.struct("street", "block", "area").rle_id()
    return squares.with_columns(
        component=pl.Series(_connected(squares["square"].to_numpy(), squares.select(block).to_series().to_numpy()))
    )


def components(x: Metres, y: Metres) -> list[int]:
    """Return for each point, in metres, a number that those which lie together share."""
    squares, square_of = np.unique(cells_of(x, y, APART_METRES), return_inverse=True)
    return _connected(squares, np.zeros(len(squares), dtype=np.uint32))[square_of].tolist()


def _connected(squares: Cells, groups: npt.NDArray[np.uint32]) -> Cells:
    """Return of each square the first one of those in its group that it is connected with, across sides and corners.

    Squares are sorted within their group, groups follow each other, and none has a square twice.
    """
    different, square_of = np.unique(squares, return_inverse=True)
    spots = groups.astype(np.int64) * len(different) + square_of  # sorted, as squares and groups are
    links: list[npt.NDArray[np.int64]] = []
    for step in half_steps():
        beside = np.searchsorted(different, different + step)
        exists = different[np.minimum(beside, len(different) - 1)] == different + step
        wanted = np.where(exists, beside, -1)[square_of]
        there = np.flatnonzero(wanted >= 0)
        target = groups[there].astype(np.int64) * len(different) + wanted[there]
        at = np.minimum(np.searchsorted(spots, target), len(spots) - 1)
        links.append(np.stack([there, at])[:, spots[at] == target])
    return squares[_first_linked(len(squares), *np.concatenate(links, axis=1))]


def _first_linked(count: int, left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return of each of ``count`` things the first that it is linked with, by any way over the given links."""
    first = np.arange(count)
    while True:
        lowest = np.minimum(first[left], first[right])
        before = first.copy()
        np.minimum.at(first, left, lowest)
        np.minimum.at(first, right, lowest)
        first = first[first]
        if np.array_equal(first, before):
            return first


def _reported(members: pl.DataFrame) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return of each member the place of its team in the list of all teams, and that list; NO_AREA where none is near.

    It is the team that most members around report: a single one among others is an error, and a border between teams is
    where the majority changes. A member with none around that reports one takes that of the nearest.
    """
    teams = tuple(members["team"].drop_nulls().unique().sort().to_list())
    own = members["team"].replace_strict(teams, range(len(teams)), default=NO_AREA, return_dtype=pl.Int64).to_numpy()
    codes = np.full(len(own), NO_AREA, dtype=np.int64)
    if not teams:
        return codes, teams
    spots: Any = shapely.points(members["x"].to_numpy(), members["y"].to_numpy())
    voters = np.flatnonzero(own != NO_AREA)
    tree = shapely.STRtree(spots[voters])
    at, voter = tree.query(spots, predicate="dwithin", distance=AROUND_METRES)
    votes = pl.DataFrame({"member": at, "team": own[voters[voter]]})
    counts = (
        votes.with_columns(own=pl.Series(own[at]) == pl.col("team"))
        .group_by("member", "team")
        .agg(pl.len().alias("votes"), pl.col("own").any())
    )
    winners = (
        counts.sort(["member", "votes", "own", "team"], descending=[False, True, True, False])
        .group_by("member", maintain_order=True)
        .first()
    )
    codes[winners["member"].to_numpy()] = winners["team"].to_numpy()
    bare = np.flatnonzero(codes == NO_AREA)
    near = tree.query_nearest(spots[bare], max_distance=NEAR_METRES, all_matches=False)
    codes[bare[near[0]]] = own[voters[near[1]]]
    return codes, teams


def by_street(members: pl.DataFrame) -> dict[int, dict[str, int]]:
    """Return of each atom the addresses by street."""
    streets: dict[int, dict[str, int]] = defaultdict(dict)
    counted = members.drop_nulls("street").group_by("atom", "street").agg(pl.col("weight").sum()).sort("atom", "street")
    for atom, street, weight in counted.iter_rows():
        streets[atom][street] = weight
    return streets

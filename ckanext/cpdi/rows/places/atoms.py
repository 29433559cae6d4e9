"""The smallest pieces that places are put together from: what lies together of one block or street, in one area.

In: members with points. Out: :class:`Atoms`. Houses of one block that lie far apart are in several, since two streets
may have one name.
"""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

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
_AT_ONCE = 1 << 19
"""So many members are compared at a time: the keys of a comparison take more memory than the members."""
NO_AREA = -1
"""The area of an atom of which nobody says a team, where none are drawn."""


@dataclass(frozen=True)
class Atoms:
    """``table``: a row an atom, which is its number, with its kind, street and block as in MEMBERS; ``area``, the
    combination of areas, or the place of its team in ``teams`` where none are drawn; how many ``addresses`` it has; and
    its bounds in metres, ``west``, ``south``, ``east`` and ``north``. ``members``: low, high, parity and weight of
    MEMBERS, ``x`` and ``y`` in metres, and the ``atom``.
    """

    table: pl.DataFrame
    members: pl.DataFrame
    teams: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many atoms there are."""
        return self.table.height

    @property
    def areas(self) -> npt.NDArray[np.int64]:
        """The area of each atom."""
        return self.table["area"].to_numpy()


def atoms(members: pl.DataFrame, areas: Areas, plane: Plane) -> Atoms:
    """Return the atoms of ``members``, all of which have a point and none of which is a crossing."""
    x, y = plane.metres(members["longitude"].to_numpy(), members["latitude"].to_numpy())
    codes, teams = (areas.at(plane, x, y), ()) if areas else _reported(members["team"], x, y)
    keys = members.select(
        "kind",
        "street",
        "block",
        area=pl.Series(codes),
        square=pl.Series(cells_of(x, y, APART_METRES)),
    )
    parts = list(keys.iter_slices(_AT_ONCE))
    squares = _numbered(pl.concat([keys.clear(), *(part.unique() for part in parts)]).unique())
    matches = (part.join(squares, keys.columns, "left", nulls_equal=True, maintain_order="left") for part in parts)
    number = pl.concat([squares["atom"].clear(), *(match["atom"] for match in matches)])
    del keys, parts
    members = members.select(number, "low", "high", "parity", "weight", x=pl.Series(x), y=pl.Series(y))
    sums = members.group_by("atom").agg(
        addresses=pl.col("weight").sum(),
        west=pl.col("x").min(),
        south=pl.col("y").min(),
        east=pl.col("x").max(),
        north=pl.col("y").max(),
    )
    table = squares.unique("atom").join(sums, on="atom").sort("atom")
    return Atoms(table.drop("atom", "square").cast({"street": pl.String}), members, teams)


def _numbered(squares: pl.DataFrame) -> pl.DataFrame:
    """Return squares of the ground, each with the kind, street, block and area of members in it, with their ``atom``:
    those of a block that touch are one.
    """
    squares = squares.sort("kind", "street", "block", "area", "square")
    is_block = (squares["kind"] == "block").to_numpy()
    group = squares.select(pl.struct("kind", "street", "block", "area").rle_id()).to_series().to_numpy()
    piece = squares["square"].to_numpy().copy()
    piece[is_block] = _connected(piece[is_block], group[is_block])
    atom = pl.struct(group=pl.Series(group), piece=pl.Series(piece)).rank("dense").cast(pl.Int64) - 1
    return squares.with_columns(atom=atom)


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


def _reported(team: pl.Series, x: Metres, y: Metres) -> tuple[npt.NDArray[np.int64], tuple[str, ...]]:
    """Return of each member the place of its team in the list of all teams, and that list; NO_AREA where none is near.

    It is the team that most members around report: a single one among others is an error, and a border between teams is
    where the majority changes. A member with none around that reports one takes that of the nearest.
    """
    teams = tuple(team.drop_nulls().unique().sort().to_list())
    own = team.replace_strict(teams, range(len(teams)), default=NO_AREA, return_dtype=pl.Int64).to_numpy()
    codes = np.full(len(own), NO_AREA, dtype=np.int64)
    if not teams:
        return codes, teams
    spots: Any = shapely.points(x, y)
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

"""Units that are known by name: crossings, stretches of a street whose houses have no point, and whole streets.

A crossing is public ground: nobody lives on it. A street without a number is coarse already; its unit finds rows that
say no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
import polars as pl

from ckanext.cpdi.rows.ground.areas import TEAM, Areas
from ckanext.cpdi.rows.ground.cells import Plane
from ckanext.cpdi.rows.places.atoms import components
from ckanext.cpdi.rows.places.label import crossing, stretch
from ckanext.cpdi.rows.places.unit import Draft, Key, Unit, block_key, crossing_key, team_and_areas

_NEXT_BLOCKS = 2
"""So many blocks further on a street lies the next that a house without a point may be with."""


@dataclass(frozen=True)
class Rules:
    """``shown``: streets whose names may be shown; ``hidden``: keys of addresses that get no unit of their own;
    ``fewest``: addresses of a unit; ``block_size``: house numbers of a block.
    """

    shown: set[str]
    hidden: set[str]
    fewest: int
    block_size: int


def with_crossings(draft: Draft, members: pl.DataFrame, rules: Rules, areas: Areas, plane: Plane) -> Draft:
    """Return the draft with a unit for each crossing of two streets that may be shown; with several where two pairs of
    streets have these names.
    """
    units: list[Unit] = []
    keys: list[Key] = []
    rows = members.filter(pl.col("kind") == "intersection").sort("street", "cross")
    for (street, cross), part in rows.group_by("street", "cross", maintain_order=True):
        text = crossing_key(str(street), str(cross))
        if text in rules.hidden or not {street, cross} <= rules.shown:
            continue
        placed = part.drop_nulls(["longitude", "latitude"])
        x, y = plane.metres(placed["longitude"].to_numpy(), placed["latitude"].to_numpy())
        spots = components(x, y)
        names = sorted(set(spots)) or [None]
        for spot in names:
            here = np.array([other == spot for other in spots], dtype=bool)
            point = (float(np.median(x[here])), float(np.median(y[here]))) if spot is not None else None
            teams = placed.filter(pl.Series(here, dtype=pl.Boolean))["team"] if spot is not None else part["team"]
            team_and_others = team_and_areas(_areas_of(point, teams, areas, plane))
            label = crossing(str(street), str(cross))
            keys.append(Key(text, draft.units.height + len(units), 1 / len(names)))
            units.append(Unit(label, "intersection", *team_and_others, 0, *(point or (None, None)), width=0.0))
    return draft.plus(units, keys)


def with_stretches(draft: Draft, members: pl.DataFrame, rules: Rules) -> Draft:
    """Return the draft with what houses without a point are in: the unit of the next houses on their street, else a
    stretch of it.

    Stretches are made of blocks that follow each other, in one team, with enough addresses.
    """
    units: list[Unit] = []
    keys: list[Key] = []
    rows = members.filter((pl.col("kind") == "block") & pl.col("longitude").is_null()).sort("street", "block", "low")
    with_ground = _blocks_with_ground(draft, rows["street"])
    for (name,), part in rows.group_by("street", maintain_order=True):
        street = str(name)
        blocks: dict[int, pl.DataFrame] = {
            int(block[0]): houses  # pyright: ignore[reportArgumentType]
            for block, houses in part.group_by("block", maintain_order=True)
        }
        left: list[int] = []
        for block in sorted(blocks):
            unit = _next_unit(with_ground.get(street, {}), block, rules.block_size)
            if unit is None:
                left.append(block)
            elif block not in with_ground[street]:
                keys.append(Key(block_key(street, block), unit))
        if street in rules.shown:
            for run in _runs({block: blocks[block] for block in left}, rules):
                label, precision = stretch(street, run.blocks[0], run.blocks[-1])
                keys += [Key(block_key(street, block), draft.units.height + len(units)) for block in run.blocks]
                units.append(Unit(label, precision, run.team, None, run.houses))
    return draft.plus(units, keys)


def streets_of(members: pl.DataFrame) -> pl.DataFrame:
    """Return each street of ``members`` (columns of MEMBERS): how many ``houses`` it has, how many ``rows`` name it,
    crossings among them, and the ``team`` that is reported most.
    """
    own = members.filter(pl.col("street").is_not_null() & (pl.col("kind") != "intersection"))
    streets = own.group_by("street").agg(
        houses=pl.col("weight").filter(pl.col("kind") == "block").sum(),
        team=pl.col("team").drop_nulls().mode().sort().first(),
    )
    named = pl.concat([members.select("street", "rows"), members.select(street="cross", rows="rows")])
    streets = streets.join(named.group_by("street").agg(pl.col("rows").sum()), on="street", how="left")
    return streets.cast({"street": pl.String, "team": pl.String}).sort("street")


def with_streets(draft: Draft, streets: pl.DataFrame, rules: Rules) -> Draft:
    """Return the draft with a unit for each of ``streets`` that may be shown, for rows that name it without a number.

    It is one where enough houses are known, or where none is and enough rows name the street: a lane that stands in one
    or two rows would tell who lives there. It has a team where all units on it have that one.
    """
    units: list[Unit] = []
    keys: list[Key] = []
    named = draft.keys.filter(~pl.col("text").str.contains(" / ", literal=True))
    named = named.select("unit", street=pl.col("text").str.extract(r"^([^|]*)")).unique()
    teams_of = named.with_columns(draft.units["team"].gather(named["unit"])).group_by("street")
    teams_of = teams_of.agg(teams=pl.col("team").n_unique(), own=pl.col("team").first())
    rows = streets.join(teams_of, on="street", how="left", maintain_order="left")
    rows = rows.filter(pl.when(pl.col("houses") > 0).then("houses").otherwise("rows") >= rules.fewest)
    rows = rows.with_columns(
        team=pl.when(pl.col("teams").is_null()).then("team").when(pl.col("teams") == 1).then("own")
    )
    for street, houses, team in rows.select("street", "houses", "team").iter_rows():
        if street in rules.shown and street not in rules.hidden:
            label, precision = stretch(street)
            keys.append(Key(street, draft.units.height + len(units)))
            units.append(Unit(label, precision, team, None, houses))
    return draft.plus(units, keys)


def _areas_of(point: tuple[float, float] | None, teams: pl.Series, areas: Areas, plane: Plane) -> dict[str, str | None]:
    """Return the areas of a point, or the most frequent team where none are drawn."""
    if areas and point is not None:
        return areas.names(int(areas.at(plane, np.array([point[0]]), np.array([point[1]]))[0]))
    return {TEAM: _most_frequent(teams)}


def _most_frequent(teams: pl.Series) -> str | None:
    counts = Counter(team for team in teams.to_list() if team is not None)
    return min(counts, key=lambda team: (-counts[team], team)) if counts else None


def _blocks_with_ground(draft: Draft, streets: pl.Series) -> dict[str, dict[int, int]]:
    """Return by street, of ``streets``, and block the unit that most of the block's addresses are in."""
    units: dict[str, dict[int, int]] = defaultdict(dict)
    block = pl.col("text").str.extract_groups(r"^(?<street>[^|]*)\|(?<block>\d+)$")
    keys = draft.keys.sort("share", maintain_order=True).select("unit", block.alias("of")).unnest("of")
    keys = keys.filter(pl.col("street").is_in(streets.unique().implode()))
    for unit, street, number in keys.select("unit", "street", pl.col("block").cast(pl.Int64)).iter_rows():
        units[street][number] = unit
    return units


def _next_unit(units: dict[int, int], block: int, block_size: int) -> int | None:
    """Return the unit of the nearest block, if it is one of the next."""
    near = min(units, key=lambda other: (abs(other - block), other), default=None)
    return units[near] if near is not None and abs(near - block) <= _NEXT_BLOCKS * block_size else None


@dataclass
class _Run:
    """Blocks of a street that follow each other, in one team."""

    blocks: list[int]
    team: str | None
    houses: int

    def is_followed_by(self, other: _Run, block_size: int) -> bool:
        """Return whether ``other`` goes on where this one ends, in the same team."""
        return self.team == other.team and other.blocks[0] - self.blocks[-1] <= _NEXT_BLOCKS * block_size

    def take(self, other: _Run) -> None:
        """Join what follows."""
        self.blocks += other.blocks
        self.houses += other.houses


def _runs(blocks: dict[int, pl.DataFrame], rules: Rules) -> list[_Run]:
    """Return the stretches of blocks that follow each other in one team, each with enough addresses.

    What is left over at the end of a stretch joins it; what follows none is in no unit.
    """
    runs: list[_Run] = []
    for block in sorted(blocks):
        team, houses = _most_frequent(blocks[block]["team"]), int(blocks[block]["weight"].sum())
        run = _Run([block], team, houses)
        if runs and runs[-1].houses < rules.fewest and runs[-1].is_followed_by(run, rules.block_size):
            runs[-1].take(run)
        else:
            runs.append(run)
    stretches: list[_Run] = []
    for run in runs:
        if run.houses >= rules.fewest:
            stretches.append(run)
        elif stretches and stretches[-1].is_followed_by(run, rules.block_size):
            stretches[-1].take(run)
    return stretches

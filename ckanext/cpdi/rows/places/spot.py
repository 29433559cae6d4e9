"""The one point that stands for a unit: on a street of it, on its ground, and on no house."""

from __future__ import annotations

import numpy as np
import polars as pl

from ckanext.cpdi.rows.ground.cells import cells_of, centres, owner_at
from ckanext.cpdi.rows.places.ground import Ground

_AT_ONCE = 1 << 18
"""So many points of middle lines are compared at a time."""
_LONGEST_STEP = 150.0
"""Two neighbouring houses farther apart than this, in metres, say nothing of what lies between them."""


def spots(
    members: pl.DataFrame, table: pl.DataFrame, streets: pl.DataFrame, middles: pl.DataFrame, ground: Ground
) -> pl.DataFrame:
    """Return the point ``x``, ``y`` of each ``unit``, in metres.

    It is that of its street with most addresses which lies nearest to the middle of the unit: of a street's middle
    line, where that is known, else half-way between neighbouring houses. Where no two houses lie
    side by side it is the middle of the cell of its ground that lies nearest to that. ``members`` are those of Atoms,
    ``table`` has their atoms with the unit; ``streets`` have the ``rank`` of each in its unit, ``middles`` a
    ``middle_x`` and ``middle_y`` for each unit.
    """
    atoms = table.join(streets, on=["unit", "street"]).select("atom", "unit", "rank")
    is_stretch = pl.col("low").ne(pl.col("high")).fill_null(value=False)  # null for what has no number
    lines = members.filter(is_stretch)
    with_line = lines.select(pl.col("atom").unique()).join(atoms, on="atom").select("unit", "rank").unique()
    houses = atoms.join(with_line, on=["unit", "rank"], how="anti")
    points = [_half_ways(members.select("atom", "low", "x", "y").join(houses, on="atom"))]
    for part in lines.iter_slices(_AT_ONCE):
        points.append(part.select("atom", "x", "y").join(atoms, on="atom").drop("atom"))
    best = _nearest(pl.concat([_nearest(_on_ground(part, ground), middles) for part in points]), middles)
    bare = middles.join(best, on="unit", how="anti")
    mine = np.flatnonzero(np.isin(ground.owners, bare["unit"].to_numpy()))
    x, y = centres(ground.cells[mine])
    cells = (
        pl.DataFrame({"unit": ground.owners[mine], "rank": 0, "x": x, "y": y}).select(best.columns).cast(best.schema)
    )
    return pl.concat([best, _nearest(cells, middles)]).drop("rank")


def _half_ways(houses: pl.DataFrame) -> pl.DataFrame:
    """Return the points half-way between neighbouring houses on a street of a unit."""
    street = ("unit", "rank")
    houses = houses.with_columns(pl.col("low").fill_null(0)).sort(*street, "low", "x", "y")
    next_house = [pl.col(axis).shift(-1).over(street).alias(f"next_{axis}") for axis in ("x", "y")]
    steps = houses.with_columns(next_house).drop_nulls("next_x")
    apart = pl.Series(np.hypot(*(steps[f"next_{axis}"].to_numpy() - steps[axis].to_numpy() for axis in ("x", "y"))))
    steps = steps.filter((apart > 0) & (apart <= _LONGEST_STEP))
    half_way = [(pl.col(axis) + pl.col(f"next_{axis}")) / 2 for axis in ("x", "y")]
    return steps.select(*half_way, *street)


def _on_ground(points: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Return those of the points that lie on the ground of their unit."""
    owners = owner_at(ground.cells, ground.owners, cells_of(points["x"].to_numpy(), points["y"].to_numpy()))
    return points.filter(pl.Series(owners) == pl.col("unit"))


def _nearest(points: pl.DataFrame, middles: pl.DataFrame) -> pl.DataFrame:
    """Return of each unit the point of lowest rank, and of these the nearest to its middle."""
    points = points.join(middles, on="unit")
    away = np.hypot(*(points[axis].to_numpy() - points[f"middle_{axis}"].to_numpy() for axis in ("x", "y")))
    # To the millimetre: of two that lie alike on both sides of the middle the same is taken whoever calculates.
    points = points.with_columns(away=pl.Series(away).round(3)).sort("unit", "rank", "away", "x", "y")
    return points.unique("unit", keep="first", maintain_order=True).select("x", "y", "unit", "rank")

"""What a place is made of: addresses on the ground, each with its street, its number, its point and its team.

In: addresses as a feed or a reference writes them. Out: a table of MEMBERS, each member once, whatever their order.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

import polars as pl

from ckanext.cpdi.rows.places.address import address_keys, has_number, is_street

POINTS = {
    "address": pl.String,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    "team": pl.String,
    "rows": pl.Int64,
}
"""What is known of each address; address, point and team may be null. ``rows``: how many rows say so."""
KIND = pl.Enum(["block", "intersection", "point", "street"])
MEMBERS = {
    "kind": KIND,
    "street": pl.Categorical(),
    "cross": pl.Categorical(),
    "block": pl.Int64,
    "low": pl.Int64,
    "high": pl.Int64,
    "parity": pl.Int8,
    "longitude": pl.Float64,
    "latitude": pl.Float64,
    "team": pl.Categorical(),
    "weight": pl.Int64,
    "rows": pl.Int64,
}
"""``kind``: block (a house number on a street), street, intersection, or point (no address at all). ``low`` and
``high``: the house numbers that the member stands for, of odd (1), even (2) or both (0) ``parity``. ``weight``: how
many addresses it counts for, 0 for a crossing. A member without a point has nulls there."""

DECIMALS = 5
"""Points are rounded to a metre."""
_SPOT_DECIMALS = 4
"""Where there is no house number, addresses are told apart by points of ten metres: a metre is noise."""
_FAR_DEGREES = 0.003
"""Some 300 metres: points of one house number farther apart are those of two streets."""
_CROWD = 5
"""So many different streets at the very same point are a geocoder's middle of a ZIP code or a city, and no place."""


@dataclass(frozen=True)
class MemberTable:
    """``members``: columns of MEMBERS. ``shown``: streets whose names may be shown, since a reference has them, or they
    have the form of one. ``crowds``: longitude and latitude of points that say nothing.
    """

    members: pl.DataFrame
    shown: set[str]
    crowds: pl.DataFrame


def members(points: pl.DataFrame, block_size: int, reference: Set[str] = frozenset()) -> MemberTable:
    """Return the members of ``points`` (columns of POINTS); ``reference`` are streets that are known to be some.

    A house number is one member, at the middle of its points, where these lie together; it reports its most frequent
    team. What has not the name of a street is counted by its points, since anything may stand behind a number.
    """
    rounded = points.with_columns(pl.col("longitude", "latitude").round(DECIMALS))
    rounded = summed(rounded)
    keys = address_keys(rounded["address"].drop_nulls().unique(), block_size).filter(pl.col("key").is_not_null())
    rows = rounded.join(keys, on="address", how="left")
    crowds = _crowds(rows)
    rows = _without(rows, crowds)
    shown = _shown(rows, reference)
    numbered = _houses(rows.filter(pl.col("kind") == "block"))
    spots = [pl.col(name).round(_SPOT_DECIMALS).alias(f"{name}_spot") for name in ("longitude", "latitude")]
    others = rows.filter(pl.col("kind").fill_null("point") != "block")
    others = others.with_columns(pl.col("kind").fill_null("point"), *spots)
    named = others.group_by("kind", "street", "cross", "longitude_spot", "latitude_spot").agg(
        pl.col("longitude", "latitude").median(), _team(), pl.col("rows").sum()
    )
    named = named.filter((pl.col("kind") != "point") | pl.col("longitude").is_not_null())
    table = pl.concat([_completed(part) for part in (numbered, named)]).sort(*MEMBERS)
    return MemberTable(_counted(table, shown), shown, crowds)


def summed(points: pl.DataFrame) -> pl.DataFrame:
    """Return ``points`` (columns of POINTS) with what repeats once, and its rows added up."""
    return points.group_by("address", "longitude", "latitude", "team").agg(pl.col("rows").sum()).select(*POINTS)


def _shown(rows: pl.DataFrame, reference: Set[str]) -> set[str]:
    """Return the streets of ``rows`` whose names may be shown."""
    names = pl.concat([rows["street"], rows["cross"].rename("street")]).drop_nulls().unique()
    return {name for name in names.to_list() if not has_number(name) and (name in reference or is_street(name))}


def _houses(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the houses of numbered addresses.

    Points of one number that lie far apart are several houses: streets of one name. Where a house is alone at such a
    place, and lies with others of its block elsewhere, somebody mistook its point.
    """
    house = ("street", "block", "number")
    extent = [pl.col(axis).max() - pl.col(axis).min() for axis in ("longitude", "latitude")]
    far = pl.max_horizontal(*(span.over(house) for span in extent)).fill_null(0) > _FAR_DEGREES
    squares = [
        pl.when(far).then((pl.col(axis) / _FAR_DEGREES).round()).alias(f"{axis}_square")
        for axis in ("longitude", "latitude")
    ]
    places = ("longitude_square", "latitude_square")
    houses = (
        rows.with_columns(*squares)
        .group_by("kind", *house, *places)
        .agg(
            pl.lit(None, pl.String).alias("cross"),
            pl.col("longitude", "latitude").median(),
            _team(),
            pl.col("rows").sum(),
        )
    )
    alone = pl.col("number").n_unique().over("street", "block", *places) == 1
    elsewhere = pl.len().over(house) > 1
    houses = houses.filter(~(alone & elsewhere & pl.col("longitude_square").is_not_null()))
    return houses.with_columns(low="number", high="number").drop("number", *places)


def _counted(table: pl.DataFrame, shown: set[str]) -> pl.DataFrame:
    """Return the table, where numbers before what is no street's name count once a spot."""
    nameless = (pl.col("kind") == "block") & ~pl.col("street").is_in(sorted(shown))
    spot = [pl.col(axis).round(_SPOT_DECIMALS) for axis in ("longitude", "latitude")]
    again = pl.int_range(pl.len()).over("street", *spot) > 0
    return table.with_columns(weight=pl.when(nameless & again).then(0).otherwise("weight").cast(pl.Int64))


def _team() -> pl.Expr:
    """Return the most frequent team of a group, of equals the first by name."""
    return pl.col("team").drop_nulls().mode().sort().first()


def _crowds(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the points at which many different streets are said to be."""
    streets = rows.filter(pl.col("kind").is_in(["block", "street"])).drop_nulls(["longitude", "latitude"])
    counts = streets.group_by("longitude", "latitude").agg(pl.col("street").n_unique().alias("streets"))
    return counts.filter(pl.col("streets") >= _CROWD).select("longitude", "latitude").sort("longitude", "latitude")


def _without(rows: pl.DataFrame, crowds: pl.DataFrame) -> pl.DataFrame:
    """Return the rows, without the points of ``crowds``."""
    marked = rows.join(crowds.with_columns(crowd=True), on=["longitude", "latitude"], how="left")
    kept = [pl.when(pl.col("crowd").is_null()).then(axis).alias(axis) for axis in ("longitude", "latitude")]
    return marked.with_columns(kept).drop("crowd")


def _completed(part: pl.DataFrame) -> pl.DataFrame:
    """Return a part with all columns of MEMBERS."""
    weight = pl.when(pl.col("kind") == "intersection").then(0).otherwise(1)
    part = part.with_columns(weight.alias("weight"), pl.lit(0).alias("parity"))
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in MEMBERS.items() if name not in part.columns]
    return part.with_columns(missing).select(*MEMBERS).cast(pl.Schema(MEMBERS))

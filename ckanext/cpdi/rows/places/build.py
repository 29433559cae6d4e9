"""Making the places of a department out of its addresses: from address points, or from the history of a feed.

In: addresses with points and teams, in any order. Out: :class:`Places`, the same for the same addresses.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.rows.places.address import address_keys, has_number, is_street
from ckanext.cpdi.rows.places.gazetteer import BUILT, Places
from ckanext.cpdi.rows.places.group import Group, labelled
from ckanext.cpdi.rows.places.merge import merged

POINTS = {"address": pl.String, "longitude": pl.Float64, "latitude": pl.Float64, "team": pl.String}
"""What is known of each address; point and team may be null."""

_FINE = 100_000
"""Points are rounded to five decimals of a degree, about a metre."""
_COARSE = 10
"""Where there is no house number, addresses are told apart by points ten times coarser: a metre is noise."""


def build_places(
    points: pl.DataFrame,
    profile: Profile,
    secret: bytes,
    private: pl.Series | None = None,
    reference: pl.Series | None = None,
) -> Places:
    """Return the places for ``points`` (columns of POINTS).

    ``private`` are addresses that must not have a unit of their own, such as shelters; ``reference`` addresses that no
    dispatcher typed, whose streets are known to be some. A unit has the profile's fewest addresses at least: smaller
    ones join a neighbour on the same street, else the nearest.
    """
    size = profile.places.block_size
    keyed = _keyed(points, size)
    hidden = _distinct(private, size, "key")
    known = _distinct(reference, size, "street") | _distinct(reference, size, "cross")
    groups = merged(_groups(keyed, hidden, known), profile.places.minimum_addresses)
    rows = [
        {"key": key, "unit": unit, "block_size": size, **labelled(group)}
        for unit, group in enumerate(groups)
        for key in group.keys
    ]
    return Places.of(pl.DataFrame(rows, schema=BUILT), secret)


def _distinct(addresses: pl.Series | None, size: int, column: str) -> set[str]:
    """Return a column of the keys of ``addresses``, each text once."""
    return (
        set(address_keys(addresses.drop_nulls().unique(), size)[column].drop_nulls())
        if addresses is not None
        else set()
    )


def _keyed(points: pl.DataFrame, block_size: int) -> pl.DataFrame:
    """Return one row for each different (address, point, team), with the address's key, points as whole numbers."""
    distinct = points.filter(pl.col("address").is_not_null()).select(
        "address",
        (pl.col("longitude") * _FINE).round().cast(pl.Int64).alias("x"),
        (pl.col("latitude") * _FINE).round().cast(pl.Int64).alias("y"),
        "team",
    )
    distinct = distinct.unique()
    keys = address_keys(distinct["address"].unique(), block_size).filter(pl.col("key").is_not_null())
    columns = ("key", "kind", "street", "cross", "block", "number", "x", "y", "team")
    return distinct.join(keys, on="address").select(columns).unique()


def _groups(keyed: pl.DataFrame, hidden: set[str], known: set[str]) -> list[Group]:
    """Return every key as a group of its own, in the order of the keys; ``known`` are names that may be shown.

    Addresses of a block are its house numbers; of a street or an intersection, the points that differ by ten metres.
    Sums of whole numbers do not depend on the order of the rows.
    """
    spots = pl.struct(pl.col("x") // _COARSE, pl.col("y") // _COARSE)
    houses = keyed.select("key", "kind", "street", "cross", "block", "number", "x", "y").unique()
    addresses = pl.when(pl.col("kind").first() == "block").then(pl.col("number").n_unique())
    table = (
        houses.group_by("key")
        .agg(
            pl.col("kind", "street", "cross", "block").first(),
            addresses.otherwise(spots.n_unique()).cast(pl.Int64).alias("addresses"),
            pl.col("x", "y").sum(),
            pl.col("x").count().cast(pl.Int64).alias("points"),
        )
        .sort("key")
    )
    teams = keyed.drop_nulls("team").group_by("key", "team").len().sort("key", "team")
    by_key: dict[str, dict[str, int]] = defaultdict(dict)
    for key, team, rows in teams.iter_rows():
        by_key[key][team] = rows
    return [
        Group(
            keys=[row["key"]],
            streets=(streets := {row["street"]} | ({row["cross"]} if row["cross"] else set())),
            named={street for street in streets if not has_number(street) and (street in known or is_street(street))},
            blocks={row["street"]: {row["block"]}} if row["kind"] == "block" else {},
            crossing=row["kind"] == "intersection",
            weight={row["street"]: row["addresses"]} if row["kind"] != "intersection" else {},
            addresses=row["addresses"],
            points=row["points"],
            x=row["x"],
            y=row["y"],
            teams=by_key.get(row["key"], {}),
            hidden=row["key"] in hidden,
        )
        for row in table.iter_rows(named=True)
    ]

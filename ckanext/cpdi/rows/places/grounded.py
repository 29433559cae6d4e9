"""Units that have a piece of ground: made of atoms, with their labels, points and keys."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.ground.areas import TEAM, Areas
from ckanext.cpdi.rows.places.atoms import NO_AREA, Atoms
from ckanext.cpdi.rows.places.ground import Ground, areas_of
from ckanext.cpdi.rows.places.label import nearby, stretch
from ckanext.cpdi.rows.places.spot import spots
from ckanext.cpdi.rows.places.unit import DRAFT_KEYS, DRAFT_UNITS, Draft, team_and_areas

_IS_BLOCK = pl.col("kind") == "block"


def draft(atoms: Atoms, ground: Ground, areas: Areas, shown: set[str]) -> Draft:
    """Return the units of ``ground`` with their keys; ``shown`` are the streets whose names may be shown."""
    unit_of = pl.Series("unit", ground.unit_of)
    table = atoms.table.with_columns(unit_of, atom=pl.int_range(pl.len(), dtype=pl.Int64)).filter(pl.col("unit") >= 0)
    streets = _streets(table)
    members = atoms.members
    on_ground = members.select(unit_of.gather(members["atom"]), "x", "y").filter(pl.col("unit") >= 0)
    middles = on_ground.group_by("unit").agg(
        middle_x=pl.col("x").mean(),
        middle_y=pl.col("y").mean(),
        width=((pl.col("x").max() - pl.col("x").min()) ** 2 + (pl.col("y").max() - pl.col("y").min()) ** 2).sqrt(),
    )
    addresses = table.group_by("unit").agg(pl.col("addresses").sum())
    units = _area_names(areas, atoms, areas_of(atoms, ground.unit_of)).with_row_index("unit")
    units = units.with_columns(pl.col("unit").cast(pl.Int64), has_ground=pl.lit(value=True))
    del on_ground
    for part in (middles, addresses, _labels(table, streets, shown), spots(members, table, streets, middles, ground)):
        units = units.join(part, on="unit", how="left", maintain_order="left")
    return Draft(units.select(*DRAFT_UNITS), _keys(table, members))


def _streets(table: pl.DataFrame) -> pl.DataFrame:
    """Return what each unit has of each street.

    ``rank`` is 0 for the street that most of a unit's addresses are on. ``first`` and ``last`` are blocks, null where
    addresses without a number are among them.
    """
    streets = table.drop_nulls("street").group_by("unit", "street")
    streets = streets.agg(
        pl.col("addresses").sum(),
        numbered=_IS_BLOCK.all(),
        first=pl.col("block").min(),
        last=pl.col("block").max(),
    )
    blocks = [pl.when("numbered").then(name).alias(name) for name in ("first", "last")]
    streets = streets.sort("unit", "addresses", "street", descending=[False, True, False]).with_columns(blocks)
    return streets.with_columns(rank=pl.int_range(pl.len()).over("unit"))


def _labels(table: pl.DataFrame, streets: pl.DataFrame, shown: set[str]) -> pl.DataFrame:
    """Return the ``label`` and ``precision`` of each unit. Without a street that may be shown there is no label.

    A unit is a block only where all of its addresses are on it.
    """
    counts = streets.group_by("unit").len("streets")
    streetless = pl.col("addresses").filter(pl.col("street").is_null())
    others = table.group_by("unit").agg(others=streetless.sum())
    main = streets.filter(pl.col("street").is_in(sorted(shown))).unique("unit", keep="first", maintain_order=True)
    main = main.join(counts, on="unit", maintain_order="left").join(others, on="unit", maintain_order="left")
    mixed = main.select((pl.col("streets") > 1) | (pl.col("others") > 0)).to_series()
    words = [stretch(*street) for street in main.select("street", "first", "last").iter_rows()]
    words = [nearby(label) if is_mixed else (label, at) for (label, at), is_mixed in zip(words, mixed, strict=True)]
    labels = pl.DataFrame(words, schema={"label": pl.String, "precision": pl.String}, orient="row")
    units = (
        table.select("unit")
        .unique()
        .join(pl.concat([main.select("unit"), labels], how="horizontal"), on="unit", how="left")
    )
    return units.with_columns(pl.col("precision").fill_null("area"))


def _area_names(areas: Areas, atoms: Atoms, area_of: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return the ``team`` and the other ``areas`` of each unit, whose area is ``area_of``."""
    codes, code_of = np.unique(area_of, return_inverse=True)
    names: list[dict[str, str | None]] = [
        areas.names(code) if areas else {TEAM: atoms.teams[code] if code != NO_AREA else None}
        for code in codes.tolist()
    ]
    schema = {"team": pl.String, "areas": pl.String}
    return pl.DataFrame([team_and_areas(of_code) for of_code in names], schema=schema, orient="row")[code_of]


def _keys(table: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of the house numbers: of the block, and of each house where a block is in several units."""
    block = ("street", "block")
    block_key = pl.format("{}|{}", *block)
    atoms = table.filter(_IS_BLOCK).select(
        "unit", "atom", *block, "addresses", several=pl.col("unit").n_unique().over(block) > 1
    )
    blocks = atoms.group_by(*block, "unit").agg(pl.col("addresses").sum()).sort(*block, "unit")
    blocks = blocks.with_columns(text=block_key, share=pl.col("addresses") / pl.col("addresses").sum().over(block))
    houses = members.join(atoms.filter("several").select("atom", "unit", *block), on="atom")
    is_house = pl.col("low") == pl.col("high")
    houses = houses.sort(*block, "low", "unit").with_columns(
        text=pl.when(is_house).then(pl.format("{}|{}|{}", *block, "low")).otherwise(block_key),
        share=pl.when(is_house).then(1 / pl.len().over(*block, "low")).otherwise(0.0),
        **{name: pl.when(~is_house).then(name) for name in ("low", "high", "parity")},
    )
    none = [pl.lit(None, DRAFT_KEYS[name]).alias(name) for name in ("low", "high", "parity")]
    return pl.concat([blocks.with_columns(none).select(*DRAFT_KEYS), houses.select(*DRAFT_KEYS)])

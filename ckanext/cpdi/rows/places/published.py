"""The places as everybody may see them: a table, and the outline of each."""

from __future__ import annotations

import json
from itertools import pairwise

import polars as pl

from ckanext.cpdi.rows.places.file import Places

_CLASS_EDGES = (8, 16, 32, 64, 128, 256, 512, 1024)
"""Numbers of addresses are published in classes that double: an exact one would tell how a single house counts."""
PLACE_COLUMNS = (
    "place_id",
    "label",
    "location_precision",
    "latitude",
    "longitude",
    "team",
    "addresses",
    "width_metres",
    "valid_from",
    "valid_to",
)
OUTLINE = "outline"


def published_places(places: Places, layers: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the places as they are published: PLACE_COLUMNS, a column for each of ``layers``, and OUTLINE.

    Units that are in use no longer come last. ``layers`` are the areas that the profile declares beside teams.
    ``width_metres`` is rounded up to 50 m. OUTLINE is WKB in degrees, null for crossings and for streets that are known
    by name alone.
    """
    units = places.units.with_columns(places.polygons().alias(OUTLINE)).drop("unit")
    units = pl.concat([units, places.retired])
    known: list[dict[str, str]] = [json.loads(text or "{}") for text in units["areas"]]
    named = [pl.Series(layer, [areas.get(layer) for areas in known], dtype=pl.String) for layer in layers]
    table = units.select(
        pl.col("id").alias("place_id"),
        "label",
        pl.col("precision").alias("location_precision"),
        "latitude",
        "longitude",
        "team",
        _address_class(),
        ((pl.col("width") / 50).ceil() * 50).cast(pl.Int64).alias("width_metres"),
        "valid_from",
        "valid_to",
        OUTLINE,
    )
    return table.with_columns(named).select(pl.exclude(OUTLINE), OUTLINE)


def _address_class() -> pl.Expr:
    """Return the number of addresses as a class in words."""
    addresses = pl.col("addresses")
    words = pl.when((addresses == 0) & pl.col("has_ground")).then(pl.lit("public place"))
    words = words.when(addresses < _CLASS_EDGES[0]).then(pl.lit(f"fewer than {_CLASS_EDGES[0]}"))
    for low, high in pairwise(_CLASS_EDGES):
        words = words.when(addresses < high).then(pl.lit(f"{low} to {high - 1}"))
    return words.otherwise(pl.lit(f"{_CLASS_EDGES[-1]} or more")).alias("addresses")

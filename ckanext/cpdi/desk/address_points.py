"""Address points: a city's or a county's list of its addresses, each with its point.

Columns are found by the names that the National Address Database, OpenAddresses and feeds at large give them.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.feeds import Reader
from ckanext.cpdi.pipeline.places import PlacesError
from ckanext.cpdi.rows.places import POINTS, summed

_INPUTS = {"address": "address", "longitude": "x", "latitude": "y", "team": "reported_team"}
"""A column of address points, and the input of a table whose headers it may have."""
_USUAL = {
    "longitude": ("longitude", "lon", "long", "x"),
    "latitude": ("latitude", "lat", "y"),
    "number": ("number", "add_number", "addnum", "house_number", "hse_nbr", "st_num"),
    "street": ("street", "stnam_full", "st_fullname", "full_street", "street_name", "stname"),
}


def read_address_points(reader: Reader, dataset: Dataset, profile: Profile, otherwise: str) -> pl.DataFrame:
    """Return a file's address points (columns of POINTS).

    An address stands in one column, or its number and its street in two. ``otherwise`` says why the file is no feed
    either; raises PlacesError, which repeats it, where a column is missing.
    """
    by_spelling = {header.casefold(): header for header in reader.headers}

    def column(name: str) -> str | None:
        names = [name, *_USUAL.get(name, ())]
        if name in _INPUTS:
            names += [*profile.feed(dataset.name).headers.get(_INPUTS[name], ()), *_headers(dataset, _INPUTS[name])]
        return next((by_spelling[spelling] for spelling in map(str.casefold, names) if spelling in by_spelling), None)

    columns = {name: header for name in (*_INPUTS, *_USUAL) if (header := column(name)) is not None}
    apart = {"number", "street"} <= columns.keys() and columns.get("address") in (None, columns["street"])
    needed = {"longitude", "latitude"} if apart else {"address", "longitude", "latitude"}
    missing = needed - columns.keys()
    if missing:
        raise PlacesError(f"neither a feed ({otherwise}) nor address points (no column {', '.join(sorted(missing))})")
    numbered = pl.concat_str(columns["number"], columns["street"], separator=" ") if apart else None
    address = numbered if numbered is not None else pl.col(columns["address"])
    frames = [
        batch.frame.select(
            address.alias("address"),
            pl.col(columns["longitude"]).cast(pl.Float64, strict=False).alias("longitude"),
            pl.col(columns["latitude"]).cast(pl.Float64, strict=False).alias("latitude"),
            (pl.col(columns["team"]) if "team" in columns else pl.lit(None, pl.String)).alias("team"),
            pl.lit(1, pl.Int64).alias("rows"),
        )
        for batch in reader.batches(columns=frozenset(columns.values()))
    ]
    return summed(pl.concat([pl.DataFrame(schema=POINTS), *frames]))


def _headers(dataset: Dataset, name: str) -> Sequence[str]:
    """Return the headers that feeds in general use for an input."""
    return next((column.headers for column in dataset.rows.read if column.name == name), ())

"""The addresses of a feed, for a places file where a city has no address points."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from ckanext.cpdi.rows.batch import begin
from ckanext.cpdi.rows.derive.place import ADDRESS, REPORTED, team_of
from ckanext.cpdi.rows.places import POINTS, summed
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.standardise import LINE, read_position, translate_values
from ckanext.cpdi.rows.values.text import read_texts

_ROWS = "_rows"
_INPUTS = (ADDRESS, REPORTED, "x", "y")


def place_headers(plan: Plan) -> frozenset[str]:
    """Return the feed's headers that :func:`place_points` reads."""
    return frozenset(header for name in _INPUTS for header in plan.mapping.columns.get(name, ()))


def place_points(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Return the different addresses and points of a batch with their teams (columns of POINTS).

    Points are repaired as those of the rows are, rounded to five decimals, and left out where they lie outside.
    """
    columns = {name: headers for name, headers in plan.mapping.columns.items() if name in _INPUTS}
    if ADDRESS not in columns and not {"x", "y"} <= columns.keys():
        return pl.DataFrame(schema=POINTS)
    # Half of a batch or more are addresses that it has already.
    headers = sorted(place_headers(plan))
    frame = frame.group_by(headers).agg(pl.col(LINE).first(), pl.len().cast(pl.Int64).alias(_ROWS))
    batch = begin(frame[LINE])
    mapping = replace(plan.mapping, columns=columns, flags={})
    batch.columns |= read_texts(frame, mapping, plan.feed.nulls, batch.verdicts).columns
    translate_values(plan, batch)
    read_position(plan, batch)
    far = batch.verdicts.have_outcome("quarantined")
    points = {
        "address": batch.column(ADDRESS),
        "team": team_of(plan, batch, ~far),
        "longitude": batch.position.longitude.round(5).set(pl.Series(far), None),
        "latitude": batch.position.latitude.round(5).set(pl.Series(far), None),
    }
    known = pl.col("address").is_not_null() | pl.col("longitude").is_not_null()
    return summed(pl.DataFrame({**points, "rows": frame[_ROWS]}).select(*POINTS).filter(known))

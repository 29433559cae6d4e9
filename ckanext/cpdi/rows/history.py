"""The addresses of a feed, for a places file where a city has no address points."""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.rows.derive.place import ADDRESS, team_of
from ckanext.cpdi.rows.places import POINTS
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.standardise import standardise


def place_points(frame: pl.DataFrame, plan: Plan) -> pl.DataFrame:
    """Return the different addresses of a batch with their points and teams (columns of POINTS).

    Points are repaired as those of the rows are, rounded to five decimals, and left out where they lie outside.
    """
    sheet = standardise(frame, plan)
    known = sheet.columns.keys()
    if ADDRESS not in known:
        return pl.DataFrame(schema=POINTS)
    far = pl.Series(sheet.outcome("quarantined"))
    nowhere = pl.repeat(None, sheet.height, dtype=pl.Float64, eager=True)
    columns = {"address": sheet.columns[ADDRESS], "team": team_of(plan, sheet, ~far.to_numpy())}
    for axis in ("longitude", "latitude"):
        columns[axis] = sheet.columns.get(f"point.{axis}", nowhere).round(5).set(far, None)
    return pl.DataFrame(columns).select(*POINTS).filter(pl.col("address").is_not_null()).unique()

"""Where a row is, as a unit of the places file; only its team, where the address belongs to no unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ckanext.cpdi.rows.batch import Batch, nulls
from ckanext.cpdi.rows.places import Places
from ckanext.cpdi.rows.verdicts import Rows

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

COLUMNS = ("label", "team", "latitude", "longitude", "precision")
ADDRESS, REPORTED = "address", "reported_team"
INPUTS = (ADDRESS, "x", "y", REPORTED)


def derive(plan: Plan, batch: Batch, places: Places) -> Mapping[str, pl.Series]:
    """Return the columns of COLUMNS: functions of the unit alone where there is one."""
    unit = places.look_up(batch.column(ADDRESS))
    unplaced = unit["label"].is_null()
    columns = {name: unit[name] for name in COLUMNS}
    if unplaced.any():
        columns["team"] = unit["team"].zip_with(~unplaced, team_of(plan, batch, unplaced.to_numpy()))
    return columns


def team_of(plan: Plan, batch: Batch, rows: Rows) -> pl.Series:
    """Return the team by the point, else as the feed reports it, for ``rows``; null for the others.

    A reported one must be among those that the profile draws, else among those that it translates: a feed's free text
    is not published.
    """
    at = np.flatnonzero(rows)
    reported = batch.column(REPORTED).gather(at)
    names = plan.jurisdiction.teams or plan.feed.values.get(REPORTED, {}).values()
    reported = reported.set(~reported.is_in(pl.Series(list(names), dtype=pl.String).implode()), None)
    longitude, latitude = (
        axis.gather(at).fill_null(float("nan")).to_numpy()
        for axis in (batch.position.longitude, batch.position.latitude)
    )
    by_point = plan.jurisdiction.team(longitude, latitude)
    team = by_point.zip_with(by_point.is_not_null(), reported)
    return nulls(batch.height, pl.String).scatter(at, team)

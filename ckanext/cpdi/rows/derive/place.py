"""Where a row is, as a unit of the places file; only its team, where it is in no unit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.batch import Batch, nulls
from ckanext.cpdi.rows.ground.areas import Areas
from ckanext.cpdi.rows.places import NONE, Finder, Match, Places, PlaceTally, tally
from ckanext.cpdi.rows.values.levels import UNIT
from ckanext.cpdi.rows.verdicts import Rows

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

COLUMNS = ("id", "label", "team", "latitude", "longitude", "precision")
ADDRESS, REPORTED = "address", "reported_team"
INPUTS = (ADDRESS, "x", "y", REPORTED)


def match(plan: Plan, batch: Batch, places: Places) -> Match:
    """Return which unit each row is in, by address and point; rows in which the two are too far apart are flagged."""
    longitude, latitude = _position(batch)
    units = _finder(places, plan.jurisdiction.areas).find(
        batch.column(ADDRESS), longitude, latitude, trust_points=plan.feed.coordinates.trusted
    )
    batch.verdicts.flag(units.differs, "address_far_from_point")
    return units


def derive(plan: Plan, batch: Batch, places: Places, match: Match) -> Mapping[str, pl.Series]:
    """Return the columns of COLUMNS: functions of the unit alone where there is one."""
    unit = pl.Series(match.unit, dtype=pl.Int64)
    unplaced = unit == NONE
    at = unit.set(unplaced, None).cast(pl.UInt32)
    columns = {name: places.units[name].gather(at) for name in COLUMNS}
    if unplaced.any():
        columns["team"] = columns["team"].zip_with(~unplaced, team_of(plan, batch, unplaced.to_numpy()))
    return columns


def truth(plan: Plan, batch: Batch, places: Places, match: Match) -> PlaceTally:
    """Return how true the places are of the rows that are published and may show one."""
    longitude, latitude = _position(batch)
    shows_unit = batch.verdicts.alive & (plan.levels.place[batch.classes] <= UNIT)
    sourced = batch.column(ADDRESS).is_not_null().to_numpy() | ~np.isnan(longitude)
    return tally(places, match, longitude, latitude, reported_team(plan, batch), shows_unit, sourced)


def team_of(plan: Plan, batch: Batch, rows: Rows) -> pl.Series:
    """Return the team by the point, else as the feed reports it, for ``rows``; null for the others.

    A reported one must be among those that the profile draws, else among those that it translates: a feed's free text
    is not published.
    """
    at = np.flatnonzero(rows)
    longitude, latitude = (
        axis.gather(at).fill_null(float("nan")).to_numpy()
        for axis in (batch.position.longitude, batch.position.latitude)
    )
    by_point = plan.jurisdiction.team(longitude, latitude)
    team = by_point.zip_with(by_point.is_not_null(), reported_team(plan, batch).gather(at))
    return nulls(batch.height, pl.String).scatter(at, team)


def reported_team(plan: Plan, batch: Batch) -> pl.Series:
    """Return the team that the feed reports, where it may be published."""
    reported = batch.column(REPORTED)
    names = plan.jurisdiction.teams or plan.feed.values.get(REPORTED, {}).values()
    return reported.set(~reported.is_in(pl.Series(list(names), dtype=pl.String).implode()), None)


def _position(batch: Batch) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return longitude and latitude of each row; NaN for none."""
    position = batch.position
    return position.longitude.fill_null(np.nan).to_numpy(), position.latitude.fill_null(np.nan).to_numpy()


@lru_cache(maxsize=2)
def _finder(places: Places, areas: Areas) -> Finder:
    """Return what finds units; it is made once for a run, and remembers the addresses that it has seen."""
    return Finder(places, areas)

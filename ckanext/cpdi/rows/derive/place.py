"""Where a row is, as a unit of the places file; only its team, where the address belongs to no unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ckanext.cpdi.rows.batch import Sheet
from ckanext.cpdi.rows.places import Places

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

COLUMNS = ("label", "team", "latitude", "longitude", "precision")
ADDRESS, REPORTED = "address", "reported_team"
INPUTS = (ADDRESS, "x", "y", REPORTED)


def derive(plan: Plan, sheet: Sheet, places: Places) -> None:
    """Add ``place.label``, ``place.team`` and so on: functions of the unit alone where there is one."""
    nothing = pl.repeat(None, sheet.height, dtype=pl.String, eager=True)
    unit = places.look_up(sheet.columns.get(ADDRESS, nothing))
    nowhere = unit["label"].is_null()
    unit = unit.with_columns(unit["team"].set(nowhere, None))
    sheet.columns |= {f"place.{name}": unit[name] for name in COLUMNS}
    if nowhere.any():
        sheet.columns["place.team"] = unit["team"].zip_with(~nowhere, team_of(plan, sheet, nowhere.to_numpy()))


def team_of(plan: Plan, sheet: Sheet, rows: np.ndarray) -> pl.Series:
    """Return the team by the point, else as the feed reports it, for ``rows``; null for the others.

    A reported one must be among those that the profile draws, else among those that it translates: a feed's free text
    is not published.
    """
    team = pl.repeat(None, sheet.height, dtype=pl.String, eager=True)
    at = np.flatnonzero(rows)
    reported = sheet.columns.get(REPORTED, team).gather(at)
    known = plan.jurisdiction.teams or plan.feed.values.get(REPORTED, {}).values()
    reported = reported.set(~reported.is_in(pl.Series(list(known), dtype=pl.String).implode()), None)
    if "point.longitude" in sheet.columns:
        longitude, latitude = (
            sheet.columns[f"point.{axis}"].gather(at).fill_null(float("nan")).to_numpy()
            for axis in ("longitude", "latitude")
        )
        by_point = plan.jurisdiction.team(longitude, latitude)
        reported = by_point.zip_with(by_point.is_not_null(), reported)
    return team.scatter(at, reported)

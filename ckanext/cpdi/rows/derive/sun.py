"""Whether it was light: the sun's height at the exact time and place, before both are coarsened.

The formulas are the low-precision ones of the Astronomical Almanac, good to a hundredth of a degree until 2050.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.sheet import Sheet
from ckanext.cpdi.rows.zone import DAY, MISSING, as_micros

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

COLUMNS = ("light",)
SUNRISE = -0.833
"""Degrees: half of the sun's disc, and what the air bends."""
CIVIL_TWILIGHT = -6.0
_J2000_DAYS = 10957.5
"""Days from 1970 to noon of 2000-01-01."""

Floats = npt.NDArray[np.float64]


def derive(plan: Plan, sheet: Sheet) -> None:
    """Add ``sun.light``: day, twilight or dark; empty for a day without a time. A row without a point takes the
    department's centre, whence the sun stands within half a degree.
    """
    time = as_micros(sheet.columns[plan.table.time])
    known = (time != MISSING) & ~sheet.columns["time.dated"].to_numpy()
    nothing = pl.repeat(None, sheet.height, dtype=pl.Float64, eager=True)
    longitude = sheet.columns.get("point.longitude", nothing).fill_null(plan.ground.centre[0]).to_numpy()
    latitude = sheet.columns.get("point.latitude", nothing).fill_null(plan.ground.centre[1]).to_numpy()
    height = altitude(np.where(known, time, 0), longitude, latitude)
    light = np.where(height > SUNRISE, 0, np.where(height > CIVIL_TWILIGHT, 1, 2))
    words = pl.Series(["day", "twilight", "dark", None], dtype=pl.String)
    sheet.columns["sun.light"] = words.gather(np.where(known, light, 3))


def altitude(utc: npt.NDArray[np.int64], longitude: Floats, latitude: Floats) -> Floats:
    """Return the sun's height above the horizon in degrees, at microseconds since 1970 and points in degrees."""
    days = utc / DAY - _J2000_DAYS
    mean_longitude = 280.460 + 0.9856474 * days
    anomaly = np.radians(357.528 + 0.9856003 * days)
    ecliptic = np.radians(mean_longitude + 1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 0.0000004 * days)
    right_ascension = np.degrees(np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic)))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal = 280.46062 + 360.98564737 * days
    hour_angle = np.radians(sidereal + longitude - right_ascension)
    place = np.radians(latitude)
    height = np.sin(place) * np.sin(declination) + np.cos(place) * np.cos(declination) * np.cos(hour_angle)
    return np.degrees(np.arcsin(np.clip(height, -1, 1)))

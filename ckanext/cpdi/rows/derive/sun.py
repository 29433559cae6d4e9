"""Whether it was light at a row's time, as far as that says no more of the time than what is published of it.

The formulas are the low-precision ones of the Astronomical Almanac, good to a hundredth of a degree until 2050.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare.tables.privacy import TIMES
from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.values.zone import DAY, HOUR, Micros, as_micros

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

COLUMNS = ("light",)
SUNRISE = -0.833
"""Degrees: half of the sun's disc, and what the air bends."""
CIVIL_TWILIGHT = -6.0
_J2000_DAYS = 10957.5
"""Days from 1970 to noon of 2000-01-01."""
_WORDS = ("day", "twilight", "dark", None)
_UNKNOWN = 3
_MINUTE, _HOUR = TIMES.index("minute"), TIMES.index("hour")

Floats = npt.NDArray[np.float64]
Light = npt.NDArray[np.int64]
"""Places in _WORDS."""


def light(plan: Plan, batch: Batch, at: npt.NDArray[np.int64], shown: npt.NDArray[np.int8]) -> pl.Series:
    """Return day, twilight or dark for the rows ``at``, whose time is published as ``shown`` (places in TIMES).

    A row that shows its minute has the light of that minute. One that shows its hour has a light only where it was the
    same for all of the hour: in the others it would tell in which part of the hour the row was, to some minutes at the
    edges of twilight. One that shows its day has none. A row without a point takes the department's centre, whence the
    sun stands within half a degree.
    """
    time = as_micros(batch.columns[plan.table.time])[at]
    axes = (batch.position.longitude, batch.position.latitude)
    longitude, latitude = (
        axis.gather(at).fill_null(centre).to_numpy()
        for axis, centre in zip(axes, plan.jurisdiction.centre, strict=True)
    )
    words = np.where(shown <= _HOUR, _light(time, longitude, latitude), _UNKNOWN)
    begin = plan.zone.floor(time, "hour")
    for moment in (begin, begin + HOUR // 2, begin + HOUR):
        words[(shown > _MINUTE) & (_light(moment, longitude, latitude) != words)] = _UNKNOWN
    return pl.Series(_WORDS, dtype=pl.String).gather(words)


def _light(utc: Micros, longitude: Floats, latitude: Floats) -> Light:
    """Return how light it is at instants and points."""
    height = altitude(utc, longitude, latitude)
    return np.where(height > SUNRISE, 0, np.where(height > CIVIL_TWILIGHT, 1, 2))


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

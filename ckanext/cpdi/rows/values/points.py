"""Points as feeds write them: degrees, TriTech's unsigned integers, projected metres or feet; swapped, mirrored, zero.

In: the texts of the inputs ``x`` and ``y``. Out: :class:`Points`, in degrees of WGS 84.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from pyproj import CRS, Transformer

from ckanext.cpdi.declare.departments.cells import Coordinates
from ckanext.cpdi.rows.ground.jurisdiction import Degrees, Jurisdiction
from ckanext.cpdi.rows.verdicts import Rows, truths

_MILLIONTHS = 1e6
_FIRST_ESRI_CODE = 100_000
"""Codes from here on are Esri's own (102733); EPSG's are smaller."""
_THOUSANDS = r"^[+-]?\d{1,3}(?:(?:,\d{3}){2,}|(?:,\d{3})+\.\d*)$"
"""Numbers whose commas can be nothing but thousands signs: several of them, or a point behind."""
_THOUSANDS_PROJECTED = r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$"
"""Such numbers among metres and feet, none of which lies within a thousand of a projection's origin."""


@dataclass(frozen=True)
class Points:
    """Longitude and latitude, NaN for none. ``missing``: no point at all, zeros included; ``unreadable``: a text that
    is no number; ``swapped`` and ``mirrored``: repaired; ``outside``: far from the department, whatever one does.
    """

    longitude: Degrees
    latitude: Degrees
    missing: Rows
    unreadable: Rows
    swapped: Rows
    mirrored: Rows
    outside: Rows


def read_points(x: pl.Series, y: pl.Series, reading: Coordinates, jurisdiction: Jurisdiction) -> Points:
    """Return the points that the texts ``x`` and ``y`` write."""
    grouped = _THOUSANDS_PROJECTED if reading.reading == "projected" else _THOUSANDS
    east, x_unreadable = _numbers(x, grouped)
    north, y_unreadable = _numbers(y, grouped)
    nothing = np.isnan(east) | np.isnan(north) | (east == 0) | (north == 0)
    east, north = _degrees(np.where(nothing, np.nan, east), np.where(nothing, np.nan, north), reading, jurisdiction)
    broken = ~nothing & ~(np.isfinite(east) & np.isfinite(north))
    nothing |= broken
    longitude, latitude = np.where(nothing, np.nan, east), np.where(nothing, np.nan, north)
    lost = ~nothing & ~jurisdiction.inside(longitude, latitude)
    swapped, mirrored = np.zeros_like(lost), np.zeros_like(lost)
    for swap, mirror in ((False, True), (True, False), (True, True)):
        place = np.flatnonzero(lost)
        if not len(place):
            break
        try_x, try_y = (north[place], east[place]) if swap else (east[place], north[place])
        try_x = -try_x if mirror else try_x
        inside = jurisdiction.inside(try_x, try_y)
        hit = place[inside]
        longitude[hit], latitude[hit] = try_x[inside], try_y[inside]
        swapped[hit], mirrored[hit], lost[hit] = swap, mirror, False
    return Points(longitude, latitude, nothing, x_unreadable | y_unreadable | broken, swapped, mirrored, lost)


def _numbers(texts: pl.Series, grouped: str) -> tuple[Degrees, Rows]:
    """Return texts as numbers (NaN for none) and which of them are none: words, NaN, infinity.

    ``grouped`` is what a number with thousands signs looks like.
    """
    numbers = texts.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy().copy()
    numbers[~np.isfinite(numbers)] = np.nan
    unreadable = truths(texts.is_not_null()) & np.isnan(numbers)
    if unreadable.any():
        at = np.flatnonzero(unreadable)
        some = texts.gather(at)
        plain = some.set(~some.str.contains(grouped), None).str.replace_all(",", "", literal=True)
        numbers[at] = plain.cast(pl.Float64, strict=False).fill_null(float("nan")).to_numpy()
        unreadable &= np.isnan(numbers)
    return numbers, unreadable


def _degrees(x: Degrees, y: Degrees, reading: Coordinates, jurisdiction: Jurisdiction) -> tuple[Degrees, Degrees]:
    """Return numbers as degrees; what already can be degrees stays, since exports change over the years."""
    already = (np.abs(x) <= 180) & (np.abs(y) <= 180)
    if reading.reading == "tritech":
        side = np.copysign(1.0, jurisdiction.centre)
        whole_x, whole_y = np.abs(x) / _MILLIONTHS * side[0], np.abs(y) / _MILLIONTHS * side[1]
        return np.where(already, x, whole_x), np.where(already, y, whole_y)
    if reading.reading == "projected":
        far_x, far_y = x.copy(), y.copy()
        place = np.flatnonzero(~already & ~np.isnan(x))
        far_x[place], far_y[place] = _transformer(reading.epsg).transform(x[place], y[place])
        return far_x, far_y
    return x, y


def _transformer(code: int) -> Transformer:
    """Return the way from a projection, by its EPSG or Esri code, to degrees."""
    authority = "ESRI" if code > _FIRST_ESRI_CODE else "EPSG"
    return Transformer.from_crs(CRS.from_authority(authority, code), CRS.from_epsg(4326), always_xy=True)

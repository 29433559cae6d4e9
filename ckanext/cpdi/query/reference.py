"""Coordinate reference systems in which questions and answers of services may be.

In: a number of EPSG's or Esri's, WKT, or a name by the OGC (``http://www.opengis.net/def/crs/EPSG/0/4326``). Out: a
system that turns its positions into degrees of WGS 84, longitude first, and back. Web Mercator (a sphere, EPSG:3857) is
reckoned here, since most maps ask for it; others are PROJ's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnknownFunctionError

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

Array = npt.NDArray[np.float64]
DEGREES, MERCATOR = 4326, 3857
_SAME = {3785: MERCATOR, 102100: MERCATOR, 102113: MERCATOR, 900913: MERCATOR, 104199: DEGREES}
"""Other numbers for what EPSG has a number for."""
RADIUS = 6_378_137.0
"""Metres of the sphere of EPSG:3857."""
NORTH = 85.051128779806604
"""Degrees of latitude where Web Mercator's square ends."""
_FARTHEST = 20.0
"""Radii from the equator beyond which every place is a pole."""
_EDGE = 20
"""Points along each side of a box by which it is carried into another system."""


def from_mercator(x: Any, y: Any, by: Any = math) -> tuple[Any, Any]:  # noqa: ANN401  numbers, or arrays by numpy
    """Return longitude and latitude of a position in metres; ``by`` is numpy where they are arrays.

    Longitudes go on beyond 180°, as maps that were drawn around the world send them.
    """
    return by.degrees(x / RADIUS), by.degrees(2 * by.atan(by.exp(y / RADIUS)) - math.pi / 2)


def to_mercator(longitude: Any, latitude: Any, by: Any = math) -> tuple[Any, Any]:  # noqa: ANN401  as above
    """Return the position in metres of a longitude and a latitude, neither of them a pole's."""
    return by.radians(longitude) * RADIUS, by.log(by.tan(math.pi / 4 + by.radians(latitude) / 2)) * RADIUS


@dataclass(frozen=True)
class Reference:
    """A reference system: ``wkid`` is the number that a client called it by, 0 where it came as ``wkt``."""

    wkid: int
    wkt: str = ""

    @property
    def epsg(self) -> int:
        """The number that EPSG has for it, or else Esri's; 0 where it came as WKT."""
        return _SAME.get(self.wkid, self.wkid)

    @property
    def is_mercator(self) -> bool:
        """Whether this is Web Mercator, under any of its numbers."""
        return self.epsg == MERCATOR

    @property
    def is_degrees(self) -> bool:
        """Whether coordinates are degrees already; the datum may be another."""
        return self.epsg == DEGREES or (not self.is_mercator and bool(self.crs.is_geographic))

    @cached_property
    def crs(self) -> CRS:
        """The system as PROJ knows it; raises CRSError where it does not."""
        return _crs(self.epsg, self.wkt)

    @property
    def metres(self) -> float:
        """How many metres one unit is; 1 where coordinates are degrees."""
        return 1.0 if self.is_degrees else float(self.crs.axis_info[0].unit_conversion_factor)

    @property
    def decimals(self) -> int:
        """Decimals of a coordinate that say more than a point does: 1 mm of metres or feet, 0.1 mm of degrees."""
        return 9 if self.epsg == DEGREES else 3

    def document(self) -> dict[str, int]:
        """Return it as answers of GeoServices have it."""
        return {"wkid": self.wkid, "latestWkid": self.epsg}

    def to_degrees(self, coordinates: Array) -> Array:
        """Return pairs of coordinates (n × 2) as longitude and latitude; what PROJ cannot turn is infinite."""
        if self.epsg == DEGREES:
            return coordinates
        if self.is_mercator:
            y = np.clip(coordinates[:, 1], -_FARTHEST * RADIUS, _FARTHEST * RADIUS)
            return np.column_stack(from_mercator(coordinates[:, 0], y, np))
        return np.column_stack(_transformer(self.epsg, self.wkt).transform(coordinates[:, 0], coordinates[:, 1]))

    def project(self, longitudes: Array, latitudes: Array) -> tuple[Array, Array]:
        """Return points of WGS 84 in this system."""
        if self.epsg == DEGREES:
            return longitudes, latitudes
        if self.is_mercator:
            return to_mercator(longitudes, np.clip(latitudes, -NORTH, NORTH), np)
        x, y = _transformer(self.epsg, self.wkt).transform(longitudes, latitudes, direction="INVERSE")
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def bounds(self, west: float, south: float, east: float, north: float) -> tuple[float, float, float, float]:
        """Return the least box in this system that holds a box of WGS 84."""
        across, along = np.linspace(west, east, _EDGE), np.linspace(south, north, _EDGE)
        x = np.concatenate([across, across, np.full(_EDGE, west), np.full(_EDGE, east)])
        y = np.concatenate([np.full(_EDGE, south), np.full(_EDGE, north), along, along])
        xs, ys = self.project(x, y)
        return float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max())

    def area(self) -> tuple[float, float, float, float] | None:
        """Return the box in its own coordinates that the system is made for; None where PROJ knows none."""
        from pyproj.exceptions import ProjError

        used = self.crs.area_of_use
        if used is None or used.west > used.east:
            return None
        try:
            return _transformer(self.epsg, self.wkt).transform_bounds(*used.bounds, direction="INVERSE")
        except ProjError:
            return None


@dataclass(frozen=True, slots=True)
class Axes:
    """A reference system as the OGC names it, by its ``uri``: one position at a time, in the order of its axes."""

    uri: str
    reference: Reference
    latitude_first: bool = False

    def to_degrees(self, first: float, second: float) -> tuple[float, float]:
        """Return longitude and latitude of a position in this system."""
        if self.reference.is_mercator:
            return from_mercator(first, max(-_FARTHEST * RADIUS, min(second, _FARTHEST * RADIUS)))
        return (second, first) if self.latitude_first else (first, second)

    def from_degrees(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the position in this system of a longitude and a latitude."""
        if self.reference.is_mercator:
            return to_mercator(longitude, min(NORTH, max(-NORTH, latitude)))
        return (latitude, longitude) if self.latitude_first else (longitude, latitude)


WGS84, WEB_MERCATOR = Reference(DEGREES), Reference(MERCATOR)
CRS84 = Axes("http://www.opengis.net/def/crs/OGC/1.3/CRS84", WGS84)
EPSG_4326 = Axes("http://www.opengis.net/def/crs/EPSG/0/4326", WGS84, latitude_first=True)
EPSG_3857 = Axes("http://www.opengis.net/def/crs/EPSG/0/3857", WEB_MERCATOR)
NAMED = {axes.uri: axes for axes in (CRS84, EPSG_4326, EPSG_3857)}


def find_axes(uri: str, parameter: str = "") -> Axes:
    """Return the system called ``uri``; raise UnknownFunctionError, which names what there is."""
    named = uri.strip().strip("[]").replace("https://", "http://", 1)
    if named not in NAMED:
        raise UnknownFunctionError(
            Said(
                "{uri!r} is no reference system of this service; there are {named}",
                uri=uri[:80],
                named=", ".join(NAMED),
            ),
            parameter,
        )
    return NAMED[named]


@lru_cache(maxsize=256)
def _crs(number: int, wkt: str) -> CRS:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if wkt:
        return CRS.from_wkt(wkt)
    try:
        return CRS.from_epsg(number)
    except CRSError:
        return CRS.from_authority("ESRI", number)


@lru_cache(maxsize=64)
def _transformer(number: int, wkt: str) -> Transformer:
    """Return what carries a system into degrees of WGS 84, and back."""
    from pyproj import Transformer

    return Transformer.from_crs(_crs(number, wkt), DEGREES, always_xy=True)

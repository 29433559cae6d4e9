"""Coordinate reference systems in which questions and answers of services may be: their names and their axes.

In: a name by the OGC (``http://www.opengis.net/def/crs/EPSG/0/4326``). Out: a system that turns its positions into
degrees of WGS 84, longitude first, and back. The web's Mercator is that of EPSG:3857, a sphere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from ckanext.cpdi.query.errors import UnknownFunctionError

RADIUS = 6_378_137.0
"""Metres of the sphere of EPSG:3857."""
_HIGHEST = 89.99
"""Degrees of latitude beyond which the web's Mercator has no sensible place."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference system: its ``uri``, its number by the EPSG, and whether its latitude comes first."""

    uri: str
    code: int
    latitude_first: bool = False
    in_metres: bool = False

    def to_degrees(self, first: float, second: float) -> tuple[float, float]:
        """Return longitude and latitude of a position in this system."""
        if self.in_metres:
            latitude = math.degrees(2 * math.atan(math.exp(min(second / RADIUS, 700.0))) - math.pi / 2)
            return math.degrees(first / RADIUS), latitude
        return (second, first) if self.latitude_first else (first, second)

    def from_degrees(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the position in this system of a longitude and a latitude."""
        if self.in_metres:
            angle = math.radians(min(_HIGHEST, max(-_HIGHEST, latitude)))
            return math.radians(longitude) * RADIUS, math.log(math.tan(math.pi / 4 + angle / 2)) * RADIUS
        return (latitude, longitude) if self.latitude_first else (longitude, latitude)


CRS84 = Reference("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326)
WGS84 = Reference("http://www.opengis.net/def/crs/EPSG/0/4326", 4326, latitude_first=True)
MERCATOR = Reference("http://www.opengis.net/def/crs/EPSG/0/3857", 3857, in_metres=True)
REFERENCES = {reference.uri: reference for reference in (CRS84, WGS84, MERCATOR)}


def find_reference(uri: str, parameter: str = "") -> Reference:
    """Return the system called ``uri``; raise UnknownFunctionError, which names what there is."""
    named = uri.strip().strip("[]").replace("https://", "http://", 1)
    if named not in REFERENCES:
        raise UnknownFunctionError(
            f"{uri[:80]!r} is no reference system of this service; there are {', '.join(REFERENCES)}", parameter
        )
    return REFERENCES[named]

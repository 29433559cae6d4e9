"""Spatial references as GeoServices name them: a number, or a document with ``wkid``, ``latestWkid`` or ``wkt``.

In: the text or value of ``inSR`` or ``outSR``. Out: a reference that turns coordinates into degrees of WGS 84. Esri has
numbers of its own (102100 is Web Mercator), which PROJ knows beside those of EPSG.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from ckanext.cpdi.query.errors import QueryError, UnreadableError

Array = np.ndarray[Any, np.dtype[np.float64]]
WGS84, WEB_MERCATOR = 4326, 3857
_MERCATORS = {3857, 3785, 102100, 102113, 900913}
RADIUS = 6_378_137.0
"""Metres of Web Mercator's sphere."""
_HIGHEST = 1_000_000
"""Above all numbers of EPSG and Esri."""
_LONGEST = 8_000
"""Characters of a reference; the longest WKT of EPSG has some 5,000."""


@dataclass(frozen=True)
class Reference:
    """A spatial reference: ``wkid`` is its number, 0 where it came as WKT."""

    wkid: int
    wkt: str = ""

    @property
    def is_mercator(self) -> bool:
        """Whether this is Web Mercator, under any of its numbers."""
        return self.wkid in _MERCATORS

    @property
    def is_degrees(self) -> bool:
        """Whether coordinates are degrees already; the datum may be another."""
        return self.wkid == WGS84 or (not self.is_mercator and bool(self.crs.is_geographic))

    @cached_property
    def crs(self) -> CRS:
        """The reference as PROJ knows it."""
        return _crs(self.wkid, self.wkt)

    @property
    def metres(self) -> float:
        """How many metres one unit is; 1 where coordinates are degrees."""
        return 1.0 if self.is_degrees else float(self.crs.axis_info[0].unit_conversion_factor)

    def to_degrees(self, coordinates: Array) -> Array:
        """Return pairs of coordinates (n × 2) as longitude and latitude; what PROJ cannot turn is infinite.

        Longitudes of Web Mercator go on beyond 180°, as maps that were drawn around the world send them.
        """
        if self.wkid == WGS84:
            return coordinates
        if self.is_mercator:
            longitude = np.degrees(coordinates[:, 0] / RADIUS)
            latitude = np.degrees(2 * np.arctan(np.exp(np.clip(coordinates[:, 1] / RADIUS, -20, 20))) - math.pi / 2)
            return np.column_stack([longitude, latitude])
        return np.column_stack(_transformer(self.wkid, self.wkt).transform(coordinates[:, 0], coordinates[:, 1]))

    def area(self) -> tuple[float, float, float, float] | None:
        """Return the box in its own coordinates that the reference is made for; None where PROJ knows none."""
        used = self.crs.area_of_use
        if used is None or used.west > used.east:
            return None
        try:
            transformer = Transformer.from_crs(self.crs, WGS84, always_xy=True)
            return transformer.transform_bounds(*used.bounds, direction="INVERSE")
        except ProjError:
            return None


def read_reference(value: object, parameter: str) -> Reference | None:
    """Return the reference of ``value``: a text, a number or a document; None where there is none.

    Of a document the first of its names counts that is known: ``wkid`` before ``latestWkid``, since answers repeat it.
    Raises QueryError for a reference that is none.
    """
    if isinstance(value, str):
        value = _document(value.strip(), parameter)
    named = _names(cast("dict[str, object]", value)) if isinstance(value, dict) else [value]
    asked = [_reference(name, parameter) for name in named if name not in (None, "")]
    known = (candidate for candidate in asked if _is_known(candidate))
    reference = next(known, None)
    if asked and reference is None:
        shown = asked[0].wkid or "this text"
        raise QueryError(f"{shown} is no spatial reference; 4326 and 3857 are usual ones", parameter)
    return reference


def _names(document: dict[str, object]) -> list[object]:
    return [document.get(key) for key in ("wkid", "latestWkid", "wkt2", "wkt")]


def _reference(name: object, parameter: str) -> Reference:
    if isinstance(name, str) and not name.isdigit():
        return Reference(0, name)
    try:
        number = int(cast("int", name)) if not isinstance(name, bool) else 0
    except (TypeError, ValueError, OverflowError):
        number = 0
    if not 0 < number < _HIGHEST:
        raise UnreadableError('a spatial reference is a number such as 4326, or {"wkid":4326}', parameter)
    return Reference(number)


def _document(text: str, parameter: str) -> object:
    """Return a document, a number or the text itself."""
    if len(text) > _LONGEST:
        raise QueryError(f"a spatial reference has at most {_LONGEST} characters", parameter)
    if not text.startswith("{"):
        return text.upper().removeprefix("EPSG:") or None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("a spatial reference is a number, or a document of JSON", parameter) from None


def _is_known(reference: Reference) -> bool:
    """Return whether PROJ knows ``reference``, and it is one of the ground."""
    if reference.wkid == WGS84 or reference.is_mercator:
        return True
    try:
        crs = _crs(reference.wkid, reference.wkt)
    except (CRSError, ProjError, UnicodeError):
        return False
    return bool(crs.is_projected or crs.is_geographic)


@lru_cache(maxsize=256)
def _crs(wkid: int, wkt: str) -> CRS:
    if wkt:
        return CRS.from_wkt(wkt)
    return CRS.from_epsg(WEB_MERCATOR) if wkid in _MERCATORS else _numbered(wkid)


def _numbered(wkid: int) -> CRS:
    try:
        return CRS.from_epsg(wkid)
    except CRSError:
        return CRS.from_authority("ESRI", wkid)


@lru_cache(maxsize=32)
def _transformer(wkid: int, wkt: str) -> Transformer:
    return Transformer.from_crs(_crs(wkid, wkt), WGS84, always_xy=True)

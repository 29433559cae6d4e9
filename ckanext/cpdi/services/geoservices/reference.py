"""Spatial references: which one a client names, and points and boxes in it.

The table has degrees of WGS 84. Web Mercator is reckoned here; others are PROJ's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.grammars import arcgis_reference
from ckanext.cpdi.selection.reader import Box

Numbers = npt.NDArray[np.float64]
DEGREES, MERCATOR = 4326, 3857
_SAME = {102100: MERCATOR, 102113: MERCATOR, 900913: MERCATOR, 104199: DEGREES}
"""Esri's own numbers for what EPSG has a number for."""
RADIUS = 6_378_137.0
_NORTH = 85.051128779806604
"""Degrees of latitude where Web Mercator ends."""
_EDGE = 20
"""Points along each side of a box by which it is carried into another reference."""


@dataclass(frozen=True)
class Reference:
    """A spatial reference: the ``wkid`` by which the client named it, and that of EPSG."""

    wkid: int
    epsg: int

    def document(self) -> dict[str, int]:
        """Return it as answers have it."""
        return {"wkid": self.wkid, "latestWkid": self.epsg}

    @property
    def decimals(self) -> int:
        """Decimals of a coordinate that say more than a point does: 1 mm of metres or feet, 0.1 mm of degrees."""
        return 9 if self.epsg == DEGREES else 3

    def project(self, longitudes: Numbers, latitudes: Numbers) -> tuple[Numbers, Numbers]:
        """Return points of WGS 84 in this reference."""
        if self.epsg == DEGREES:
            return longitudes, latitudes
        if self.epsg == MERCATOR:
            clipped = np.clip(latitudes, -_NORTH, _NORTH)
            return np.radians(longitudes) * RADIUS, np.log(np.tan(np.radians(90 + clipped) / 2)) * RADIUS
        x, y = _transformer(self.epsg).transform(longitudes, latitudes)
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def box(self, box: Box) -> Box:
        """Return the box in this reference that holds ``box``."""
        steps = np.linspace(0, 1, _EDGE)
        across = box.west + (box.east - box.west) * steps
        along = box.south + (box.north - box.south) * steps
        first, last = np.zeros(_EDGE), np.ones(_EDGE)
        x = np.concatenate([across, across, box.west + first, box.west + (box.east - box.west) * last])
        y = np.concatenate([box.south + first, box.south + (box.north - box.south) * last, along, along])
        xs, ys = self.project(x, y)
        return Box(float(xs.min()), float(ys.min()), float(xs.max()), float(ys.max()))


WGS84 = Reference(DEGREES, DEGREES)


def read_reference(text: str, parameter: str) -> Reference | None:
    """Return the reference that ``text`` names: a number, or an object with ``wkid``; None for none.

    Raises UnreadableError for one that is not known.
    """
    named = arcgis_reference.read_reference(text, parameter)
    if named is None:
        return None
    if not named.wkid:
        raise UnreadableError(f"{parameter} is to be given by its number (wkid), such as {DEGREES}", parameter)
    return of_wkid(named.wkid, parameter)


def of_wkid(wkid: int, parameter: str) -> Reference:
    """Return the reference of a number; raise UnreadableError where it is not known."""
    epsg = _SAME.get(wkid, wkid)
    if epsg not in (DEGREES, MERCATOR) and not _is_known(epsg):
        raise UnreadableError(f"{parameter}: {wkid} is no spatial reference that is known here", parameter)
    return Reference(wkid, epsg)


def _is_known(epsg: int) -> bool:
    try:
        _transformer(epsg)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=64)
def _transformer(epsg: int) -> Any:  # noqa: ANN401  pyproj is loaded where somebody needs it
    """Return what carries degrees of WGS 84 into ``epsg``; raise ValueError where there is no such reference."""
    from pyproj import CRS, Transformer
    from pyproj.exceptions import ProjError

    for authority in ("EPSG", "ESRI"):
        try:
            target = CRS.from_authority(authority, epsg)
            return Transformer.from_crs(CRS.from_epsg(DEGREES), target, always_xy=True)
        except ProjError:
            continue
    raise ValueError(epsg)

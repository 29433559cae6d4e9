"""Where a department works: the surroundings of its boundary, beyond which a point is an error; its teams' areas."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely
from shapely.geometry import shape

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.rows.ground.areas import TEAM, Areas
from ckanext.cpdi.rows.ground.cells import Plane
from ckanext.cpdi.rows.verdicts import Rows

Degrees = npt.NDArray[np.float64]
Area: TypeAlias = Any
"""A geometry of shapely, which comes without types."""

_KM_A_DEGREE = 111.32
_COARSE_KM = 0.05


class Jurisdiction:
    """The boundary with its surroundings, and the teams; points are longitudes and latitudes in degrees."""

    def __init__(self, profile: Profile) -> None:
        """Read the profile's boundary and teams; raise DeclarationError where a file cannot be read."""
        boundary = shapely.union_all([area for _, area in _areas(profile.geojson(profile.boundary))])
        self.centre: tuple[float, float] = (boundary.centroid.x, boundary.centroid.y)
        self._surroundings = _widened(boundary, profile.surroundings_km)
        self._bounds = self._surroundings.bounds
        shapely.prepare(self._surroundings)
        self._teams = _areas(profile.geojson(profile.teams)) if profile.teams else []
        self.teams = [name for name, _ in self._teams]
        for _, area in self._teams:
            shapely.prepare(area)
        self.plane = Plane(*self.centre)
        layers = {name: _areas(profile.geojson(path)) for name, path in profile.areas.items()}
        self.areas = Areas({TEAM: self._teams, **layers})

    def inside(self, longitude: Degrees, latitude: Degrees) -> Rows:
        """Return which points lie in the surroundings; one that is not a number does not."""
        west, south, east, north = self._bounds
        near = (longitude >= west) & (longitude <= east) & (latitude >= south) & (latitude <= north)
        place = np.flatnonzero(near)
        near[place] = shapely.contains_xy(self._surroundings, longitude[place], latitude[place])
        return near

    def team(self, longitude: Degrees, latitude: Degrees) -> pl.Series:
        """Return the name of the team in whose area each point lies; null outside all of them."""
        team = np.zeros(len(longitude), dtype=np.int64)
        names: list[str | None] = [None]
        for name, area in self._teams:
            names.append(name)
            unplaced = np.flatnonzero((team == 0) & ~np.isnan(longitude) & ~np.isnan(latitude))
            team[unplaced[shapely.contains_xy(area, longitude[unplaced], latitude[unplaced])]] = len(names) - 1
        return pl.Series(names, dtype=pl.String).gather(team)


def _areas(geojson: dict[str, Any]) -> list[tuple[str, Area]]:
    """Return the areas of a GeoJSON document with their names."""
    features: list[dict[str, Any]] = geojson.get("features") or [geojson]
    areas: list[tuple[str, Area]] = []
    for feature in features:
        properties: dict[str, Any] = feature.get("properties") or {}
        area = shapely.make_valid(shape(feature.get("geometry", feature)))
        areas.append((str(properties.get("name", "")), area))
    return areas


@lru_cache(maxsize=8)
def _widened(area: Area, km: float) -> Area:
    """Return ``area`` with what lies within ``km`` of it, the outline a little simplified."""
    narrow = float(np.cos(np.radians(area.centroid.y)))
    flat: Area = shapely.transform(area, lambda xy: xy * [narrow * _KM_A_DEGREE, _KM_A_DEGREE])
    wide = shapely.simplify(shapely.buffer(flat, km, quad_segs=4), _COARSE_KM)
    return shapely.transform(wide, lambda xy: xy / [narrow * _KM_A_DEGREE, _KM_A_DEGREE])

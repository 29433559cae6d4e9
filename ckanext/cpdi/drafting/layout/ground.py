"""Where a department is, as far as a draft knows: its boundary, else its state, else the bulk of its points."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj.database import query_crs_info
from pyproj.enums import PJType
from shapely.geometry import box, mapping, shape

from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.layout.states import State

Numbers = npt.NDArray[np.float64]
_AROUND = 0.1
"""Degrees around a boundary in which points are the department's as well."""
_COUNTRY = (-179.0, 17.0, -64.0, 72.0)
_STATE = "United States (USA) - "
_BULK = (2.0, 98.0)
_HUNDREDTHS = 100
_WIDEST = 1.5
"""Degrees: points that lie farther apart than that are not of one city."""


@dataclass(frozen=True)
class Ground:
    """``area`` in degrees of WGS 84; ``is_state``: it is no more than a box around a state, or the country."""

    area: Any
    is_state: bool
    words: str
    state: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it is more than the country."""
        return bool(self.state) or not self.is_state

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north."""
        return self.area.bounds

    @property
    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of the middle."""
        return self.area.centroid.x, self.area.centroid.y

    def inside(self, longitude: Numbers, latitude: Numbers) -> npt.NDArray[np.bool_]:
        """Return which points lie in the area, or near it."""
        west, south, east, north = self.bounds
        return (
            (longitude > west - _AROUND)
            & (longitude < east + _AROUND)
            & (latitude > south - _AROUND)
            & (latitude < north + _AROUND)
        )

    def may_have(self, area: str) -> bool:
        """Say whether a system for ``area``, as PROJ names it, may be used here: not where that is another state."""
        return not self.state or not area.startswith(_STATE) or _is_of(area, self.state)

    def geojson(self) -> str:
        """Return the area as a GeoJSON document."""
        feature = {"type": "Feature", "properties": {}, "geometry": mapping(self.area)}
        return json.dumps({"type": "FeatureCollection", "features": [feature]}) + "\n"


def of_boundary(path: Path) -> Ground:
    """Return the ground of a GeoJSON boundary; raise DraftError where the file is none."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8"))
        features: list[Any] = document.get("features") or [document]
        area = shapely.union_all([shapely.make_valid(shape(part.get("geometry", part))) for part in features])
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise DraftError(f"The boundary {path.name} is no GeoJSON that can be read.") from error
    west, south, east, north = area.bounds if not area.is_empty else (0, 0, 999, 999)
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise DraftError(f"The boundary {path.name} is not in degrees of WGS 84.")
    return Ground(area, is_state=False, words=f"the boundary {path.name}")


def of_state(state: State | None) -> Ground:
    """Return the box around a state, or around the country where it is not known."""
    boxes = [
        box(info.area_of_use.west, info.area_of_use.south, info.area_of_use.east, info.area_of_use.north)
        for info in query_crs_info("EPSG", PJType.PROJECTED_CRS)
        if state and info.area_of_use and _is_of(info.area_of_use.name or "", state.name)
    ]
    if not state or not boxes:
        return Ground(box(*_COUNTRY), is_state=True, words="a box around the country")
    return Ground(
        box(*shapely.union_all(boxes).bounds), is_state=True, words=f"a box around {state.name}", state=state.name
    )


def _is_of(area: str, state: str) -> bool:
    """Say whether an area of PROJ's database lies in one state alone: ``United States (USA) - Vermont.``"""
    name = area.removeprefix(_STATE)
    return name != area and (name.rstrip(".") == state or name.startswith(f"{state} - "))


def of_points(longitude: Numbers, latitude: Numbers) -> Ground | None:
    """Return a box around the bulk of the points, rounded to hundredths of a degree; None where they are of no city.

    It is rounded outwards, so that no point stands in the file.
    """
    known = np.isfinite(longitude) & np.isfinite(latitude)
    if known.sum() < _HUNDREDTHS:
        return None
    west, east = np.percentile(longitude[known], _BULK)
    south, north = np.percentile(latitude[known], _BULK)
    if east - west > _WIDEST or north - south > _WIDEST:
        return None
    lower = np.floor(np.array([west, south]) * _HUNDREDTHS) / _HUNDREDTHS
    upper = np.ceil(np.array([east, north]) * _HUNDREDTHS) / _HUNDREDTHS
    area = box(float(lower[0]), float(lower[1]), float(upper[0]), float(upper[1]))
    return Ground(area, is_state=False, words="a box around nearly all points")

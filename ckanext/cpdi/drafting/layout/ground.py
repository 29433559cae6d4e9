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
from shapely.errors import ShapelyError
from shapely.geometry import box, mapping, shape

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.layout.states import State
from ckanext.cpdi.drafting.phrases import phrase

Numbers = npt.NDArray[np.float64]
_AROUND = 0.1
"""Degrees around a boundary in which points are the department's as well."""
_COUNTRY = (-179.0, 17.0, -64.0, 72.0)
_POLYGONS = ("Polygon", "MultiPolygon")
_AROUND_COUNTRY = Text("a box around the country", "un recuadro alrededor del país")
_AROUND_POINTS = Text("a box around nearly all points", "un recuadro alrededor de casi todos los puntos")
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
    words: Text
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


def of_boundary(path: Path, state: State | None = None) -> Ground:
    """Return the ground of a GeoJSON boundary; raise DraftError, in plain words, where the file is none.

    A boundary that lies outside ``state`` is none either: it is another city's, or its numbers are exchanged.
    """
    parts = [_geometry(feature) for feature in _features(path)]
    kinds = sorted({str(part.geom_type) for part in parts})
    if others := [kind for kind in kinds if kind not in _POLYGONS]:
        raise DraftError(_no_area(path, ", ".join(others)))
    area = shapely.union_all([piece for part in parts for piece in _polygons(shapely.make_valid(part))])
    if area.is_empty:
        raise DraftError(_no_area(path, ""))
    west, south, east, north = area.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise DraftError(
            phrase(
                "The boundary {file} is not in degrees of WGS 84: export it in longitudes and latitudes (EPSG:4326).",
                "El límite {file} no está en grados de WGS 84: expórtelo en longitudes y latitudes (EPSG:4326).",
                file=path.name,
            )
        )
    if state and not area.intersects(of_state(state).area):
        raise DraftError(
            phrase(
                "The boundary {file} does not lie in {state}: is it another place's, or do latitudes stand before"
                " longitudes in it?",
                "El límite {file} no está en {state}: ¿es de otro lugar, o están en él las latitudes antes de las"
                " longitudes?",
                file=path.name,
                state=state.name,
            )
        )
    return Ground(area, is_state=False, words=phrase("the boundary {file}", "el límite {file}", file=path.name))


def _features(path: Path) -> list[Any]:
    """Return the features of a GeoJSON document, or the one geometry that it is."""
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8-sig"))
        features = document.get("features", [document])
        return list(features)
    except (OSError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise DraftError(_no_geojson(path)) from error


def _geometry(feature: Any) -> Any:  # noqa: ANN401  whatever JSON can hold
    """Return the geometry of a feature; an empty one where it has none."""
    geometry = feature.get("geometry", feature) if isinstance(feature, dict) else feature
    try:
        return shape(geometry) if geometry else shapely.Polygon()
    except (ValueError, AttributeError, KeyError, TypeError, IndexError, ShapelyError) as error:
        raise DraftError(
            Text(
                "The boundary holds something that is no geometry of GeoJSON.",
                "El límite contiene algo que no es una geometría de GeoJSON.",
            )
        ) from error


def _polygons(area: Any) -> list[Any]:  # noqa: ANN401  Shapely's geometries
    """Return the polygons of a geometry, without the lines and points that repairing one may leave."""
    return [part for part in getattr(area, "geoms", [area]) if part.geom_type in _POLYGONS]


def _no_geojson(path: Path) -> Text:
    return phrase(
        "The boundary {file} is no GeoJSON that can be read. A shapefile or a KML has to be exported as GeoJSON first.",
        "El límite {file} no es un GeoJSON legible. Un shapefile o un KML tiene que exportarse antes como GeoJSON.",
        file=path.name,
    )


def _no_area(path: Path, kinds: str) -> Text:
    """Return the refusal of a boundary without an area; ``kinds`` are those of its geometries, empty for none."""
    held = phrase("holds {kinds}", "contiene {kinds}", kinds=kinds) if kinds else Text("is empty", "está vacío")
    return phrase(
        "The boundary {file} {held}, and no area: what is wanted is the city's outline, a Polygon or MultiPolygon.",
        "El límite {file} {held}, y ningún área: se necesita el contorno de la ciudad, un Polygon o MultiPolygon.",
        file=path.name,
        held=held,
    )


def of_state(state: State | None) -> Ground:
    """Return the box around a state, or around the country where it is not known."""
    boxes = [
        box(info.area_of_use.west, info.area_of_use.south, info.area_of_use.east, info.area_of_use.north)
        for info in query_crs_info("EPSG", PJType.PROJECTED_CRS)
        if state and info.area_of_use and _is_of(info.area_of_use.name or "", state.name)
    ]
    if not state or not boxes:
        return Ground(box(*_COUNTRY), is_state=True, words=_AROUND_COUNTRY)
    words = phrase("a box around {state}", "un recuadro alrededor de {state}", state=state.name)
    return Ground(box(*shapely.union_all(boxes).bounds), is_state=True, words=words, state=state.name)


def _is_of(area: str, state: str) -> bool:
    """Say whether an area of PROJ's database lies in one state alone: ``United States (USA) - Vermont.``"""
    name = area.removeprefix(_STATE)
    return name != area and (name.rstrip(".") == state or name.startswith(f"{state} - "))


def is_compact(longitude: Numbers, latitude: Numbers) -> bool:
    """Say whether nearly all points lie as close together as those of one city."""
    known = np.isfinite(longitude) & np.isfinite(latitude)
    if not known.any():
        return False
    west, east = np.percentile(longitude[known], _BULK)
    south, north = np.percentile(latitude[known], _BULK)
    return bool(east - west <= _WIDEST and north - south <= _WIDEST)


def of_points(longitude: Numbers, latitude: Numbers) -> Ground | None:
    """Return a box around the bulk of the points, rounded to hundredths of a degree; None where they are of no city.

    It is rounded outwards, so that no point stands in the file.
    """
    known = np.isfinite(longitude) & np.isfinite(latitude)
    if known.sum() < _HUNDREDTHS or not is_compact(longitude, latitude):
        return None
    west, east = np.percentile(longitude[known], _BULK)
    south, north = np.percentile(latitude[known], _BULK)
    lower = np.floor(np.array([west, south]) * _HUNDREDTHS) / _HUNDREDTHS
    upper = np.ceil(np.array([east, north]) * _HUNDREDTHS) / _HUNDREDTHS
    area = box(float(lower[0]), float(lower[1]), float(upper[0]), float(upper[1]))
    return Ground(area, is_state=False, words=_AROUND_POINTS)

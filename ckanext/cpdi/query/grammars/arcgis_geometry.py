"""The geometry of a query of GeoServices: Esri's JSON, or the comma form of an envelope or a point.

In: the parameters. Out: a condition in degrees of WGS 84. Rows are points, so that a point is contained in a geometry
where it intersects it; relations that no point can have are refused. https://developers.arcgis.com/rest/
services-reference/enterprise/geometry-objects/
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import (
    QueryError,
    TooLargeQueryError,
    UnknownFunctionError,
    UnreadableError,
    WrongTypeError,
)
from ckanext.cpdi.query.grammars import arcgis_shapes as shapes
from ckanext.cpdi.query.grammars.arcgis_reference import read_reference
from ckanext.cpdi.query.limits import POSITIONS, check_tree
from ckanext.cpdi.query.reference import WGS84, Array, Reference
from ckanext.cpdi.query.tree import EVERYTHING, NOTHING, Condition, Distance, Envelope, Intersects

_LONGEST = 1_500_000
"""Characters of a geometry."""
METRES = {
    "esrisrunit_meter": 1.0,
    "esrisrunit_kilometer": 1_000.0,
    "esrisrunit_foot": 0.3048,
    "esrisrunit_statutemile": 1_609.344,
    "esrisrunit_nauticalmile": 1_852.0,
    "esrisrunit_usnauticalmile": 1_853.248,
}
"""Metres of each unit of a distance, by its name in lower case."""
_INTERSECTS = ("esrispatialrelintersects", "esrispatialrelcontains", "esrispatialrelwithin")
_ENVELOPES = ("esrispatialrelenvelopeintersects", "esrispatialrelindexintersects")
_TYPES = {
    "esrigeometryenvelope": "xmin",
    "esrigeometrypoint": "x",
    "esrigeometrymultipoint": "points",
    "esrigeometrypolyline": "paths",
    "esrigeometrypolygon": "rings",
}
"""The key of the document of each type of geometry, by its name in lower case."""
_FARTHEST = 20_040_000.0
"""Metres between two points of the earth at most."""

Document = dict[str, object]


@dataclass(frozen=True)
class _Asked:
    """A geometry as a document, in its reference."""

    document: Document
    reference: Reference


def parse_geometry(
    geometry: str | None,
    geometry_type: str = "",
    in_sr: str = "",
    spatial_rel: str = "",
    distance: str = "",
    units: str = "",
) -> Condition:
    """Return the condition of a query's geometry: everything without one, nothing for an empty one.

    A geometry's own reference comes before ``in_sr``; without both it is in degrees. A distance without ``units`` is in
    those of a reference in feet or metres, and in metres else. Raises QueryError, with the name of the parameter.
    """
    text = (geometry or "").strip()
    if not text or text in ("null", "{}"):
        return EVERYTHING
    relation = _relation(spatial_rel)
    asked = _read(text, geometry_type, in_sr)
    condition = _condition(asked)
    if relation in _ENVELOPES and isinstance(condition, Intersects):
        condition = shapes.envelope(shapes.bounds(condition.geometry))
    metres = _metres(distance, units, asked.reference)
    return check_tree(_near(condition, metres), "geometry")


def _relation(text: str) -> str:
    relation = text.strip().lower() or _INTERSECTS[0]
    if relation not in (*_INTERSECTS, *_ENVELOPES):
        raise UnknownFunctionError(
            Said(
                "rows are points: spatialRel is esriSpatialRelIntersects, esriSpatialRelContains, "
                "esriSpatialRelWithin, esriSpatialRelEnvelopeIntersects or "
                "esriSpatialRelIndexIntersects, not {text}",
                text=text.strip()[:60],
            ),
            "spatialRel",
        )
    return relation


def _read(text: str, geometry_type: str, in_sr: str) -> _Asked:
    """Return the geometry as a document with its reference."""
    if len(text) > _LONGEST:
        raise TooLargeQueryError(Said("a geometry has at most {longest} characters", longest=_LONGEST), "geometry")
    kind = geometry_type.strip().lower()
    if kind and kind not in _TYPES:
        raise UnknownFunctionError(
            "geometryType is esriGeometryEnvelope, …Point, …Multipoint, …Polyline or …Polygon", "geometryType"
        )
    document = _json(text) if text.startswith("{") else _listed(text)
    if kind and _TYPES[kind] not in document:
        raise WrongTypeError(
            Said(
                "this geometry is no {geometry_type}: it has no {types!r}",
                geometry_type=geometry_type.strip(),
                types=_TYPES[kind],
            ),
            "geometry",
        )
    own = read_reference(document.get("spatialReference"), "geometry")
    return _Asked(document, own or read_reference(in_sr, "inSR") or WGS84)


def _json(text: str) -> Document:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("the geometry is no JSON, nor numbers with commas between", "geometry") from None
    if any(key.startswith("curve") for key in document):
        raise UnknownFunctionError("curves are not answered; send their corners", "geometry")
    return document


def _listed(text: str) -> Document:
    """Return the document of two numbers (a point) or four (an envelope)."""
    numbers = [_number(part) for part in text.split(",", 5)]
    if len(numbers) == 2:
        return dict(zip(("x", "y"), numbers, strict=True))
    if len(numbers) == 4:
        return dict(zip(("xmin", "ymin", "xmax", "ymax"), numbers, strict=True))
    raise UnreadableError("a geometry is JSON, x,y or xmin,ymin,xmax,ymax", "geometry")


def _condition(asked: _Asked) -> Condition:
    """Return the condition of the geometry alone, by the key that it has."""
    for key, make in _MAKERS.items():
        if key in asked.document:
            return make(asked)
    raise UnreadableError(Said("a geometry has one of the keys {makers}", makers=", ".join(_MAKERS)), "geometry")


def _envelope(asked: _Asked) -> Condition:
    raw = [asked.document.get(key) for key in ("xmin", "ymin", "xmax", "ymax")]
    if _is_empty(raw[0]):
        return NOTHING
    west, south, east, north = map(_number, raw)
    if south > north:
        south, north = north, south
    if west > east and not asked.reference.is_degrees:
        west, east = east, west
    return shapes.box(asked.reference, west, south, east, north)


def _point(asked: _Asked) -> Condition:
    raw = asked.document.get("x"), asked.document.get("y")
    if any(map(_is_empty, raw)):
        return NOTHING
    return shapes.points(_degrees(asked, [list(map(_number, raw))]))


def _multipoint(asked: _Asked) -> Condition:
    positions = _positions(asked.document["points"])
    return shapes.points(_degrees(asked, positions)) if positions else NOTHING


def _polyline(asked: _Asked) -> Condition:
    return shapes.lines([_degrees(asked, path) for path in _paths(asked.document["paths"], 2)])


def _polygon(asked: _Asked) -> Condition:
    rings = [np.array(ring) for ring in _paths(asked.document["rings"], 3)]
    if not asked.reference.is_degrees:
        rings = shapes.with_more_corners(rings)
    return shapes.polygon([_degrees(asked, ring) for ring in rings])


_MAKERS: dict[str, Callable[[_Asked], Condition]] = {
    "xmin": _envelope,
    "x": _point,
    "points": _multipoint,
    "paths": _polyline,
    "rings": _polygon,
}


def _degrees(asked: _Asked, positions: object) -> Array:
    degrees = asked.reference.to_degrees(np.array(positions, dtype=np.float64))
    if not np.isfinite(degrees).all():
        raise QueryError("the geometry lies where its spatial reference does not reach", "geometry")
    return degrees


def _paths(raw: object, least: int) -> list[list[list[float]]]:
    """Return lists of positions, without those that have too few to be one."""
    if not isinstance(raw, list):
        raise UnreadableError("rings and paths are lists of lists of positions", "geometry")
    paths = [_positions(part) for part in cast("list[object]", raw)]
    if sum(map(len, paths)) > POSITIONS:
        raise TooLargeQueryError(Said("a geometry has at most {positions} corners", positions=POSITIONS), "geometry")
    return [path for path in paths if len(path) >= least]


def _positions(raw: object) -> list[list[float]]:
    if not isinstance(raw, list):
        raise UnreadableError("positions are a list", "geometry")
    listed = cast("list[object]", raw)
    if len(listed) > POSITIONS:
        raise TooLargeQueryError(Said("a geometry has at most {positions} corners", positions=POSITIONS), "geometry")
    return [_position(position) for position in listed]


def _position(raw: object) -> list[float]:
    """Return x and y; heights and measures are of no matter."""
    position = cast("list[object]", raw) if isinstance(raw, list) else []
    if len(position) not in (2, 3, 4):
        raise UnreadableError("a position is a list of two to four numbers", "geometry")
    return [_number(position[0]), _number(position[1])]


def _number(raw: object) -> float:
    try:
        number = float(cast("float", raw)) if not isinstance(raw, bool) else math.nan
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise WrongTypeError(Said("{raw!r} is no coordinate", raw=str(raw).strip()[:40]), "geometry")
    return number


def _is_empty(raw: object) -> bool:
    """Return whether a coordinate says, as Esri's documents do, that the geometry is empty."""
    return raw is None or raw == "NaN" or (isinstance(raw, float) and math.isnan(raw))


def _metres(distance: str, units: str, reference: Reference) -> float:
    text, unit = distance.strip(), units.strip().lower()
    if unit and unit not in METRES:
        raise UnknownFunctionError(
            "units is esriSRUnit_Meter, …_Kilometer, …_Foot, …_StatuteMile, …_NauticalMile or …_USNauticalMile", "units"
        )
    try:
        number = float(text or 0)
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise WrongTypeError("a distance is a number, 0 or more", "distance")
    return number * (METRES[unit] if unit else reference.metres)


def _near(condition: Condition, metres: float) -> Condition:
    """Return the condition that a row lies no farther than ``metres`` from where ``condition`` has it."""
    if metres == 0 or not isinstance(condition, Intersects | Envelope):
        return condition
    if metres >= _FARTHEST:
        return Envelope(-180.0, -90.0, 180.0, 90.0)
    return Distance(condition.geometry if isinstance(condition, Intersects) else shapes.outline(condition), metres)

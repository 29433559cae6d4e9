"""Spatial functions of CQL2 between a row's point and a geometry.

In: the name of a function and its geometry as JSON. Out: conditions. By the rules of DE-9IM a point is *within* a
polygon where it lies inside, *touches* it where it lies on its border, and *intersects* it in either place.
"""

from __future__ import annotations

import math
from typing import Any

import shapely
from shapely.geometry import box, mapping, shape
from shapely.geometry.base import BaseGeometry

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnknownFunctionError, UnreadableError
from ckanext.cpdi.query.notation.box import clip
from ckanext.cpdi.query.notation.cql2_nodes import column, member, members
from ckanext.cpdi.query.reference import Axes
from ckanext.cpdi.query.tree import (
    NOTHING,
    Condition,
    Distance,
    Envelope,
    Geometry,
    Intersects,
    Not,
    all_of,
    any_of,
)

_METRES = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), 1000.0),
    **dict.fromkeys(("mi", "mile", "miles", "statute miles"), 1609.344),
    **dict.fromkeys(("ft", "foot", "feet"), 0.3048),
    **dict.fromkeys(("nmi", "nautical miles"), 1852.0),
}
_FARTHEST = 20_100_000.0
"""Metres between two points of the earth at most."""
RELATIONS = (
    "s_intersects",
    "s_disjoint",
    "s_equals",
    "s_within",
    "s_contains",
    "s_touches",
    "s_crosses",
    "s_overlaps",
)
DISTANCES = ("s_dwithin", "s_beyond")
_TURNED = {"s_within": "s_contains", "s_contains": "s_within"}


def relate(relation: str, literal: Any, reference: Axes, *, turned: bool, parameter: str) -> Condition:  # noqa: ANN401
    """Return the condition that a row's point has ``relation`` to a geometry; ``turned``: the geometry to the point."""
    if relation in ("s_crosses", "s_overlaps"):  # one point is never part inside and part outside
        return NOTHING
    if relation in ("s_intersects", "s_disjoint"):
        meets = any_of([_meets(part) for part in _parts(literal, reference, parameter)])
        return meets if relation == "s_intersects" else Not(meets)
    parts = _parts(literal, reference, parameter)
    if len(parts) > 1:
        raise UnknownFunctionError(
            Said("{relation} takes one geometry, not a collection of them", relation=relation), parameter
        )
    outline = _outline(parts[0])
    match _TURNED.get(relation, relation) if turned else relation:
        case "s_touches":
            return _on(outline.boundary)
        case "s_within":
            return all_of([_on(outline), *([Not(_on(outline.boundary))] if not outline.boundary.is_empty else [])])
        case _:  # equals, and contains: the geometry is the row's point
            single = shapely.convex_hull(outline)
            return _on(single) if single.geom_type == "Point" else NOTHING


def near(
    function: str,
    literal: Any,  # noqa: ANN401
    distance: Any,  # noqa: ANN401
    unit: Any,  # noqa: ANN401
    reference: Axes,
    parameter: str,
) -> Condition:
    """Return the condition that a row's point is no farther from a geometry than a distance, or farther."""
    metres = _METRES.get(str(column(unit) or unit).lower())
    if metres is None:
        raise UnknownFunctionError(
            Said("{unit!r} is none of the units {metres}", unit=str(unit)[:40], metres=", ".join(_METRES)), parameter
        )
    if isinstance(distance, bool) or not isinstance(distance, int | float) or not 0 <= distance * metres <= _FARTHEST:
        raise UnreadableError(
            Said("a distance is a number from 0 to half around the earth, not {distance}", distance=str(distance)[:40]),
            parameter,
        )
    parts = _parts(literal, reference, parameter)
    within = any_of([Distance(_geometry(_outline(part)), distance * metres) for part in parts])
    return within if function == "s_dwithin" else Not(within)


def is_geometry(node: Any) -> bool:  # noqa: ANN401
    """Return whether ``node`` is a geometry of CQL2's JSON."""
    return any(member(node, key) is not None for key in ("bbox", "coordinates", "geometries"))


def _parts(literal: Any, reference: Axes, parameter: str) -> list[Geometry | Envelope]:  # noqa: ANN401
    """Return the geometries of ``literal`` in degrees."""
    if not is_geometry(literal):
        raise UnreadableError("a spatial function takes geometry and a geometry, such as POINT(-79.9 32.8)", parameter)
    if member(literal, "bbox") is not None:
        return [_box(members(member(literal, "bbox")), reference, parameter)]
    collected = member(literal, "geometries")
    if collected is not None:
        if not members(collected) or any(member(part, "geometries") is not None for part in members(collected)):
            raise UnreadableError("a collection of geometries holds geometries, and no further collection", parameter)
        return [part for item in members(collected) for part in _parts(item, reference, parameter)]
    try:
        outline = shapely.from_wkb(shapely.to_wkb(shape(literal), output_dimension=2))
        turned = [reference.to_degrees(*map(float, position)) for position in shapely.get_coordinates(outline)]
        outline = shapely.set_coordinates(outline, turned)
    except Exception:
        raise UnreadableError("a geometry has a type of GeoJSON, and coordinates as it wants them", parameter) from None
    return [_geometry(_checked(outline, parameter))]


def _checked(outline: BaseGeometry, parameter: str) -> BaseGeometry:
    west, south, east, north = outline.bounds if not outline.is_empty else (math.nan,) * 4
    if not (-90 <= south <= north <= 90 and -360 <= west <= east <= 360):
        raise UnreadableError("a geometry lies within 90 degrees of latitude and 180 of longitude", parameter)
    if not outline.is_valid:
        raise UnreadableError("the lines of a polygon do not cross themselves", parameter)
    return outline


def _box(sides: list[Any], reference: Axes, parameter: str) -> Envelope:
    numbers = [float(side) for side in sides if isinstance(side, int | float)]
    if len(numbers) == 6:
        numbers = [numbers[place] for place in (0, 1, 3, 4)]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise UnreadableError("BBOX has four numbers: west, south, east and north", parameter)
    return clip(*reference.to_degrees(*numbers[:2]), *reference.to_degrees(*numbers[2:]), parameter=parameter)


def _meets(part: Geometry | Envelope) -> Condition:
    return part if isinstance(part, Envelope) else Intersects(part)


def _outline(part: Geometry | Envelope) -> BaseGeometry:
    if isinstance(part, Geometry):
        return shape({"type": part.type, "coordinates": part.coordinates})
    if part.west <= part.east:
        return box(*(part.west, part.south, part.east, part.north))
    halves = box(part.west, part.south, 180, part.north), box(-180, part.south, part.east, part.north)
    return shapely.multipolygons(list(halves))


def _on(outline: BaseGeometry) -> Condition:
    return NOTHING if outline.is_empty else Intersects(_geometry(outline))


def _geometry(outline: BaseGeometry) -> Geometry:
    written: Any = mapping(outline)
    kind = "LineString" if written["type"] == "LinearRing" else written["type"]
    return Geometry(kind, _frozen(written["coordinates"]))


def _frozen(coordinates: Any) -> Any:  # noqa: ANN401
    """Return coordinates as nested tuples, as a frozen geometry has them."""
    return coordinates if isinstance(coordinates, float) else tuple(_frozen(part) for part in coordinates)

"""Shapes in degrees as conditions: boxes, points, lines and polygons, clipped to the world and wrapped around it.

In: arrays of longitude and latitude (n × 2), or a box in a reference. Out: conditions; what lies wholly off the world
is met by nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.reference import Array, Reference
from ckanext.cpdi.query.tree import NOTHING, Condition, Envelope, Geometry, Intersects

_WORLD = (-180.0, -90.0, 180.0, 90.0)
_SIDE = 16
"""Parts of a side of a box, or of the longest edge of a polygon, that is straight on a map and not in degrees."""
_FEW = 200
"""Corners up to which edges are cut into parts; shapes with more have short edges."""

Bounds = tuple[float, float, float, float]


def envelope(bounds: Bounds) -> Condition:
    """Return the condition of a box in degrees: its latitudes are clipped, its longitudes go around the world."""
    west, south, east, north = bounds
    if south > 90 or north < -90:
        return NOTHING
    south, north = max(south, -90.0), min(north, 90.0)
    if east - west >= 360:
        return Envelope(-180.0, south, 180.0, north)
    if -180 <= west <= 180 and -180 <= east <= 180:
        return Envelope(west, south, east, north)
    return Envelope(_around(west), south, _around(east), north)


def _around(longitude: float) -> float:
    return (longitude + 180.0) % 360.0 - 180.0


def box(reference: Reference, west: float, south: float, east: float, north: float) -> Condition:
    """Return the condition of a box in the coordinates of ``reference``; a world box is all that it reaches."""
    if reference.is_degrees or reference.is_mercator:
        corners = reference.to_degrees(np.array([[west, south], [east, north]]))
        (west, south), (east, north) = np.clip(corners, -1e6, 1e6).tolist()
        return envelope((west, south, east, north))
    area = reference.area()
    if area is not None:
        west, south, east, north = max(west, area[0]), max(south, area[1]), min(east, area[2]), min(north, area[3])
        if west > east or south > north:
            return NOTHING
    ring = shapely.segmentize(shapely.box(west, south, east, north), max(east - west, north - south, 1e-9) / _SIDE)
    degrees = reference.to_degrees(shapely.get_coordinates(ring))
    if not np.isfinite(degrees).all():
        raise QueryError("the envelope lies where its spatial reference does not reach", "geometry")
    return polygon([degrees])


def outline(box: Envelope) -> Geometry:
    """Return a box as a geometry; across the 180th meridian it has two parts."""
    if box.west <= box.east:
        return _geometry(shapely.box(box.west, box.south, box.east, box.north))
    halves = [
        shapely.box(box.west, box.south, 180.0, box.north),
        shapely.box(-180.0, box.south, box.east, box.north),
    ]
    return _geometry(MultiPolygon(halves))


def bounds(geometry: Geometry) -> Bounds:
    """Return west, south, east and north of a geometry."""
    return shape({"type": geometry.type, "coordinates": geometry.coordinates}).bounds


def points(positions: Array) -> Condition:
    """Return the condition of one or several points."""
    kept = positions[(positions[:, 1] >= -90) & (positions[:, 1] <= 90)]
    kept = np.column_stack([np.where(np.abs(kept[:, 0]) <= 180, kept[:, 0], _around_all(kept[:, 0])), kept[:, 1]])
    if not len(kept):
        return NOTHING
    return Intersects(_geometry(Point(kept[0]) if len(kept) == 1 else MultiPoint(kept)))


def _around_all(longitudes: Array) -> Array:
    return (longitudes + 180.0) % 360.0 - 180.0


def lines(paths: Sequence[Array]) -> Condition:
    """Return the condition of lines."""
    strings = [LineString(path) for path in paths if len(np.unique(path, axis=0)) > 1]
    if not strings:
        return NOTHING
    return _on_the_world(strings[0] if len(strings) == 1 else MultiLineString(strings))


def polygon(rings: Sequence[Array]) -> Condition:
    """Return the condition of a polygon of rings as Esri has them: outlines clockwise, holes the other way round.

    Where no ring is an outline by its direction, all go the wrong way. A hole lies in the smallest outline around it;
    one without becomes an outline, since clients send such.
    """
    whole = [ring for ring in map(_closed, rings) if len(np.unique(ring, axis=0)) > 2]
    if not whole:
        return NOTHING
    areas = np.array([_area(ring) for ring in whole])
    if not (areas < 0).any():
        areas = -areas
    outlines = [int(place) for place in np.argsort(np.abs(areas)) if areas[place] <= 0]
    holes: dict[int, list[Array]] = {place: [] for place in outlines}
    waiting = [place for place in range(len(whole)) if areas[place] > 0]
    firsts = np.array([whole[place][0] for place in waiting]).reshape(-1, 2)
    for place in outlines:  # the smallest first
        inside = shapely.intersects_xy(Polygon(whole[place]), firsts) if len(waiting) else np.array([], bool)
        holes[place] = [whole[hole] for hole, within in zip(waiting, inside, strict=True) if within]
        waiting = [hole for hole, within in zip(waiting, inside, strict=True) if not within]
        firsts = firsts[~inside]
    parts = [Polygon(whole[place], holes[place]) for place in outlines]
    parts += [Polygon(whole[place]) for place in waiting]
    return _on_the_world(parts[0] if len(parts) == 1 else MultiPolygon(parts))


def with_more_corners(rings: Sequence[Array]) -> list[Array]:
    """Return ``rings`` with corners on their long edges, which are not straight in degrees."""
    if not rings or sum(map(len, rings)) > _FEW:
        return list(rings)
    low, high = (
        np.min([ring.min(axis=0) for ring in rings], axis=0),
        np.max([ring.max(axis=0) for ring in rings], axis=0),
    )
    longest = float((high - low).max()) / _SIDE
    if not 0 < longest < np.inf:
        return list(rings)
    return [shapely.get_coordinates(shapely.segmentize(LineString(_closed(ring)), longest)) for ring in rings]


def _closed(ring: Array) -> Array:
    return ring if len(ring) and (ring[0] == ring[-1]).all() else np.concatenate([ring, ring[:1]])


def _area(ring: Array) -> float:
    """Return twice the area of a closed ring: negative where it goes clockwise."""
    x, y = (ring - ring[0]).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]))


def _on_the_world(outline: BaseGeometry) -> Condition:
    """Return the condition of a shape; parts beyond 180° come in from the other side."""
    west, south, east, north = outline.bounds
    if west >= -180 and east <= 180 and south >= -90 and north <= 90:
        return Intersects(_geometry(outline))
    turned = [shapely.transform(outline, lambda xy, by=turn * 360.0: xy + np.array((by, 0.0))) for turn in (-1, 0, 1)]
    clipped = [shapely.clip_by_rect(part, *_WORLD) for part in turned]  # no overlay: crossing edges are not cut
    kind = outline.geom_type.removeprefix("Multi")
    simple = [part for part in shapely.get_parts(clipped) if part.geom_type == kind and not part.is_empty]
    if not simple:
        return NOTHING
    gathered = MultiPolygon(simple) if kind == "Polygon" else MultiLineString(simple)
    return Intersects(_geometry(simple[0] if len(simple) == 1 else gathered))


def _geometry(outline: BaseGeometry) -> Geometry:
    document = cast("dict[str, object]", mapping(outline))
    return Geometry(document["type"], document["coordinates"])  # pyright: ignore[reportArgumentType]  as GeoJSON has it

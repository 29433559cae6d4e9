"""Conditions on a row's point as SQL: boxes by the index, polygons and distances exactly.

In: spatial conditions of the tree. Out: SQL with placeholders, whose values the writer gathers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import shapely
from psycopg import sql
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.tree import Distance, Envelope, Geometry, Intersects

_POLAR = 89.0
"""Degrees of latitude beyond which a distance may go around the pole."""
METRES_OF_A_DEGREE = 110_574.0
"""The shortest degree of latitude on WGS 84: a box that is reckoned by it is never too small."""


@dataclass
class SpaceWriter:
    """Writes conditions on the point of ``table``; ``name`` is its qualified name, ``postgis`` PostGIS' schema.

    ``values`` gathers the parameters in the order of their placeholders: use one writer for one statement.
    """

    table: Table
    name: sql.Composable
    postgis: str = "public"
    values: list[object] = field(default_factory=list[object], kw_only=True)

    def value(self, value: object) -> sql.Composable:
        """Return a placeholder for ``value``."""
        self.values.append(value)
        return sql.Placeholder()

    def spatial(self, condition: Envelope | Intersects | Distance) -> sql.Composable:
        """Return a condition on the row's point."""
        match condition:
            case Envelope(west, south, east, north) if west > east:
                halves = Envelope(west, south, 180.0, north), Envelope(-180.0, south, east, north)
                return sql.SQL("({})").format(sql.SQL(" OR ").join(map(self.spatial, halves)))
            case Envelope(west, south, east, north):
                return self._box(west, south, east, north)
            case Intersects(geometry):
                return self._intersects(_shape(geometry))
            case Distance(geometry, metres):
                return self._within(_shape(geometry), metres)

    def _intersects(self, outline: BaseGeometry) -> sql.Composable:
        return sql.SQL("({} AND {}.st_intersects(_geom, {}))").format(
            self._box(*outline.bounds), sql.Identifier(self.postgis), self._geometry(outline)
        )

    def _within(self, outline: BaseGeometry, metres: float) -> sql.Composable:
        """Return the condition that the point is near ``outline``: in a box, then exactly, on the ellipsoid."""
        west, south, east, north = outline.bounds
        high = metres / METRES_OF_A_DEGREE
        farthest = max(abs(south - high), abs(north + high))
        wide = high / math.cos(math.radians(farthest)) * 1.01 if farthest < _POLAR else 360.0
        box = self._around(west - wide, max(-90.0, south - high), east + wide, min(90.0, north + high))
        return sql.SQL("({0} AND {1}.st_dwithin(_geom::{1}.geography, {2}::{1}.geography, {3}))").format(
            box, sql.Identifier(self.postgis), self._geometry(outline), self.value(float(metres))
        )

    def _around(self, west: float, south: float, east: float, north: float) -> sql.Composable:
        """Return the condition that the point lies in a box that may go beyond the 180th meridian."""
        if east - west >= 360:
            return self._box(-180.0, south, 180.0, north)
        if west < -180 or east > 180:
            return self.spatial(Envelope((west + 180) % 360 - 180, south, (east + 180) % 360 - 180, north))
        return self._box(west, south, east, north)

    def _box(self, west: float, south: float, east: float, north: float) -> sql.Composable:
        """Return the condition that the point lies in a box: by the index, whose boxes are rounded, then exactly."""
        point = self.table.point
        if point is None:
            return sql.SQL("FALSE")
        box = [self.value(float(side)) for side in (west, south, east, north)]
        index = sql.SQL("_geom OPERATOR({0}.&&) {0}.st_makeenvelope({1}, 4326)").format(
            sql.Identifier(self.postgis), sql.SQL(", ").join(box)
        )
        longitude, latitude = sql.Identifier(point.longitude), sql.Identifier(point.latitude)
        exact = sql.SQL("{} BETWEEN {} AND {} AND {} BETWEEN {} AND {}").format(
            longitude,
            self.value(float(west)),
            self.value(float(east)),
            latitude,
            self.value(float(south)),
            self.value(float(north)),
        )
        return sql.SQL("({} AND {})").format(index, exact)

    def _geometry(self, outline: BaseGeometry) -> sql.Composable:
        return sql.SQL("{}.st_geomfromwkb({}, 4326)").format(
            sql.Identifier(self.postgis), self.value(shapely.to_wkb(outline))
        )


def _shape(geometry: Geometry) -> BaseGeometry:
    return shape({"type": geometry.type, "coordinates": geometry.coordinates})

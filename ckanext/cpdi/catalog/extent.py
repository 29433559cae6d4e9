"""The area of a dataset for CKAN's ``spatial`` field, which DCAT and search by area read."""

from __future__ import annotations

import json
from math import ceil, floor
from typing import Any

from ckanext.cpdi.declare import Dataset, Profile

_PARTS = 10_000
"""Boxes are rounded outwards to this fraction of a degree, some ten metres."""


def extent(dataset: Dataset, profile: Profile) -> str:
    """Return a box around the department's boundary, a GeoJSON polygon; empty for a dataset without points.

    The box of the rows would change every night. Raises DeclarationError where the boundary cannot be read.
    """
    table = dataset.table
    if table is None or table.point is None:
        return ""
    return box(profile)


def box(profile: Profile) -> str:
    """Return a box around the department's boundary, a GeoJSON polygon.

    Raises DeclarationError where the boundary cannot be read.
    """
    west, south, east, north = _box(profile.geojson(profile.boundary))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _box(boundary: dict[str, Any]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a GeoJSON geometry, feature or collection."""
    import shapely  # late, since every web process loads this module

    features = boundary.get("features") or [boundary]
    shapes = [shapely.from_geojson(json.dumps(feature.get("geometry", feature))) for feature in features]
    west, south, east, north = shapely.total_bounds(shapes)
    return (
        floor(west * _PARTS) / _PARTS,
        floor(south * _PARTS) / _PARTS,
        ceil(east * _PARTS) / _PARTS,
        ceil(north * _PARTS) / _PARTS,
    )

"""The area that a dataset is about, as CKAN's ``spatial`` holds it: search by area and DCAT read it there."""

from __future__ import annotations

import json
from math import ceil, floor
from typing import Any

from ckanext.cpdi.declare import Dataset, Profile

_PARTS = 10_000
"""Parts of a degree that a box is rounded to, outwards: some ten metres."""


def extent(dataset: Dataset, profile: Profile) -> str:
    """Return a box around the department's boundary, a GeoJSON polygon; empty for a dataset without points.

    It is the boundary's, not the rows': where rows lie would change by the night. Raises DeclarationError where the
    boundary cannot be read.
    """
    table = dataset.table
    if table is None or not (table.longitude and table.latitude):
        return ""
    west, south, east, north = _box(profile.geojson(profile.boundary))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return json.dumps({"type": "Polygon", "coordinates": [ring]})


def _box(boundary: dict[str, Any]) -> tuple[float, float, float, float]:
    """Return west, south, east and north of a GeoJSON geometry, feature or collection."""
    import shapely  # not before it is needed: every web process loads this module

    features = boundary.get("features") or [boundary]
    shapes = [shapely.from_geojson(json.dumps(one.get("geometry", one))) for one in features]
    west, south, east, north = shapely.total_bounds(shapes)
    return (
        floor(west * _PARTS) / _PARTS,
        floor(south * _PARTS) / _PARTS,
        ceil(east * _PARTS) / _PARTS,
        ceil(north * _PARTS) / _PARTS,
    )

"""The point of a GeoJSON or Esri geometry, as the texts that its numbers were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

_NAMES = {"X", "Y", "x", "y"}

POINT: tuple[Any, Any] = (None, None)
"""What has no point."""


def point_names(names: Iterable[str]) -> tuple[str, str]:
    """Return the columns of a point: ``X`` and ``Y``, or longer names where records have such columns themselves."""
    return ("X", "Y") if _NAMES.isdisjoint(names) else ("geometry_x", "geometry_y")


def point(geometry: object) -> tuple[Any, Any]:
    """Return x and y of a point, also of several points or geometries that are one; nothing for another geometry."""
    if not isinstance(geometry, dict):
        return POINT
    shape = cast(dict[str, Any], geometry)
    if shape.get("type") == "Point":
        return _pair(shape.get("coordinates"))
    for members in ("geometries", "points"):
        if isinstance(only := shape.get(members), list):
            found = cast(list[object], only)
            if len(found) != 1:
                return POINT
            return point(found[0]) if members == "geometries" else _pair(found[0])
    if shape.get("type") == "MultiPoint":
        places = shape.get("coordinates")
        several = cast(list[object], places) if isinstance(places, list) else []
        return _pair(several[0]) if len(several) == 1 else POINT
    return shape.get("x"), shape.get("y")


def _pair(places: object) -> tuple[Any, Any]:
    found = cast(list[Any], places) if isinstance(places, list) else []
    return (found[0], found[1]) if len(found) > 1 else POINT

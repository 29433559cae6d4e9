"""The point of a GeoJSON or Esri geometry, with its numbers as texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

_NAMES = {"X", "Y", "x", "y"}

POINT: tuple[Any, Any] = (None, None)
"""The point of a record without one."""


def point_names(names: Iterable[str]) -> tuple[str, str]:
    """Return the names of a point's columns: ``X`` and ``Y``, or longer ones where records have such columns."""
    return ("X", "Y") if _NAMES.isdisjoint(names) else ("geometry_x", "geometry_y")


def point(geometry: object) -> tuple[Any, Any]:
    """Return x and y of a point, or of a collection of exactly one; :data:`POINT` for another geometry."""
    if not isinstance(geometry, dict):
        return POINT
    shape = cast(dict[str, Any], geometry)
    if shape.get("type") == "Point":
        return _pair(shape.get("coordinates"))
    for members in ("geometries", "points"):
        if isinstance(only := shape.get(members), list):
            items = cast(list[object], only)
            if len(items) != 1:
                return POINT
            return point(items[0]) if members == "geometries" else _pair(items[0])
    if shape.get("type") == "MultiPoint":
        places = shape.get("coordinates")
        several = cast(list[object], places) if isinstance(places, list) else []
        return _pair(several[0]) if len(several) == 1 else POINT
    return shape.get("x"), shape.get("y")


def _pair(places: object) -> tuple[Any, Any]:
    numbers = cast(list[Any], places) if isinstance(places, list) else []
    return (numbers[0], numbers[1]) if len(numbers) > 1 else POINT

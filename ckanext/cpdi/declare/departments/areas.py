"""The names of a department's areas, by the layers that its profile declares."""

from __future__ import annotations

from typing import Any

from ckanext.cpdi.declare.departments.profile import Profile


def area_names(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Return the names of the areas of each layer but the teams, in their order.

    Raises DeclarationError where a file cannot be read.
    """
    return {layer: _names(profile.geojson(file)) for layer, file in profile.areas.items()}


def _names(document: dict[str, Any]) -> tuple[str, ...]:
    features: list[dict[str, Any]] = document.get("features") or [document]
    said: list[dict[str, Any]] = [feature.get("properties") or {} for feature in features]
    return tuple(sorted({str(properties["name"]) for properties in said if properties.get("name")}))

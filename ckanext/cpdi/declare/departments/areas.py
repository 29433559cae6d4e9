"""A department's areas as its profile draws them: the boundary, teams, and any other layer, from files in GeoJSON."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from ckanext.cpdi.declare.departments.profile import BOUNDARY, Profile
from ckanext.cpdi.declare.errors import DeclarationError


class Area(Struct, frozen=True):
    """An area of a ``layer``, with its geometry as GeoJSON; ``population`` is None where the file does not say it."""

    layer: str
    name: str
    geometry: dict[str, Any]
    note: str = ""
    population: int | None = None


def read_areas(profile: Profile) -> Iterator[Area]:
    """Yield the areas that ``profile`` draws: the boundary, which has the city's name, the teams, the other layers.

    Raises DeclarationError where a file cannot be read, or a population is no whole number from 1 on.
    """
    for layer, file in profile.layers.items():
        for feature in _features(profile.geojson(file)):
            said: dict[str, Any] = feature.get("properties") or {}
            name = profile.agency.city if layer == BOUNDARY else str(said.get("name") or "")
            population = said.get("population")
            if population is not None and (type(population) is not int or population < 1):
                raise DeclarationError(
                    Path(profile.folder) / file,
                    f"{name or 'an area'}: population is a whole number from 1 on, not {str(population)[:40]!r}",
                )
            yield Area(layer, name, feature["geometry"], str(said.get("note") or ""), population)


def area_names(profile: Profile) -> dict[str, tuple[str, ...]]:
    """Return the names of the areas of each layer but boundary and teams, in their order.

    Raises DeclarationError as :func:`read_areas` does.
    """
    named = {layer: set[str]() for layer in profile.areas}
    for area in read_areas(profile):
        if area.layer in named and area.name:
            named[area.layer].add(area.name)
    return {layer: tuple(sorted(names)) for layer, names in named.items()}


def _features(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the features of a GeoJSON collection, feature or geometry."""
    if document.get("type") == "FeatureCollection":
        return document["features"]
    return [document if document.get("type") == "Feature" else {"type": "Feature", "geometry": document}]

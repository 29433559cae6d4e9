"""Search for datasets by area: a box in four numbers, as a form without scripts sends it, or an area of the department.

In: the parameters of a search, which CKAN hands on where their names begin with ``ext_``. Out: ckanext-spatial's
``ext_bbox``, and what the search page's form shows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ckan.lib.search import SearchError

from ckanext.cpdi.declare import Profile, Text
from ckanext.cpdi.services.areas import areas
from ckanext.cpdi.site.map.description import Box, bounds_of

BBOX, AREA = "ext_bbox", "ext_area"
SIDES = ("ext_west", "ext_south", "ext_east", "ext_north")
_LIMITS = (180.0, 90.0, 180.0, 90.0)
PROBLEM = Text(
    "A box has four numbers in degrees: west and east from -180 to 180, south and north from -90 to 90, with the south"
    " below the north.",
    "Un recuadro tiene cuatro números en grados: oeste y este de -180 a 180, sur y norte de -90 a 90, con el sur por"
    " debajo del norte.",
)
NO_AREA = Text("The department draws no area of that name.", "El departamento no dibuja ningún área con ese nombre.")


class AreaError(ValueError):
    """What was asked for is no box and no area; ``words`` says what was expected, and nothing of what was asked."""

    def __init__(self, words: Text) -> None:
        """Take the sentence."""
        self.words = words
        super().__init__(words.en)


@dataclass(frozen=True)
class Area:
    """An area that the department draws: its layer, its name, its box and its GeoJSON geometry."""

    layer: str
    name: str
    box: Box
    geometry: Mapping[str, Any]


def known(profile: Profile) -> tuple[Area, ...]:
    """Return the areas of ``profile``, the boundary first. Raises DeclarationError where a file cannot be read."""
    drawn: list[Area] = []
    for feature in areas(profile)["features"]:
        box = bounds_of(json.dumps(feature["geometry"]))
        if box:
            drawn.append(Area(feature["properties"]["layer"], feature["properties"]["name"], box, feature["geometry"]))
    return tuple(drawn)


def box_of(asked: Mapping[str, Any], profile: Profile) -> Box | None:
    """Return the box that is asked for: ``ext_bbox``, four numbers, or that of an area; None where none of them is.

    Raises AreaError for anything else.
    """
    written = [str(asked.get(side) or "").strip() for side in SIDES]
    if asked.get(BBOX):
        return _box(str(asked[BBOX]).split(","))
    if any(written):
        return _box(written)
    name = str(asked.get(AREA) or "")
    if not name:
        return None
    boxes = [area.box for area in known(profile) if area.name == name]
    if not boxes:
        raise AreaError(NO_AREA)
    return boxes[0]


def narrow(search: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """Put the box that is asked for into a search of CKAN's as ``ext_bbox``; raise SearchError where it is none."""
    extras = search.get("extras") or {}
    try:
        box = box_of(extras, profile) if isinstance(extras, dict) else None
    except AreaError as error:
        raise SearchError(str(error)) from error
    if box is None:
        return search
    return {**search, "extras": {**extras, BBOX: ",".join(map(repr, box))}}


def within(box: Box, profile: Profile) -> tuple[str, ...]:
    """Return the names of the areas inside the city that ``box`` touches."""
    import shapely  # late, since every web process loads this module

    drawn = shapely.box(*box)
    inner = [area for area in known(profile) if area.layer != "boundary"]
    return tuple(area.name for area in inner if shapely.from_geojson(json.dumps(area.geometry)).intersects(drawn))


def _box(parts: list[str]) -> Box:
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError as error:
        raise AreaError(PROBLEM) from error
    sides = (west, south, east, north)
    # A number that is none compares to nothing, so this refuses it as well.
    if not all(abs(side) <= most for side, most in zip(sides, _LIMITS, strict=True)) or south > north:
        raise AreaError(PROBLEM)
    return sides

"""What a map has to know of a table: made of its declaration, the department's words and counts; read by the browser.

In: a declaration as the department has it, counts. Out: a value that becomes JSON; addresses are paths on the host.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from ckanext.cpdi.declare import Dataset, Field, Profile, Table, Text
from ckanext.cpdi.selection.tiles.categories import slug
from ckanext.cpdi.services.tiles import colours
from ckanext.cpdi.site import words as numbers
from ckanext.cpdi.site.map.counts import Placed
from ckanext.cpdi.site.map.table import TableDescription, category_titles, table_description
from ckanext.cpdi.site.map.words import NONE_PLACED, PLACED, UNPLACED, words

Box = tuple[float, float, float, float]
Path = Callable[[str], str]
_COLLECTION = "/ogc/collections/{name}"


class Category(Struct, frozen=True):
    """A category with a colour of its own; ``key`` is the attribute of a cell that counts its rows."""

    value: str
    title: str
    key: str
    colour: str


class Base(Struct, frozen=True):
    """The operator's base map: a ``style`` or a ``pmtiles`` file at ``address``, and whom to name for it."""

    kind: str
    address: str
    attribution: str


class Layer(Struct, frozen=True):
    """A layer of areas: its name in ``/data/areas.geojson``, and what people call one of them."""

    name: str
    title: str


class Description(TableDescription, frozen=True):
    """What the map of one table shows; ``bounds`` are west, south, east and north of the dataset's extent.

    ``point`` is the field that rows without a point do not have. ``unplaced`` says how many rows are on no map.
    """

    bounds: Box | None
    tiles: str
    items: str
    areas: str
    layers: tuple[Layer, ...]
    base: Base | None
    places: str
    point: str
    categories: tuple[Category, ...]
    other: str
    unplaced: str
    words: dict[str, str]


def describe(
    dataset: Dataset,
    profile: Profile,
    placed: Placed,
    bounds: Box | None,
    language: str,
    path: Path,
    base: Base | None = None,
) -> Description:
    """Return what the map of ``dataset``, a table with a point as this department has it, shows in ``language``.

    ``path`` makes a path on the host of one from the portal's root.
    """
    table, collection = dataset.rows, path(_COLLECTION.format(name=dataset.name))
    return Description(
        **asdict(table_description(dataset, profile, language)),
        bounds=bounds,
        tiles=collection + "/tiles/WebMercatorQuad/{z}/{y}/{x}",
        items=f"{collection}/items",
        areas=path("/data/areas.geojson"),
        layers=layers(profile, language),
        base=base,
        places=path("/data/places.geojson"),
        point=table.point[0] if table.point else "",
        categories=_categories(table, placed, category_titles(profile, language), language),
        other=colours.OTHER,
        unplaced=_unplaced(dataset, placed, language),
        words=words(language),
    )


def layers(profile: Profile, language: str) -> tuple[Layer, ...]:
    """Return the layers of areas that ``profile`` draws, the boundary first, then teams."""
    return tuple(Layer(name, profile.area_title(name).get(language)) for name in profile.layers)


def bounds_of(geojson: str) -> Box | None:
    """Return west, south, east and north of a GeoJSON geometry such as CKAN's ``spatial``; None where it is none."""
    try:
        points = list(_points(json.loads(geojson)["coordinates"]))
    except (ValueError, LookupError, TypeError, RecursionError):
        return None
    if not points:
        return None
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _points(coordinates: Any) -> Iterable[tuple[float, float]]:  # noqa: ANN401  lists in lists, as deep as the geometry
    if isinstance(coordinates[0], list):
        for part in coordinates:
            yield from _points(part)
    else:
        yield float(coordinates[0]), float(coordinates[1])


def _categories(table: Table, placed: Placed, titles: Mapping[str, str], language: str) -> tuple[Category, ...]:
    field = next((field for field in table.fields if field.name == table.category), None)
    if field is None:
        return ()
    shown = colours.choose(placed.categories)
    return tuple(
        Category(value, _value(field, value, titles, language), f"n_{slug(value)}", colour)
        for value, colour in shown.items()
    )


def _value(field: Field, value: str, titles: Mapping[str, str], language: str) -> str:
    text = field.values.get(value)
    return text.get(language) if text else titles.get(value, value)


def _unplaced(dataset: Dataset, placed: Placed, language: str) -> str:
    """Return how many rows are on no map, in words; empty where nothing is counted."""
    if not placed.rows:
        return ""
    missing = placed.rows - placed.points
    form: Text = PLACED if not missing else UNPLACED if placed.points else NONE_PLACED
    counts = {"n": numbers.number(missing, language), "all": numbers.number(placed.rows, language)}
    return form.get(language).format(many=dataset.many.get(language), **counts)

"""Invented streets inside a department's boundary, with numbered houses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]

_FIRST = (
    "Quill Marrow Tansel Briar Ospry Hollin Wexel Thistle Garnet Pellan Cinder Larkis Moss Fennick Rowel Sable Tamber "
    "Umbel Verrin Wisk Yarrel Zephel Aldin Brambel"
).split()
_LAST = "fen brook mere holt wick stead croft gate combe thorpe hythe lea garth dene".split()
_KINDS = ("St", "Ave", "Rd", "Ln", "Dr", "Ct", "Blvd", "Way")
_METRES_A_DEGREE = 111_320.0
_BLOCK_METRES = 100.0
HOUSES = 24
"""Houses of a block, on both sides of the street."""


@dataclass(frozen=True)
class City:
    """Blocks of houses as parallel arrays, most popular first in ``weight``.

    ``street`` is an index into ``streets``; ``hundred`` the block's first house number; ``longitude`` and ``latitude``
    the block's start; ``east`` and ``north`` the step to its end, in degrees.
    """

    streets: tuple[str, ...]
    street: Ints
    hundred: Ints
    longitude: Floats
    latitude: Floats
    east: Floats
    north: Floats
    weight: Floats


@dataclass(frozen=True)
class Spots:
    """Where ``n`` incidents happened: street and house number, and the point in degrees."""

    street: Ints
    house: Ints
    longitude: Floats
    latitude: Floats


def lay_out(boundary: dict[str, Any], rng: np.random.Generator, streets: int = 220) -> City:
    """Lay ``streets`` straight streets through the polygons of ``boundary`` (GeoJSON) and number their houses.

    Larger parts of the boundary get more streets; a block whose start lies outside is left out.
    """
    area = area_of(boundary)
    start_x, start_y = _points_inside(area, streets, rng)
    bearing = rng.uniform(0, np.pi, streets)
    blocks = rng.integers(8, 30, streets)
    street = np.repeat(np.arange(streets), blocks)
    position = np.concatenate([np.arange(count) for count in blocks])
    step_north = _BLOCK_METRES / _METRES_A_DEGREE * np.cos(bearing)
    step_east = _BLOCK_METRES / _METRES_A_DEGREE * np.sin(bearing) / np.cos(np.radians(start_y))
    longitude = start_x[street] + position * step_east[street]
    latitude = start_y[street] + position * step_north[street]
    inside = shapely.contains_xy(area, longitude, latitude)
    inside &= shapely.contains_xy(area, longitude + step_east[street], latitude + step_north[street])
    popularity = 1.0 / (1.0 + rng.permutation(int(inside.sum()))) ** 0.6
    return City(
        streets=street_names(streets),
        street=street[inside],
        hundred=(position[inside] + 1) * 100,
        longitude=longitude[inside],
        latitude=latitude[inside],
        east=step_east[street][inside],
        north=step_north[street][inside],
        weight=popularity / popularity.sum(),
    )


def draw_spots(city: City, count: int, rng: np.random.Generator) -> Spots:
    """Pick ``count`` houses."""
    block = rng.choice(len(city.weight), size=count, p=city.weight)
    return houses(city, block, rng.integers(0, HOUSES, count))


def houses(city: City, block: Ints, house: Ints) -> Spots:
    """Return the houses with these places in their blocks, from 0 on: both sides of the street in turn."""
    along = (house + 0.5) / HOUSES
    aside = np.where(house % 2 == 0, 1.0, -1.0) * 15.0 / _METRES_A_DEGREE
    return Spots(
        street=city.street[block],
        house=city.hundred[block] + house * 4 + (house % 2),
        longitude=np.round(city.longitude[block] + along * city.east[block] + aside, 6),
        latitude=np.round(city.latitude[block] + along * city.north[block] + aside, 6),
    )


def area_of(boundary: dict[str, Any]) -> shapely.Geometry:
    """Return the boundary's polygons as one prepared geometry."""
    features = boundary.get("features") or [boundary]
    area = shapely.union_all([shape(feature.get("geometry", feature)) for feature in features])
    shapely.prepare(area)
    return area


def _points_inside(area: shapely.Geometry, count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return ``count`` random points inside ``area``, longitudes and latitudes."""
    west, south, east, north = shapely.bounds(area)
    x, y = np.empty(0), np.empty(0)
    while len(x) < count:
        try_x, try_y = rng.uniform(west, east, count * 4), rng.uniform(south, north, count * 4)
        inside = shapely.contains_xy(area, try_x, try_y)
        x, y = np.append(x, try_x[inside]), np.append(y, try_y[inside])
    return x[:count], y[:count]


def street_names(count: int) -> tuple[str, ...]:
    """Return ``count`` different invented street names."""
    names = [
        f"{first}{last} {_KINDS[(place + shift) % len(_KINDS)]}"
        for shift, last in enumerate(_LAST)
        for place, first in enumerate(_FIRST)
    ]
    if count > len(names):
        raise ValueError(f"at most {len(names)} streets can be named")
    return tuple(names[:count])

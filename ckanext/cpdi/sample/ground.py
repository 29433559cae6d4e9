"""Reference data of the invented city: streets with address ranges, address points, neighbourhoods.

The same profile and seed give the ground of the city that :mod:`.calls` and :mod:`.citations` draw their rows from.
"""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from shapely.geometry import mapping

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.sample.city import HOUSES, City, Spots, area_of, houses, lay_out
from ckanext.cpdi.sample.write import write_csv
from ckanext.cpdi.whole_file import written

_DECIMALS = 6
_AREAS = ("Harbor", "Northside", "Old Mill", "Riverbend", "Southgate", "The Heights", "Westfield", "Willow Park")

_PEOPLE = 150_000
"""Inhabitants of the invented city, spread evenly over its ground."""
_NOTE = "An invented area of the sample: nobody lives there"


def write_streets(path: Path, profile: Profile, seed: int) -> int:
    """Write the streets as GeoJSON with the columns of TIGER/Line edges, a block a line; return how many."""
    city = _city(profile, seed)
    ends = np.stack([city.longitude + city.east, city.latitude + city.north], axis=1)
    lines = np.round(np.stack([np.stack([city.longitude, city.latitude], axis=1), ends], axis=1), _DECIMALS)
    features = [
        {
            "type": "Feature",
            "properties": {
                "FULLNAME": city.streets[street],
                "LFROMADD": hundred,
                "LTOADD": hundred + 98,
                "RFROMADD": hundred + 1,
                "RTOADD": hundred + 99,
                "MTFCC": "S1400",
            },
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for street, hundred, line in zip(city.street.tolist(), city.hundred.tolist(), lines.tolist(), strict=True)
    ]
    _write(path, features)
    return len(features)


def write_addresses(path: Path, profile: Profile, seed: int) -> int:
    """Write every house as CSV with the columns of OpenAddresses; return how many."""
    city = _city(profile, seed)
    blocks = np.repeat(np.arange(len(city.street)), HOUSES)
    spots: Spots = houses(city, blocks, np.tile(np.arange(HOUSES), len(city.street)))
    streets = pl.Series(city.streets)
    table = pl.DataFrame(
        {
            "LON": spots.longitude,
            "LAT": spots.latitude,
            "NUMBER": spots.house,
            "STREET": streets.gather(spots.street),
            "CITY": [profile.agency.city] * len(blocks),
        }
    )
    write_csv(table, path)
    return table.height


def write_areas(path: Path, profile: Profile, seed: int) -> int:
    """Write invented neighbourhoods as GeoJSON: the boundary cut into parts, each with ``name``, ``population`` and a
    ``note`` that it is none; return how many.
    """
    area = area_of(profile.geojson(profile.boundary))
    rng = np.random.default_rng(seed)
    west, south, east, north = shapely.bounds(area).tolist()
    middles: Any = shapely.points(rng.uniform(west, east, len(_AREAS)), rng.uniform(south, north, len(_AREAS)))
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(middles), extend_to=area))
    parts = [part for part in shapely.intersection(cells, area).tolist() if not part.is_empty]
    shares: Any = shapely.area(parts) / shapely.area(area)
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "population": max(1, round(_PEOPLE * share)), "note": _NOTE},
            "geometry": mapping(part),
        }
        for name, part, share in zip(_AREAS, parts, shares.tolist(), strict=False)
    ]
    _write(path, features)
    return len(features)


def _city(profile: Profile, seed: int) -> City:
    return lay_out(profile.geojson(profile.boundary), np.random.default_rng(seed))


def _write(path: Path, features: list[dict[str, Any]]) -> None:
    """Write a FeatureCollection, or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path) as unfinished:
        unfinished.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")

"""Reads the public places of a city from any file that GDAL reads: polygons with a name."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from pathlib import Path

import polars as pl
import shapely

from ckanext.cpdi.desk.vector_file import read_vector
from ckanext.cpdi.pipeline.places import PlacesError
from ckanext.cpdi.rows.places import PUBLIC

_NAMES = ("NAME", "FULLNAME", "PARK_NAME", "LABEL")


def read_public(path: Path) -> pl.DataFrame:
    """Return the public places of ``path`` (columns of PUBLIC); raise PlacesError where it cannot be read."""
    attributes, shapes = read_vector(path, "file of public places")
    by_spelling = {header.upper(): header for header in attributes.columns}
    header = next((by_spelling[name] for name in _NAMES if name in by_spelling), None)
    if header is None:
        raise PlacesError(f"the file of public places {path.name} has no column name")
    polygons = shapely.make_valid(shapes)
    kept = shapely.get_dimensions(polygons) == 2
    if not kept.any():
        raise PlacesError(f"the file of public places {path.name} has no polygon")
    names = attributes[header].cast(pl.String).filter(pl.Series(kept))
    return pl.DataFrame({"name": names, "geometry": shapely.to_wkb(polygons[kept]).tolist()}, schema=PUBLIC)

"""Reads vector files of any format that GDAL knows, as a frame of attributes and geometries in degrees."""

# Pyogrio, shapely and pyarrow come without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from pyproj import CRS, Transformer

from ckanext.cpdi.pipeline.places import PlacesError


def read_vector(path: Path, what: str) -> tuple[pl.DataFrame, Any]:
    """Return the attributes of ``path``, and its geometries in degrees of WGS 84 as an array of shapely's.

    Raises PlacesError, which calls the file ``what``, where it cannot be read or has no reference system.
    """
    import pyogrio
    from pyogrio.errors import DataSourceError

    try:
        meta, table = pyogrio.read_arrow(path)
    except (DataSourceError, OSError) as error:
        raise PlacesError(f"the {what} {path.name} cannot be read: {error}") from error
    if not meta["crs"]:
        raise PlacesError(f"the {what} {path.name} does not say which coordinates it has: its .prj is missing")
    column = meta["geometry_name"] or "wkb_geometry"
    geometries = _in_degrees(shapely.from_wkb(table.column(column).to_pylist()), meta["crs"])
    names = [name for name in table.column_names if name != column]
    return pl.DataFrame({name: pl.from_arrow(table.column(name)) for name in names}), geometries


def _in_degrees(geometries: Any, crs: str) -> Any:  # noqa: ANN401  geometries have no types
    """Return geometries in degrees of WGS 84."""
    if CRS.from_user_input(crs).equals(CRS.from_epsg(4326), ignore_axis_order=True):
        return geometries
    way = Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
    return shapely.transform(geometries, lambda xy: np.stack(way.transform(xy[:, 0], xy[:, 1]), axis=1))

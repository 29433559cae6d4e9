"""Public places as units of their own: parks, malls, stations. Nobody lives there, so they need no addresses."""

# Shapely comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely

from ckanext.cpdi.declare.streets import canonical
from ckanext.cpdi.rows.ground.areas import TEAM, Areas
from ckanext.cpdi.rows.ground.cells import CELL_METRES, Cells, Plane, cells_of, centres
from ckanext.cpdi.rows.places.unit import Draft, Key, Unit, team_and_areas

PUBLIC = {"name": pl.String, "geometry": pl.Binary}
"""A public place: what people call it, and its polygon as WKB in degrees."""


def draft_public(public: pl.DataFrame, areas: Areas, plane: Plane) -> tuple[Draft, pl.DataFrame]:
    """Return the units of ``public`` (columns of PUBLIC), and the ``unit`` of each ``cell`` of theirs.

    A place that lies in several areas is a unit in each. Of two that overlap the first in the table has the ground; one
    without ground of its own is none.
    """
    units: list[Unit] = []
    keys: list[Key] = []
    grounds = [pl.DataFrame(schema={"cell": pl.Int64, "unit": pl.Int64})]
    taken: Cells = np.empty(0, dtype=np.int64)
    for name, geometry in public.select(*PUBLIC).drop_nulls().iter_rows():
        ground = np.setdiff1d(_cells_in(shapely.from_wkb(geometry), plane), taken)
        taken = np.union1d(taken, ground)
        x, y = centres(ground)
        codes = areas.at(plane, x, y)
        for code in np.unique(codes).tolist():
            here = codes == code
            names: dict[str, str | None] = areas.names(code) if areas else {TEAM: None}
            keys.append(Key(_key(name), len(units), float(here.mean())))
            grounds.append(pl.DataFrame({"cell": ground[here]}).with_columns(unit=pl.lit(len(units), pl.Int64)))
            units.append(_unit(name, names, x[here], y[here]))
    return Draft().plus(units, keys), pl.concat(grounds).sort("cell")


def _unit(name: str, names: dict[str, str | None], x: npt.NDArray[Any], y: npt.NDArray[Any]) -> Unit:
    """Return the unit of a public place; its point is the middle of the cell that is nearest to the middle of all."""
    middle = int(np.argmin(np.hypot(x - x.mean(), y - y.mean())))
    width = float(np.hypot(np.ptp(x), np.ptp(y)))
    return Unit(name, "area", *team_and_areas(names), 0, float(x[middle]), float(y[middle]), width, has_ground=True)


def _cells_in(polygon: Any, plane: Plane) -> Cells:  # noqa: ANN401  a geometry of shapely
    """Return the sorted cells whose middle lies in ``polygon`` (degrees)."""
    west, south, east, north = shapely.bounds(polygon).tolist()
    (left, right), (bottom, top) = plane.metres(np.array([west, east]), np.array([south, north]))
    steps = (np.arange(low, high + CELL_METRES, CELL_METRES) for low, high in ((left, right), (bottom, top)))
    x, y = np.meshgrid(*steps)
    cells = np.unique(cells_of(x.ravel(), y.ravel()))
    return cells[shapely.contains_xy(polygon, *plane.degrees(*centres(cells)))]


def _key(name: str) -> str:
    """Return the key by which an address that is the place's name finds it."""
    return canonical(re.sub(r"[^A-Z0-9]+", " ", name.upper()).strip())

"""A page of features, as every form of answer gets it: fields, rows, points, and whether more rows follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ckanext.cpdi.services.geoservices.fields import LayerField
from ckanext.cpdi.services.geoservices.quantization import Cells, Grid
from ckanext.cpdi.services.geoservices.reference import Numbers, Reference

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Points:
    """The points of a page's rows in ``reference``; coordinates of a row without a point are NaN.

    ``decimals`` are those of a coordinate. With a ``grid`` they are cells of it.
    """

    longitudes: Numbers
    latitudes: Numbers
    reference: Reference
    decimals: int
    grid: Grid | None = None

    def coordinates(self) -> tuple[Numbers, Numbers]:
        """Return the coordinates, NaN where there is none."""
        xs, ys = self.reference.project(self.longitudes, self.latitudes)
        return np.round(xs, self.decimals), np.round(ys, self.decimals)

    def cells(self, grid: Grid) -> tuple[Cells, Cells]:
        """Return the cells of ``grid``, 0 where there is no point."""
        xs, ys = self.reference.project(self.longitudes, self.latitudes)
        return grid.cells(np.nan_to_num(xs), np.nan_to_num(ys))

    def present(self) -> list[bool]:
        """Return which rows have a point."""
        there: list[bool] = np.isfinite(self.longitudes).tolist()
        return there


@dataclass(frozen=True)
class Page:
    """Rows with the values of ``fields`` at the front; ``exceeded`` where more follow.

    ``points`` is None where no geometry was asked for, or the layer has none. ``identified`` is False for groups, which
    are no rows of the layer.
    """

    fields: tuple[LayerField, ...]
    rows: Rows
    points: Points | None
    exceeded: bool
    identified: bool = True
    is_spatial: bool = False

"""A page of features, as every form of answer gets it: fields, rows, points, and whether more rows follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from ckanext.cpdi.query.reference import Array, Reference
from ckanext.cpdi.services.geoservices.fields import LayerField
from ckanext.cpdi.services.geoservices.quantization import Cells, Grid

if TYPE_CHECKING:  # a process of the pages does without it
    import polars as pl

Rows = Sequence[Sequence[Any]]
Column: TypeAlias = "Sequence[Any] | pl.Series"


@dataclass(frozen=True)
class Points:
    """The points of a page's rows in ``reference``; coordinates of a row without a point are NaN.

    ``decimals`` are those of a coordinate. With a ``grid`` they are cells of it.
    """

    longitudes: Array
    latitudes: Array
    reference: Reference
    decimals: int
    grid: Grid | None = None

    def coordinates(self) -> tuple[Array, Array]:
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


class Values(Protocol):
    """The values of a page: by rows, for forms that write row by row, and by columns."""

    def __len__(self) -> int:
        """Return the number of rows."""
        ...

    def rows(self) -> Rows:
        """Return the rows; they may have more values than there are fields."""
        ...

    def columns(self) -> Sequence[Column]:
        """Return the columns; there may be more than fields."""
        ...


@dataclass(frozen=True)
class RowValues:
    """Values as the database gives them."""

    read: Rows

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.read)

    def rows(self) -> Rows:
        """Return the rows."""
        return self.read

    def columns(self) -> Sequence[Column]:
        """Return the columns; none where there are no rows."""
        return list(zip(*self.read, strict=True))


@dataclass(frozen=True)
class FrameValues:
    """Values of a version's columnar file."""

    frame: pl.DataFrame

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.frame.height

    def rows(self) -> Rows:
        """Return the rows."""
        return self.frame.rows()

    def columns(self) -> Sequence[Column]:
        """Return the columns; none where there are no rows."""
        return self.frame.get_columns() if self.frame.height else []


@dataclass(frozen=True)
class Page:
    """Rows with the values of ``fields`` at the front; ``exceeded`` where more follow.

    ``points`` is None where no geometry was asked for, or the layer has none. ``identified`` is False for groups, which
    are no rows of the layer.
    """

    fields: tuple[LayerField, ...]
    values: Values
    points: Points | None
    exceeded: bool
    identified: bool = True
    is_spatial: bool = False

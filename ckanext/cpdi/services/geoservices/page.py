"""A page of features, as every form of answer gets it: fields, rows, points, and whether more rows follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from ckanext.cpdi.query.reference import Array, Reference
from ckanext.cpdi.query.written import Texts, Write, Written
from ckanext.cpdi.services.geoservices.fields import LayerField
from ckanext.cpdi.services.geoservices.quantization import Cells, Grid

if TYPE_CHECKING:  # a process of the pages does without Polars
    import polars as pl

    from ckanext.cpdi.query.writers.frame_answers import FramePage

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Column:
    """The ``values`` of a column, row by row; places in ``texts`` where it has them."""

    values: Sequence[Any]
    texts: Texts | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no row has a value."""
        return self.values.count(None) == len(self.values)

    def written(self, key: object, write: Write) -> Iterable[bytes]:
        """Return each value as ``write`` writes it, those that stand often once; ``key`` names the way of writing."""
        if self.texts:
            return self.texts.written(self.values, key, write)
        is_unique = len(set(self.values)) == len(self.values)
        return map(write if is_unique else Written(write).__getitem__, self.values)


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
        return [Column(values) for values in zip(*self.read, strict=True)]


@dataclass(frozen=True)
class FrameValues:
    """The first ``most`` values of a page of a version's columnar file, of the columns ``names``."""

    page: FramePage
    names: Sequence[str]
    most: int

    def __len__(self) -> int:
        """Return the number of rows."""
        return min(self.page.rows.height, self.most)

    def rows(self) -> Rows:
        """Return the rows."""
        columns = self.columns()
        return list(zip(*(c.texts.of(c.values) if c.texts else c.values for c in columns), strict=True))

    def columns(self) -> Sequence[Column]:
        """Return the columns; none where there are no rows."""
        if not len(self):
            return []
        return [Column(self._first(name).to_list(), self.page.texts.get(name)) for name in self.names]

    def axis(self, name: str) -> Array:
        """Return the coordinates of a column, NaN where there is none."""
        return self._first(name).to_numpy()

    def _first(self, name: str) -> pl.Series:
        return self.page.rows[name].head(self.most)


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

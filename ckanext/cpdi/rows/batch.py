"""A batch on its way through the room: what :mod:`.standardise` read of it, and what later stages add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.values.levels import DATE
from ckanext.cpdi.rows.verdicts import Rows, Verdicts


@dataclass(frozen=True)
class Position:
    """Where the feed says that each row is, in degrees of WGS 84; null for none."""

    longitude: pl.Series
    latitude: pl.Series


@dataclass
class Batch:
    """The rows of one batch.

    ``lines``: their line numbers in the feed. ``columns``: what a field can be made of, under the names that
    declarations use: inputs (``problem``), what their codes mean (``problem.code``), and, once they are derived,
    ``event.counts`` or ``place.label``. ``classes``: the set of each row's privacy classes, a bit mask.
    ``opened_shows``: how exactly the feed says each row's time, a place in TIMES. ``closed_dated``: rows whose closing
    is a day without a time. ``position``: null where the table has no inputs for one. ``unreadable``: by input, the
    rows in which something stands there that cannot be read; the column is empty there, and what is derived of it must
    take the strict form.
    """

    lines: pl.Series
    verdicts: Verdicts
    columns: dict[str, pl.Series]
    classes: npt.NDArray[np.int16]
    position: Position
    opened_shows: npt.NDArray[np.int8]
    closed_dated: Rows
    unreadable: dict[str, Rows] = field(default_factory=dict[str, Rows])

    @property
    def opened_dated(self) -> Rows:
        """The rows whose time is a day without a time, or a month."""
        return self.opened_shows >= DATE

    @property
    def height(self) -> int:
        """The number of rows."""
        return len(self.lines)

    def column(self, name: str, dtype: pl.DataType | type[pl.DataType] = pl.String) -> pl.Series:
        """Return a column, or an empty one of ``dtype`` where the table has none of that name."""
        return self.columns[name] if name in self.columns else nulls(self.height, dtype)

    def add_classes(self, classes: npt.NDArray[np.int16] | np.int16) -> None:
        """Add privacy classes to the rows' own: a bit mask for each row, or one for all."""
        self.classes |= classes

    def add_group(self, group: str, columns: Mapping[str, pl.Series]) -> None:
        """Add a group of derived columns: ``counts`` of ``event`` becomes ``event.counts``."""
        self.columns |= {f"{group}.{name}": column for name, column in columns.items()}

    def empty(self, name: str, rows: Rows) -> None:
        """Empty a column in ``rows``."""
        self.columns[name] = self.columns[name].set(pl.Series(rows), None)

    def mark_unreadable(self, rows: Rows, name: str, flag: str) -> None:
        """Note that what stood in the input ``name`` of ``rows`` cannot be read, and flag them."""
        earlier = self.unreadable.get(name, np.zeros(self.height, dtype=bool))
        self.unreadable[name] = earlier | rows
        self.verdicts.flag(rows, flag)


def begin(lines: pl.Series) -> Batch:
    """Return a batch of which nothing but the line numbers is known."""
    height = len(lines)
    nowhere = nulls(height, pl.Float64)
    return Batch(
        lines=lines,
        verdicts=Verdicts(height),
        columns={},
        classes=np.zeros(height, dtype=np.int16),
        position=Position(nowhere, nowhere),
        opened_shows=np.zeros(height, dtype=np.int8),
        closed_dated=np.zeros(height, dtype=bool),
    )


def nulls(height: int, dtype: pl.DataType | type[pl.DataType]) -> pl.Series:
    """Return an empty column of ``height`` rows."""
    return pl.Series([None], dtype=dtype).new_from_index(0, height)

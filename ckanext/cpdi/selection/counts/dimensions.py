"""What rows are counted by: the declared fields with few values and the declared areas, as codes of the columnar file.

In: a frame's writer. Out: for each dimension an expression that gives each row a code, and the text of each code.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.areas import column_of
from ckanext.cpdi.query.columnar import local
from ckanext.cpdi.query.parts import HOURS
from ckanext.cpdi.query.tree import EVERYTHING, NOTHING, Condition, In, IsNull, Term
from ckanext.cpdi.query.writers.frame import FrameWriter

_COARSE = ("month", "quarter")
"""What ``time.precision`` says of rows that show no day."""
_HOURLESS = ("date", *_COARSE)
_OF_DAY, _OF_WEEK = 24, 168
_TRUTH = ("no", "yes")
_TEAM, UNPLACED = "place.team", "unplaced"
DAY, WEEK_HOURS = "day", "week_hours"
"""The column of the day of a row, and that of its hour of the week."""
WIDTHS = {HOURS: _OF_DAY + 1, WEEK_HOURS: _OF_WEEK + 1}
"""The codes of hours of the day and of the week; the last one is that of rows without an hour."""
HOURS_OF = {
    HOURS: np.append(np.arange(_OF_WEEK) % _OF_DAY, _OF_DAY),
    WEEK_HOURS: np.arange(_OF_WEEK + 1),
}
"""Both, of each code of the hours of the week."""


@dataclass(frozen=True)
class Dimension:
    """Codes from 0 to ``len(values)``; the last one is that of rows without a value."""

    name: str
    values: tuple[str, ...]
    codes: pl.Expr

    @property
    def width(self) -> int:
        """The number of codes."""
        return len(self.values) + 1


def dimensions(writer: FrameWriter, layers: Iterable[str]) -> Iterator[Dimension]:
    """Yield the fields that rows are counted by, and the areas of ``layers``; what has no codes in the file is none."""
    areas = [column_of(layer) for layer in layers] if writer.table.place in writer.kinds else []
    for name in [*(field.name for field in writer.table.fields if field.counts), *areas]:
        counted = dimension(writer, name)
        if counted:
            yield counted


def dimension(writer: FrameWriter, name: str) -> Dimension | None:
    """Return the column ``name`` as a dimension; None where the file has no codes for it."""
    kind, values = writer.kind(name), writer.term(Term(name))
    if isinstance(kind, pl.Enum):
        texts = tuple(kind.categories)
        return Dimension(name, texts, _codes(values.to_physical(), name, len(texts)))
    return Dimension(name, _TRUTH, _codes(values, name, len(_TRUTH))) if isinstance(kind, pl.Boolean) else None


def unplaced(writer: FrameWriter) -> Dimension | None:
    """Return why rows are on no map: they show their ``team`` alone, or have a place ``nowhere``; rows with a point are
    those without a value. None for a table without points.
    """
    table = writer.table
    if table.point is None:
        return None
    no_point = writer.where(IsNull(Term(table.point[0])))
    teams = [writer.where(IsNull(Term(field.name))) for field in table.fields if field.source == _TEAM]
    in_team = ~teams[0] if teams else pl.lit(value=False)
    code = pl.when(~no_point).then(2).when(in_team).then(1).otherwise(0)
    return Dimension(UNPLACED, ("nowhere", "team"), code.cast(pl.UInt16).alias(UNPLACED))


def _codes(values: pl.Expr, name: str, missing: int) -> pl.Expr:
    return values.cast(pl.UInt16).fill_null(missing).alias(name)


@dataclass(frozen=True)
class Clock:
    """When a row of ``table`` was, as it shows it."""

    table: Table

    @cached_property
    def day(self) -> pl.Expr:
        """The day of a row; the first one of the month that it shows."""
        field = self.table.time_field
        column = field.name if field.type == "date" else local(field.name, "date")
        return pl.col(column).to_physical().alias(DAY)

    @property
    def has_days(self) -> bool:
        """Whether a row may show its day."""
        return self.table.finest not in _COARSE

    @property
    def coarse(self) -> Condition:
        """The rows that show their month, or less."""
        return self._shows(_COARSE) if self.has_days else EVERYTHING

    @property
    def hourless(self) -> Condition:
        """The rows that show no hour."""
        return EVERYTHING if self.table.finest in _HOURLESS else self._shows(_HOURLESS)

    def hours(self, writer: FrameWriter) -> pl.Expr | None:
        """Return the hours of the week from Sunday on, as codes; the last one is that of rows without an hour.

        None where no row shows one.
        """
        if self.hourless == EVERYTHING:
            return None
        name = self.table.time_field.name
        hour = pl.col(local(name, "weekday")).cast(pl.UInt16) * _OF_DAY + pl.col(local(name, "hour"))
        without = pl.lit(_OF_WEEK, pl.UInt16)
        return pl.when(writer.where(self.hourless)).then(without).otherwise(hour).fill_null(without).alias(WEEK_HOURS)

    def _shows(self, precisions: tuple[str, ...]) -> Condition:
        name = next((field.name for field in self.table.fields if field.source == "time.precision"), "")
        return In(Term(name), precisions) if name else NOTHING

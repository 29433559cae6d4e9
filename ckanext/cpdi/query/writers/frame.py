"""Writes filters as Polars expressions, for the columnar file of a version.

In: a tree, and the frame with its columns (:mod:`..columnar`). Out: an expression of true, false and null, row by row
what :mod:`.sql` gives of the same rows. What a frame has no way to tell raises UnwritableError: ask the database.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.areas import AreaOf, layer_of, no_areas
from ckanext.cpdi.query.columnar import local
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    And,
    Between,
    Comparison,
    Condition,
    Envelope,
    Everything,
    Function,
    In,
    Instant,
    Interval,
    IsNull,
    Like,
    Not,
    Nothing,
    Or,
    Term,
)
from ckanext.cpdi.query.writers.frame_comparisons import OPERATORS, UnwritableError, among, fractions, literal, tested

_ACCENTS = r"[\x{300}-\x{36f}]"


def _unaccented(text: pl.Expr) -> pl.Expr:
    return text.str.normalize("NFD").str.replace_all(_ACCENTS, "")


_TEXTS: dict[Function, Callable[[pl.Expr], pl.Expr]] = {
    "lower": lambda text: text.str.to_lowercase(),
    "upper": lambda text: text.str.to_uppercase(),
    "unaccent": _unaccented,
    "fold": lambda text: _unaccented(text).str.to_lowercase(),
    "trim": lambda text: text.str.strip_chars(" "),
    "length": lambda text: text.str.len_chars().cast(pl.Int64),
}
_TIMES: dict[Function, Callable[[pl.Expr], pl.Expr]] = {
    "date": lambda time: time.dt.date(),
    "year": lambda time: time.dt.year(),
    "month": lambda time: time.dt.month(),
    "day": lambda time: time.dt.day(),
    "hour": lambda time: time.dt.hour(),
    "minute": lambda time: time.dt.minute(),
    "second": lambda time: time.dt.second(),
    "weekday": lambda time: time.dt.weekday() % 7,
}
"""Parts of a time, as its clock shows them."""
_CLOCKS: dict[Function, Callable[[str], pl.Expr]] = {
    "date": lambda name: pl.col(local(name, "date")),
    "year": lambda name: pl.col(local(name, "month")) // 12,
    "month": lambda name: pl.col(local(name, "month")) % 12 + 1,
    "day": lambda name: pl.col(local(name, "date")).dt.day(),
    "hour": lambda name: pl.col(local(name, "hour")),
    "weekday": lambda name: pl.col(local(name, "weekday")),
}
"""The parts of a time by the clock of the table's zone, which the file has columns for."""


@dataclass(frozen=True)
class FrameWriter:
    """Writes for the rows of ``frame``, which are of ``table``; its columns of local times are of ``zone``."""

    table: Table
    frame: pl.DataFrame
    zone: str
    areas: AreaOf = no_areas
    _by_place: dict[str, pl.Series] = field(default_factory=dict[str, pl.Series], init=False)

    @cached_property
    def kinds(self) -> dict[str, pl.DataType]:
        """The types of the file's columns; Polars looks through all values of a code's type each time it is asked."""
        return dict(self.frame.schema)

    def kind(self, column: str) -> pl.DataType:
        """Return the type of a column of the file, or of areas: an Enum of the names that places have."""
        layer = layer_of(column)
        return self.area_by_place(layer).dtype if layer else self.kinds[column]

    def area_by_place(self, layer: str) -> pl.Series:
        """Return the area of each place: an Enum's values by the codes of the column of places, null at their end.

        So ``area_by_place(layer).gather(codes)`` are the areas of rows; one pass over a byte a row. Raises
        UnwritableError where a table has no places, or the file no codes for them.
        """
        if layer not in self._by_place:
            kind = self.kinds.get(self.table.place)
            if not isinstance(kind, pl.Enum):
                raise UnwritableError("the file has no codes of places")
            names = self.areas(layer)
            listed = [*(names.get(place) for place in kind.categories), None]
            self._by_place[layer] = pl.Series(listed, dtype=pl.Enum(sorted(set(names.values()))))
        return self._by_place[layer]

    def where(self, condition: Condition) -> pl.Expr:
        """Return ``condition`` as an expression; raise UnwritableError."""
        match condition:
            case Everything() | Nothing():
                return pl.lit(condition == EVERYTHING)
            case And(parts):
                return pl.all_horizontal(map(self.where, parts))
            case Or(parts):
                return pl.any_horizontal(map(self.where, parts))
            case Not(part):
                return ~self.where(part)
            case Envelope():
                return self._box(condition)
            case Instant() | Interval():
                return self._time(condition)
            case _:
                return self._test(condition)

    def term(self, term: Term) -> pl.Expr:
        """Return the values of a term: texts, whole numbers of 64 bits, days, instants; raise UnwritableError."""
        column = self._column(term.column)
        kind = self.kind(term.column)
        if term.function is None:
            return column.cast(pl.Int64) if kind == pl.Int32 else column
        if term.function in _TEXTS:
            return _TEXTS[term.function](column.cast(pl.String))
        part = self._part(term, term.function, column, kind)
        return part if term.function == "date" else part.cast(pl.Int64)

    def _part(self, term: Term, function: Function, column: pl.Expr, kind: pl.DataType) -> pl.Expr:
        if isinstance(kind, pl.Datetime):
            if term.zone == self.zone and function in _CLOCKS:
                return _CLOCKS[function](term.column)
            column = column.dt.convert_time_zone(term.zone)
        return column if function == "date" and kind == pl.Date else _TIMES[function](column)

    def _column(self, name: str) -> pl.Expr:
        layer = layer_of(name)
        if layer:
            by_place = self.area_by_place(layer)
            codes = pl.col(self.table.place).to_physical().cast(pl.UInt32).fill_null(len(by_place) - 1)
            return pl.lit(by_place).gather(codes)
        if name not in self.kinds:
            raise UnwritableError(f"the file has no column {name}")
        return pl.col(name)

    def _test(self, condition: Condition) -> pl.Expr:
        """Return the test of one term."""
        match condition:
            case Comparison(term, sign, Term() as other):
                return OPERATORS[sign](self._comparable(term), self._comparable(other))
            case Comparison() | Between() | In() | Like():
                return self._compared(condition)
            case IsNull(term):
                return self._column(term.column).is_null()
            case _:
                raise UnwritableError(type(condition).__name__)

    def _comparable(self, term: Term) -> pl.Expr:
        """Return a term beside another one, or a value: texts as such, instants as counts of microseconds."""
        values, kind = self.term(term), self.kind(term.column)
        if term.function is not None:
            return values
        if isinstance(kind, pl.Datetime):
            return values.to_physical()
        return values.cast(pl.String) if isinstance(kind, pl.Enum) else values

    def _compared(self, condition: Comparison | Between | In | Like) -> pl.Expr:
        """Return the test of one term beside values; that of codes is made of their values, of which there are few."""
        term = condition.term
        column, kind = self._column(term.column), self.kind(term.column)
        if not isinstance(kind, pl.Enum):
            return tested(self._comparable(term), fractions(condition) if kind == pl.Float64 else condition)
        text = _TEXTS[term.function](pl.col("text")) if term.function else pl.col("text")
        meets = pl.DataFrame({"text": kind.categories}).select(tested(text, condition)).to_series()
        return among(column.to_physical(), meets.arg_true())

    def _time(self, condition: Instant | Interval) -> pl.Expr:
        time = self._column(condition.column).cast(pl.Datetime("us", "UTC")).to_physical()
        if isinstance(condition, Instant):
            return time == literal(condition.at)
        bounds: list[pl.Expr] = []
        if condition.start is not None:
            bounds.append(time >= literal(condition.start))
        if condition.end is not None:
            bounds.append(OPERATORS["<=" if condition.closed else "<"](time, literal(condition.end)))
        return pl.all_horizontal(bounds or [time == time])  # unknown of a row that is empty, as in SQL

    def _box(self, box: Envelope) -> pl.Expr:
        point = self.table.point
        if point is None:
            return pl.lit(False)
        if box.west > box.east:
            halves = Envelope(box.west, box.south, 180.0, box.north), Envelope(-180.0, box.south, box.east, box.north)
            return pl.any_horizontal(map(self._box, halves))
        longitude, latitude = self._column(point.longitude), self._column(point.latitude)
        inside = longitude.is_between(box.west, box.east) & latitude.is_between(box.south, box.north)
        if self._all_placed:
            return inside
        return pl.when(longitude.is_between(-180, 180) & latitude.is_between(-90, 90)).then(True) & inside

    @cached_property
    def _all_placed(self) -> bool:
        """Whether each point is one of the world; another has no place, so that nothing is known of it."""
        point = self.table.point
        if point is None:
            return False
        longitude, latitude = pl.col(point.longitude), pl.col(point.latitude)
        alike = (longitude.is_null() == latitude.is_null()).all()
        worldly = (longitude.is_between(-180, 180) & latitude.is_between(-90, 90)).all()
        return bool(self.frame.select(alike & worldly).item())

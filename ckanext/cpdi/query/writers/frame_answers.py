"""Counts, ids, extents and statistics of a frame: what the database gives to the statements of :mod:`.sql`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.query.columnar import file_order
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Aggregate, AggregateKind, Order, Selection, Statistics
from ckanext.cpdi.query.tree import Condition, Term
from ckanext.cpdi.query.writers.frame import FrameWriter
from ckanext.cpdi.query.writers.frame_comparisons import OPERATORS, UnwritableError
from ckanext.cpdi.query.writers.frame_masks import FrameMasks
from ckanext.cpdi.query.writers.frame_order import Places, places
from ckanext.cpdi.query.written import Texts

_AGGREGATES: dict[AggregateKind, Callable[[pl.Expr], pl.Expr]] = {
    "count": lambda values: values.count(),
    "sum": lambda values: pl.when(values.count() > 0).then(values.sum()),
    "min": lambda values: values.min(),
    "max": lambda values: values.max(),
    "avg": lambda values: values.mean(),
    "stddev": lambda values: values.std(),
    "var": lambda values: values.var(),
}
_DAY, _MILLISECOND = 86_400_000, 1_000
_PLACE = "_place"
_ORDERS = 12
"""Orders of a file that are kept, at four bytes a row: both of each of five indexed columns, and that of ids."""
_ORDERED: tuple[AggregateKind, ...] = ("count", "min", "max")
"""What can be made of texts and times; the others are of numbers."""


@dataclass(frozen=True)
class FramePage:
    """Rows: times in milliseconds since 1970, cut off, truth as numbers, places in ``texts`` where a column has few."""

    rows: pl.DataFrame
    texts: Mapping[str, Texts]


@dataclass(frozen=True, eq=False)
class FrameAnswers:
    """Answers of the rows that ``writer`` writes for, in the order of files. Each raises UnwritableError where a frame
    cannot tell. ``let_go`` gives back the memory of what was read.
    """

    writer: FrameWriter
    let_go: Callable[[], None] = lambda: None
    _orders: dict[tuple[Order, ...], Places] = field(default_factory=dict[tuple[Order, ...], Places], init=False)

    @cached_property
    def masks(self) -> FrameMasks:
        """Which rows meet the conditions that were asked for."""
        return FrameMasks(self.writer)

    def count(self, condition: Condition) -> int:
        """Return the number of rows that meet ``condition``."""
        met = self.masks.of(condition)
        return self.writer.frame.height if met is None else int(np.count_nonzero(met))

    def sorted_ids(self, selection: Selection) -> npt.NDArray[np.int32]:
        """Return the ids of all rows of ``selection`` in its order."""
        if selection.after:
            raise UnwritableError("a page that begins behind a row")
        if not selection.order:
            return np.sort(self.ids[self._met(selection.filter)])
        ordered = self._ordered(selection.total_order)
        met = self.masks.of(selection.filter)
        return self.ids[ordered if met is None else ordered[np.flatnonzero(met[ordered])]]

    def _ordered(self, orders: tuple[Order, ...]) -> Places:
        """Return the places of all rows in an order; the last ones that were asked for are kept with the file."""
        missing = [order.column for order in orders if order.column not in self.writer.kinds]
        if missing:
            raise UnwritableError(f"the file has no column {missing[0]}")
        if orders not in self._orders:
            base = self._ordered(orders[1:]) if len(orders) > 1 else None
            self._orders[orders] = places(self.writer.frame, orders[:1], base)
            for oldest in list(self._orders)[: -_ORDERS or None]:
                self._orders.pop(oldest, None)
        return self._orders[orders]

    def page(self, selection: Selection) -> FramePage:
        """Return the columns of the rows of ``selection``, times and truth as those of :meth:`statistics`."""
        places = pl.Series(self._places(selection))
        rows = pl.DataFrame([self._physical[name][places] for name in selection.columns])
        plain = [_plain(pl.col(name), self.writer.kinds[name]) for name in selection.columns]
        return FramePage(rows.with_columns(values for values in plain if values is not None), self._texts)

    @cached_property
    def _physical(self) -> dict[str, pl.Series]:
        """The columns as the file has them: codes, counts of microseconds and days."""
        return {values.name: values.to_physical() for values in self.writer.frame}

    @cached_property
    def _texts(self) -> dict[str, Texts]:
        """The texts of columns that have codes."""
        kinds = self.writer.kinds.items()
        return {name: Texts(kind.categories.to_list()) for name, kind in kinds if isinstance(kind, pl.Enum)}

    def batches(self, selection: Selection, rows: int) -> Iterator[pl.DataFrame]:
        """Return the columns of the rows of ``selection`` as the file has them, ``rows`` at a time, with flat memory.

        Another order than the file's is left to the database, which sorts on its disk.
        """
        if selection.order != file_order(self.writer.table):
            raise UnwritableError("another order than the file's")
        places, frame = self._places(selection), self.writer.frame.select(selection.columns)

        def parts() -> Iterator[pl.DataFrame]:
            for start in range(0, len(places), rows):
                yield frame[places[start : start + rows]]
                self.let_go()

        return parts()

    def _places(self, selection: Selection) -> npt.NDArray[np.uint32]:
        """Return the places of the rows of ``selection`` in their order."""
        if selection.after:
            raise UnwritableError("a page that begins behind a row")
        met = self._met(selection.filter)
        beyond = selection.offset + selection.limit if selection.limit is not None else len(met)
        if not selection.order:
            ids = self.ids[met]
            few = np.argpartition(ids, beyond)[:beyond] if beyond < len(ids) else np.arange(len(ids))
            met = met[few[np.argsort(ids[few])]]
        elif selection.order != file_order(self.writer.table):
            met = self._sorted(met, selection)
        return met[selection.offset : beyond]

    def _sorted(self, met: npt.NDArray[np.uint32], selection: Selection) -> npt.NDArray[np.uint32]:
        """Return the places ``met`` in the order of ``selection``."""
        names = [order.column for order in selection.total_order]
        keys = self.writer.frame.select(names)[met].with_columns(pl.Series(_PLACE, met))
        descending = [order.descending for order in selection.total_order]
        return keys.sort(names, descending=descending, nulls_last=True)[_PLACE].to_numpy()

    def _met(self, condition: Condition) -> npt.NDArray[np.uint32]:
        """Return the places of the rows that meet ``condition``."""
        met = self.masks.of(condition)
        places = np.arange(self.writer.frame.height) if met is None else np.flatnonzero(met)
        return places.astype(np.uint32)

    @cached_property
    def ids(self) -> npt.NDArray[np.int32]:
        """The id of each row."""
        return self.writer.frame[ROW_ID].to_numpy()

    def extent(self, condition: Condition) -> tuple[Any, ...]:
        """Return west, south, east and north of the points of the rows that meet ``condition``; None's for no point."""
        point = self.writer.table.point
        if point is None:
            raise UnwritableError("the table has no point")
        longitude, latitude = pl.col(point.longitude), pl.col(point.latitude)
        placed = longitude.is_between(-180, 180) & latitude.is_between(-90, 90)
        sides = [longitude.min(), latitude.min(), longitude.max().alias("east"), latitude.max().alias("north")]
        return self._under(condition).filter(placed).select(sides).collect().row(0)

    def count_groups(self, statistics: Statistics) -> int:
        """Return the number of groups."""
        return self._groups(statistics).select(pl.len()).collect().item()

    def statistics(self, statistics: Statistics, *, milliseconds: bool = False) -> list[tuple[Any, ...]]:
        """Return a row for each group: the groups' values, then the aggregates.

        With ``milliseconds`` times are such since 1970, cut off, and truth is 1 or 0.
        """
        rows = self._groups(statistics).collect()
        return (rows.select(map(_in_milliseconds, rows)) if milliseconds else rows).rows()

    def _groups(self, statistics: Statistics) -> pl.LazyFrame:
        groups = {group.name: self.writer.term(group.term) for group in statistics.groups}
        aggregates = {aggregate.name: self._aggregate(aggregate) for aggregate in statistics.aggregates}
        keys = [values.alias(f"g{place}") for place, values in enumerate(groups.values())]
        made = [values.alias(f"a{place}") for place, values in enumerate(aggregates.values())]
        places = dict(zip(groups, (f"g{place}" for place in range(len(keys))), strict=True))
        places |= dict(zip(aggregates, (f"a{place}" for place in range(len(made))), strict=True))
        rows = self._under(statistics.filter)
        rows = rows.group_by(keys).agg(made) if keys else rows.select(made)
        for having in statistics.having:
            rows = rows.filter(OPERATORS[having.operator](pl.col(places[having.name]), pl.lit(having.value)))
        if statistics.order:
            by = [places[order.name] for order in statistics.order]
            rows = rows.sort(by, descending=[order.descending for order in statistics.order], nulls_last=True)
        return rows.slice(statistics.offset, statistics.limit)

    def select(self, condition: Condition, inside: pl.Expr, *columns: pl.Expr) -> pl.DataFrame:
        """Return ``columns`` of the rows that meet ``condition`` and are ``inside``."""
        return self._under(condition).filter(inside).select(columns).collect()

    def position(self, column: str, values: list[str]) -> pl.Expr:
        """Return the place of each row's text in ``values``: behind them for another text, and last for none."""
        other, none = len(values), len(values) + 1
        if not column:
            return pl.lit(none)
        text = self.writer.term(Term(column))
        kind = self.writer.kind(column)
        places = {value: place for place, value in enumerate(values)}
        if isinstance(kind, pl.Enum):
            by_code = pl.Series([*(places.get(text, other) for text in kind.categories), none], dtype=pl.Int32)
            return pl.lit(by_code).gather(text.to_physical().cast(pl.UInt32).fill_null(len(by_code) - 1))
        place = text.replace_strict(places, default=other, return_dtype=pl.Int32)
        return pl.when(text.is_null()).then(none).otherwise(place)

    def _under(self, condition: Condition) -> pl.LazyFrame:
        """Return the rows that meet ``condition``."""
        rows, met = self.writer.frame.lazy(), self.masks.of(condition)
        return rows if met is None else rows.filter(pl.Series(met))

    def _aggregate(self, aggregate: Aggregate) -> pl.Expr:
        """Return an aggregate; a count without a column is that of rows."""
        if not aggregate.column:
            return pl.len().cast(pl.Int64)
        values = self.writer.term(Term(aggregate.column))
        kind = self.writer.kind(aggregate.column)
        if not kind.is_numeric() and aggregate.kind not in _ORDERED:
            raise UnwritableError(f"{aggregate.kind} of {kind}")
        if kind == pl.Boolean and aggregate.kind != "count":
            raise UnwritableError(f"{aggregate.kind} of {kind}")
        values = values.drop_nulls().unique() if aggregate.distinct else values
        made = _AGGREGATES[aggregate.kind](values)
        return made.cast(pl.Int64) if aggregate.kind == "count" else made


def _in_milliseconds(values: pl.Series) -> pl.Series:
    """Return times in milliseconds since 1970, and truth as numbers."""
    plain = _plain(pl.col(values.name), values.dtype)
    return values if plain is None else values.to_physical().to_frame().select(plain).to_series()


def _plain(values: pl.Expr, kind: pl.DataType) -> pl.Expr | None:
    """Return times of ``kind`` as milliseconds, and truth as numbers, of what is physical; None for all else."""
    if isinstance(kind, pl.Datetime):
        return values // _MILLISECOND
    if kind == pl.Date:
        return values.cast(pl.Int64) * _DAY
    return values.cast(pl.Int32) if kind == pl.Boolean else None

"""What the rows of a file are counted by, as arrays in its order: made when first asked for, kept as long as the file.

In: the file of a version. Out: the day of each row, and its codes. To look at rows is what costs: columns of which rows
have few combinations of values lie packed in one array, and are counted in one pass. Two bytes a row and pack, four for
the day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from ckanext.cpdi.query.writers.frame_answers import FrameAnswers
from ckanext.cpdi.selection.counts.dimensions import (
    DAY,
    HOURS_OF,
    WEEK_HOURS,
    WIDTHS,
    Clock,
    Dimension,
    dimension,
    dimensions,
    unplaced,
)
from ckanext.cpdi.selection.counts.tally import Counts

MOST = 512
"""Combinations of a pack: numbers of all of them for each day of a year stay in a processor's cache."""
_GLANCE = 64
"""One row of so many is looked at first: most pairs of columns that have too many combinations show it there."""

Array = NDArray[Any]


@dataclass(frozen=True)
class Pack:
    """Combinations of columns, numbered from 0 to ``width``.

    ``codes`` has the combination of each row; ``columns`` has, for each column, its code in each combination.
    """

    codes: Array
    columns: dict[str, Array]
    width: int

    def of(self, name: str, counts: Counts, width: int) -> Counts:
        """Return numbers of combinations, a row for each bin, as numbers of the ``width`` codes of a column."""
        order, used, first = self._order[name]
        summed = np.zeros((width, len(counts)), np.int64)
        if len(used):
            summed[used] = np.add.reduceat(counts.T[order], first, axis=0)
        return summed.T

    @cached_property
    def _order(self) -> dict[str, tuple[Array, Array, Array]]:
        """For each column the combinations in the order of its codes, the codes in use, and where each begins."""
        orders = {name: np.argsort(codes, kind="stable") for name, codes in self.columns.items()}
        return {
            name: (order, *np.unique(self.columns[name][order], return_index=True)) for name, order in orders.items()
        }

    def joined(self, name: str, codes: Array, width: int) -> Pack | None:
        """Return the pack with one column more, of ``width`` codes; None where rows have too many combinations of both.

        A pair is numbered as combination × width + code; the pairs that rows have are then numbered from 0.
        """
        if len(np.unique(self.codes[::_GLANCE].astype(np.int64) * width + codes[::_GLANCE])) > MOST:
            return None
        both = self.codes.astype(np.int64) * width + codes
        pairs = np.flatnonzero(np.bincount(both, minlength=1))
        if len(pairs) > MOST:
            return None
        number = np.zeros(self.width * width, np.uint16)
        number[pairs] = np.arange(len(pairs))
        columns = {other: its_codes[pairs // width] for other, its_codes in self.columns.items()} | {
            name: pairs % width
        }
        return Pack(number[both], columns, len(pairs))


@dataclass(frozen=True)
class Codes:
    """The rows of a file: ``days`` ascend; ``coarse`` are the places of rows that show a month alone.

    The category is packed, too, where it is none of the ``dimensions``, and so are rows on no map (``unplaced``).
    """

    clock: Clock
    dimensions: Sequence[Dimension]
    category: Dimension | None
    unplaced: Dimension | None
    days: NDArray[np.int32]
    coarse: NDArray[np.int64]
    packs: Sequence[Pack]

    @property
    def has_hours(self) -> bool:
        """Whether some row shows its hour."""
        return any(WEEK_HOURS in pack.columns for pack in self.packs)

    def pack(self, name: str) -> Pack:
        """Return the pack that a column is in."""
        return next(pack for pack in self.packs if name in pack.columns)


_kept: WeakKeyDictionary[FrameAnswers, dict[tuple[str, ...], Codes]] = WeakKeyDictionary()
_lock = Lock()


def codes_of(file: FrameAnswers, layers: Collection[str]) -> Codes:
    """Return the codes of the rows of ``file``, the declared areas ``layers`` among them."""
    with _lock:
        made = _kept.setdefault(file, {})
        key = tuple(layers)
        if key not in made:
            made[key] = _made(file, layers)
        return made[key]


def _made(file: FrameAnswers, layers: Collection[str]) -> Codes:
    """Read the columns that are counted, one at a time, and pack them; hours of the week are a pack of their own."""
    writer = file.writer
    clock, counted = Clock(writer.table), list(dimensions(writer, layers))
    category = dimension(writer, writer.table.category) if writer.table.category else None
    lost = unplaced(writer)
    columns = {part.name: part for part in [*counted, *filter(None, (category, lost))]}
    coarse = writer.where(clock.coarse).fill_null(value=False).alias("coarse")
    first = writer.frame.select(clock.day, coarse)
    coarse_rows = np.flatnonzero(np.broadcast_to(first["coarse"].to_numpy(), writer.frame.height))
    packs = _packed((part, writer.frame.select(part.codes).to_series().to_numpy()) for part in columns.values())
    hours = clock.hours(writer)
    if hours is not None:
        codes = writer.frame.select(hours).to_series().to_numpy().astype(np.uint8)
        packs.append(Pack(codes, HOURS_OF, WIDTHS[WEEK_HOURS]))
    return Codes(clock, counted, category, lost, first[DAY].to_numpy().copy(), coarse_rows, packs)


def _packed(columns: Iterator[tuple[Dimension, Array]]) -> list[Pack]:
    """Return packs of the columns; each goes into the first where there is room, small ones before large ones."""
    packs = list[Pack]()
    for part, codes in sorted(columns, key=lambda column: column[0].width):
        for place, pack in enumerate(packs):
            joined = pack.joined(part.name, codes, part.width)
            if joined:
                packs[place] = joined
                break
        else:
            packs.append(Pack(codes.astype(np.uint16), {part.name: np.arange(part.width)}, part.width))
    return packs

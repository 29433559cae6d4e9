"""Which rows of a file meet the conditions of a filter.

One change of a filter is asked of a file five times, as counts, a comparison, rows and tiles, and most of its
conditions are those of the filter before. So each condition that a filter joins by AND is looked at once; which rows
meet it is kept, a bit a row, for the conditions that were asked for last.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ckanext.cpdi.query.tree import EVERYTHING, And, Condition
from ckanext.cpdi.query.writers.frame import FrameWriter
from ckanext.cpdi.query.writers.frame_comparisons import UnwritableError

MOST = 64
"""Conditions whose rows are kept: 8 MB for a million rows."""

Mask = NDArray[np.bool_]
"""The truth of each row, in the order of the file."""
Bits = NDArray[np.uint8]
"""The same, eight rows a byte."""


@dataclass(frozen=True)
class Masks:
    """Which of ``height`` rows meet each of some conditions."""

    height: int
    bits: dict[Condition, Bits]

    def all_of(self, conditions: Iterable[Condition]) -> Mask | None:
        """Return which rows meet all of ``conditions``; None without any, for all rows."""
        met = [self.bits[condition] for condition in conditions]
        return np.unpackbits(np.bitwise_and.reduce(met), count=self.height).view(np.bool_) if met else None


class FrameMasks:
    """The masks of one file, whose conditions ``writer`` writes."""

    def __init__(self, writer: FrameWriter) -> None:
        """Keep nothing yet."""
        self._writer = writer
        self._height = writer.frame.height
        self._kept: OrderedDict[Condition, Bits] = OrderedDict()
        self._lock = Lock()

    def of(self, condition: Condition) -> Mask | None:
        """Return which rows meet ``condition``, None for all; raise UnwritableError where a frame cannot tell."""
        if condition == EVERYTHING:
            return None
        parts = condition.parts if isinstance(condition, And) else (condition,)
        return self.each(parts).all_of(parts)

    def each(self, conditions: Iterable[Condition], ask: Callable[[Condition], Mask] | None = None) -> Masks:
        """Return the masks of ``conditions``; ``ask`` says what a frame cannot tell, else raise UnwritableError."""
        asked = set(conditions)
        met = self._known(asked)
        written = dict[Condition, pl.Expr]()
        for condition in asked.difference(met):
            try:
                written[condition] = self._writer.where(condition)
            except UnwritableError:
                if ask is None:
                    raise
                met[condition] = self._keep(condition, ask(condition))
        return Masks(self._height, met | self._looked_at(written))

    def _looked_at(self, written: dict[Condition, pl.Expr]) -> dict[Condition, Bits]:
        """Look at all rows once, for all that is ``written``."""
        if not written:
            return {}
        named = [truth.fill_null(value=False).alias(str(place)) for place, truth in enumerate(written.values())]
        looked = self._writer.frame.lazy().select(named).collect()
        # A constant is one value for all rows.
        truths = (np.broadcast_to(looked[str(place)].to_numpy(), self._height) for place in range(len(written)))
        return {condition: self._keep(condition, truth) for condition, truth in zip(written, truths, strict=True)}

    def _known(self, conditions: Iterable[Condition]) -> dict[Condition, Bits]:
        with self._lock:
            known = {condition: self._kept[condition] for condition in conditions if condition in self._kept}
            for condition in known:
                self._kept.move_to_end(condition)
        return known

    def _keep(self, condition: Condition, met: Mask) -> Bits:
        bits = np.packbits(met)
        with self._lock:
            self._kept[condition] = bits
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return bits

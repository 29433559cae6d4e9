"""Which rows meet each of several conditions, each of which is looked at once.

In: conditions, a reader with its columnar file. Out: an array of truth for each, in the order of the file. What a frame
cannot tell (words, polygons, distances) the database does, by the ids of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.query.writers.frame import FrameWriter
from ckanext.cpdi.query.writers.frame_comparisons import UnwritableError
from ckanext.cpdi.selection.reader import Reader

Mask = NDArray[np.bool_]


class Masks:
    """The masks of ``conditions``, and what they leave together."""

    def __init__(self, reader: Reader, writer: FrameWriter, conditions: Iterable[Condition]) -> None:
        """Look at all rows of the frame of ``writer``; conditions of which one is another are looked at once."""
        self._height = writer.frame.height
        self._masks: dict[Condition, Mask] = {}
        written: dict[Condition, pl.Expr] = {}
        for condition in dict.fromkeys(conditions):
            try:
                written[condition] = writer.where(condition)
            except UnwritableError:
                self._masks[condition] = _asked(reader, writer, condition)
        if written:
            named = [truth.fill_null(value=False).alias(str(place)) for place, truth in enumerate(written.values())]
            met = writer.frame.lazy().select(named).collect()
            for place, condition in enumerate(written):
                self._masks[condition] = _filled(met[str(place)].to_numpy(), self._height)

    def all_of(self, conditions: Iterable[Condition]) -> Mask | None:
        """Return which rows meet all of ``conditions``; None without any, for all rows."""
        met = None
        for condition in conditions:
            met = self._masks[condition] if met is None else met & self._masks[condition]
        return met


def _filled(met: Mask, height: int) -> Mask:
    """Return the truth of all rows; a constant has one."""
    return np.full(height, met[0]) if len(met) == 1 and height != 1 else met


def _asked(reader: Reader, writer: FrameWriter, condition: Condition) -> Mask:
    ids = reader.sorted_ids(Selection((ROW_ID,), condition))
    return np.isin(writer.frame[ROW_ID].to_numpy(), ids)

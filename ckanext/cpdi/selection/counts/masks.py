"""Which rows of a file meet each of several conditions.

In: a reader, its columnar file, conditions. Out: their masks. What a frame cannot tell (words, polygons, distances) the
database does, by the ids of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.query.writers.frame_answers import FrameAnswers
from ckanext.cpdi.query.writers.frame_masks import Mask, Masks
from ckanext.cpdi.selection.reader import Reader


def masks(reader: Reader, file: FrameAnswers, conditions: Iterable[Condition]) -> Masks:
    """Return the masks of ``conditions``."""

    def ask(condition: Condition) -> Mask:
        return np.isin(file.ids, reader.sorted_ids(Selection((ROW_ID,), condition)))

    return file.masks.each(conditions, ask)

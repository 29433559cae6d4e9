"""What each set of privacy classes does to a row, as arrays indexed by the set's bit mask."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.declare import Classes
from ckanext.cpdi.declare.tables.privacy import KINDS, PLACES, TIMES
from ckanext.cpdi.rows.values.zone import HOUR

MINUTE, HOURLY, DATE, MONTH, QUARTER = (TIMES.index(name) for name in ("minute", "hour", "date", "month", "quarter"))
UNIT, TEAM = PLACES.index("unit"), PLACES.index("team")
FED = KINDS.index("fed")


class LevelTable:
    """``time``, ``place``, ``kind``: places in TIMES, PLACES, KINDS; ``embargo`` in microseconds; ``withheld``;
    ``monthly`` for rows that come out on the first of a month.
    """

    def __init__(self, classes: Classes) -> None:
        """Work the levels of every set out; there are at most 32,768."""
        levels = [classes.levels(mask) for mask in range(1 << len(classes.all))]
        self.time = _array([TIMES.index(level.time) for level in levels])
        self.place = _array([PLACES.index(level.place) for level in levels])
        self.kind = _array([KINDS.index(level.kind) for level in levels])
        self.embargo = np.array([level.embargo_hours for level in levels], dtype=np.int64) * HOUR
        self.withheld = np.array([level.withheld for level in levels], dtype=bool)
        self.monthly = np.array([level.release == "monthly" for level in levels], dtype=bool)


def _array(values: list[int]) -> npt.NDArray[np.int8]:
    return np.array(values, dtype=np.int8)

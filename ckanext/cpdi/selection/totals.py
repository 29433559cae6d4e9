"""Numbers of rows that meet a condition, kept as long as a table has its version; each process has its own."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection.reader import TableState

MOST = 5_000
"""Totals that are kept."""


class Totals:
    """The totals that were asked for last; for many threads."""

    def __init__(self, most: int = MOST) -> None:
        """Keep ``most`` totals."""
        self._most = most
        self._totals: OrderedDict[tuple[tuple[str, ...], Condition], int] = OrderedDict()
        self._lock = Lock()

    def get(self, state: TableState, condition: Condition) -> int | None:
        """Return the number of rows of a version that meet ``condition``; None where it is not known."""
        with self._lock:
            key = (state.key, condition)
            if key in self._totals:
                self._totals.move_to_end(key)
            return self._totals.get(key)

    def keep(self, state: TableState, condition: Condition, total: int) -> None:
        """Keep a total; those that nobody asked for longest go."""
        with self._lock:
            self._totals[state.key, condition] = total
            while len(self._totals) > self._most:
                self._totals.popitem(last=False)

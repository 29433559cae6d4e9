"""Where the time of a night goes, and how much memory it took."""

from __future__ import annotations

import resource
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


class Stopwatch:
    """Seconds by stage, of one thread; a stage that comes back adds up, one inside another is not counted twice."""

    def __init__(self) -> None:
        """Start the clock."""
        self._began = perf_counter()
        self._inner = 0.0
        self.stages: dict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside the block to the stage ``name``, but for what stages inside it take."""
        began, outer = perf_counter(), self._inner
        self._inner = 0.0
        try:
            yield
        finally:
            took = perf_counter() - began
            self.stages[name] += took - self._inner
            self._inner = outer + took

    def each(self, name: str, items: Iterable[T]) -> Iterator[T]:
        """Yield ``items``, counting the time that each takes to come to the stage ``name``."""
        source = iter(items)
        while True:
            with self.stage(name):
                try:
                    item = next(source)
                except StopIteration:
                    return
            yield item

    @property
    def total(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self._began


def peak_mb() -> int:
    """Return the most memory that this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

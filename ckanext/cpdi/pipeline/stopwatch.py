"""Measures the seconds of a run's stages, and its peak of memory."""

from __future__ import annotations

import resource
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter


class Stopwatch:
    """Seconds by stage, for one thread. A repeated stage adds up; the time of an inner stage counts only for itself."""

    def __init__(self) -> None:
        """Start the clock."""
        self._start = perf_counter()
        self._inner = 0.0
        self.stages: dict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to the stage ``name``, without the time of stages inside it."""
        start, outer = perf_counter(), self._inner
        self._inner = 0.0
        try:
            yield
        finally:
            took = perf_counter() - start
            self.stages[name] += took - self._inner
            self._inner = outer + took

    @property
    def total(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self._start


def peak_mb() -> int:
    """Return the peak of this process's resident memory, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

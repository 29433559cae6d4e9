"""Batches on several threads at once, in their order: the next are made ready while one is being used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 2
"""Threads; Polars leaves Python's lock to the others while it works."""


def ahead(work: Callable[[T], R], items: Iterable[T], workers: int = WORKERS) -> Iterator[R]:
    """Yield what ``work`` makes of each item, in their order; at most ``workers`` are at work or wait to be taken.

    Raises what ``work`` or ``items`` raised, at the place of the item. Nothing is left at work once the iterator is
    closed.
    """
    with ThreadPoolExecutor(workers, thread_name_prefix="cpdi-rows") as threads:
        begun: deque[Future[R]] = deque()
        try:
            for item in items:
                if len(begun) == workers:
                    yield begun.popleft().result()
                begun.append(threads.submit(work, item))
                del item  # a batch is large: whoever works on it lets it go
            while begun:
                yield begun.popleft().result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


@contextmanager
def begun(items: Iterable[T], first: int = WORKERS) -> Generator[Iterator[T]]:
    """Give an iterator of ``items``, the ``first`` of which are made while the block goes on to something else."""
    source = iter(items)
    with ThreadPoolExecutor(1, thread_name_prefix="cpdi-feed") as thread:
        early = thread.submit(lambda: list(islice(source, first)))
        yield _joined(early, source)


def _joined(early: Future[list[T]], source: Iterator[T]) -> Iterator[T]:
    """Yield the early items, each let go once it is taken, then the others; raise what they raised."""
    taken = deque(early.result())
    while taken:
        yield taken.popleft()
    yield from source

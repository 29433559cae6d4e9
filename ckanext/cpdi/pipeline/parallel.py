"""Batches on several threads, in order: the next batches are worked on while one is being used."""

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
"""Number of threads; Polars releases Python's lock while it works."""


def parallel_map(work: Callable[[T], R], items: Iterable[T], workers: int = WORKERS) -> Iterator[R]:
    """Yield the result of ``work`` for each item, in order; at most ``workers`` items are in progress or ready.

    Raises what ``work`` or ``items`` raised, at the place of the item. No thread runs any more once the iterator is
    closed.
    """
    with ThreadPoolExecutor(workers, thread_name_prefix="cpdi-rows") as threads:
        futures: deque[Future[R]] = deque()
        try:
            for item in items:
                if len(futures) == workers:
                    yield futures.popleft().result()
                futures.append(threads.submit(work, item))
                del item  # a batch is large: only the thread that works on it keeps it
            while futures:
                yield futures.popleft().result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


@contextmanager
def prefetch(items: Iterable[T], first: int = WORKERS) -> Generator[Iterator[T]]:
    """Give an iterator of ``items``, which a thread makes ahead: the ``first`` of them at once, later up to WORKERS."""
    source = iter(items)
    with ThreadPoolExecutor(1, thread_name_prefix="cpdi-feed") as thread:
        try:
            yield _make_ahead(source, thread, first)
        finally:
            thread.shutdown(wait=True, cancel_futures=True)


def _make_ahead(source: Iterator[T], thread: ThreadPoolExecutor, first: int) -> Iterator[T]:
    """Start to make the items; return them in order, without keeping them.

    The iterator raises what ``source`` raised, at the place of the item.
    """
    ready: deque[Future[list[T]]] = deque(thread.submit(lambda: list(islice(source, 1))) for _ in range(first))

    def items() -> Iterator[T]:
        while item := ready.popleft().result():
            if len(ready) < WORKERS:
                ready.append(thread.submit(lambda: list(islice(source, 1))))
            yield item.pop()

    return items()

"""Batches on several threads, in order: the next batches are worked on while one is being used."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

WORKERS = 2
"""Number of threads; Polars releases Python's lock while it works."""


Waiting = Callable[[], AbstractContextManager[object]]
"""Makes the block in which an iterator waits for its next item, such as a stage of a stopwatch."""


def parallel_map(
    work: Callable[[T], R], items: Iterable[T], workers: int = WORKERS, waiting: Waiting = nullcontext
) -> Iterator[R]:
    """Yield the result of ``work`` for each item, in order; at most ``workers`` items are in progress or ready.

    Raises what ``work`` or ``items`` raised, at the place of the item. No thread runs any more once the iterator is
    closed.
    """
    with ThreadPoolExecutor(workers, thread_name_prefix="cpdi-rows") as threads:
        futures: deque[Future[R]] = deque()
        try:
            for item in items:
                if len(futures) == workers:
                    with waiting():
                        wait((futures[0],))
                    yield futures.popleft().result()
                futures.append(threads.submit(work, item))
                del item  # a batch is large: only the thread that works on it keeps it
            while futures:
                with waiting():
                    wait((futures[0],))
                yield futures.popleft().result()
        finally:
            threads.shutdown(wait=True, cancel_futures=True)


@contextmanager
def prefetch(items: Iterable[T], first: int = WORKERS, waiting: Waiting = nullcontext) -> Generator[Iterator[T]]:
    """Give an iterator of ``items``, which a thread makes ahead: the ``first`` of them at once, later up to WORKERS.

    The iterator keeps no item, and raises what ``items`` raised, at the place of the item.
    """
    source = iter(items)
    with ThreadPoolExecutor(1, thread_name_prefix="cpdi-feed") as thread:
        ready = deque(thread.submit(list[T], islice(source, 1)) for _ in range(first))

        def ahead() -> Iterator[T]:
            while True:
                with waiting():
                    wait((ready[0],))
                item = ready.popleft().result()
                if not item:
                    return
                if len(ready) < WORKERS:
                    ready.append(thread.submit(list[T], islice(source, 1)))
                yield item.pop()

        try:
            yield ahead()
        finally:
            thread.shutdown(wait=True, cancel_futures=True)

"""Answers that this process made, up to some megabytes; who asks for one that is being made waits for that one.

In: a key that names an answer, its version and its filter. Out: the answer. What is kept needs no other time than its
version: nobody asks for an older one.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import NamedTuple

from ckanext.cpdi.selection.errors import BusyError

BYTES = 32_000_000
"""Bytes of all answers that are kept in one place."""
_OVERHEAD = 500
"""Bytes of a key, about."""
PATIENCE = 30.0
"""Seconds to wait for an answer that another request is making."""


class Made(NamedTuple):
    """An answer, such as a tile: its bytes, and how many of ``total`` rows are ``shown`` in it."""

    data: bytes
    shown: int
    total: int


class Kept:
    """Answers by their keys; those that were not asked for longest go first."""

    def __init__(self, most: int = BYTES) -> None:
        """Keep ``most`` bytes."""
        self._most = most
        self._size = 0
        self._tiles: OrderedDict[Hashable, Made] = OrderedDict()
        self._making: dict[Hashable, Future[Made]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], Made], wait: Callable[[], None]) -> Made:
        """Return the answer of ``key``: kept, or of ``make``, which one caller at a time calls.

        Others call ``wait``, to give back what they hold, and get that caller's answer. Raises what ``make`` raises,
        and BusyError where another caller's ends in an error, such as that their client left.
        """
        with self._lock:
            tile = self._tiles.get(key)
            if tile is not None:
                self._tiles.move_to_end(key)
                return tile
            others = self._making.get(key)
            future = self._making.setdefault(key, Future[Made]())
        if others is None:
            return self._make(key, make, future)
        wait()
        return _awaited(others)

    def _make(self, key: Hashable, make: Callable[[], Made], future: Future[Made]) -> Made:
        try:
            tile = make()
        except BaseException as error:
            future.set_exception(error)
            raise
        else:
            future.set_result(tile)
            self._keep(key, tile)
            return tile
        finally:
            with self._lock:
                del self._making[key]

    def _keep(self, key: Hashable, tile: Made) -> None:
        with self._lock:
            self._tiles[key] = tile
            self._size += len(tile.data) + _OVERHEAD
            while self._size > self._most:
                _, oldest = self._tiles.popitem(last=False)
                self._size -= len(oldest.data) + _OVERHEAD


def _awaited(making: Future[Made]) -> Made:
    try:
        return making.result(PATIENCE)
    except Exception as error:
        raise BusyError("another request for the same failed; please ask again") from error

"""Rows kept as they were decoded, while every format of a part is written from them.

In: frames. Out: the same frames as often as wanted, each in a fifth of the time that Parquet takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

CELL = 20
"""Bytes that a field of a row takes meanwhile, about."""


class Spool:
    """The frames of one part, in files of the folder ``home``, which is there no longer than they are wanted."""

    def __init__(self, home: Path) -> None:
        """Begin without frames."""
        self._home = home
        self._count = 0
        self.is_full = False
        """Whether it has all frames."""

    def fill(self, frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Yield ``frames``, and keep each."""
        self._home.mkdir(parents=True, exist_ok=True)
        self._count = 0
        for frame in frames:
            frame.write_ipc(self._path(self._count), compat_level=pl.CompatLevel.newest())
            self._count += 1
            yield frame
        self.is_full = True

    def frames(self) -> Iterator[pl.DataFrame]:
        """Yield the frames that were kept."""
        for number in range(self._count):
            yield pl.read_ipc(self._path(number))

    def _path(self, number: int) -> Path:
        return self._home / f"{number}.arrow"

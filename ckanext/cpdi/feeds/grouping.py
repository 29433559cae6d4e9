"""Brings the rows of one record together, where the profile makes one record of several rows.

In: a reader. Out: the same rows, those of one record in one batch and under one line number, that of the first. The
feed is read once more for it, the columns that tell records apart alone: 8 bytes of memory a row. Rows of records that
have several wait on the disk until the end of the feed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.feeds.batch import LINE, ROWS, Reader, TextBatch, rejects
from ckanext.cpdi.feeds.files.frame_file import FrameFile
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.identical import Identical

_PART = 20_000
"""Rows that are grouped at once, about."""


class GroupingReader:
    """A reader whose rows come record by record."""

    def __init__(self, reader: Reader, columns: Sequence[str], spool: Spool) -> None:
        """Find the columns that tell records apart; raise FeedError (header) where the feed lacks one."""
        self._reader = reader
        self._spool = spool
        self._identical = Identical(reader.headers, columns, "by which the department's profile groups rows")
        self.headers = reader.headers

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield first the rows that are a record alone, then the others; raise FeedError where the disk is full."""
        repeated, parts = self._repeated
        waiting = [FrameFile(self._spool) for _ in range(parts)]
        wanted = None if columns is None else {*columns, *self._identical.columns}
        names: list[str] = []
        for batch in self._reader.batches(rows, wanted):
            names = batch.frame.columns
            hashes = self._identical.hashes(batch.frame)
            place = np.searchsorted(repeated, hashes)
            several = place < len(repeated)
            several[several] = repeated[place[several]] == hashes[several]
            for part, file in enumerate(waiting):
                rows_of_part = several & (place % parts == part)
                if rows_of_part.any():
                    file.add(batch.frame.filter(pl.Series(rows_of_part)))
            yield TextBatch(batch.frame.filter(pl.Series(~several)), batch.rejects)
        for file in waiting:
            frames = [*file.frames([name for name in names if name != LINE] + [LINE])]
            if frames:
                yield TextBatch(self._in_groups(pl.concat(frames)), rejects())

    def _in_groups(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return the rows under the line of their record's first row."""
        first = pl.col(LINE).min().over(self._identical.cells())
        return frame.with_columns(first.alias(LINE)).sort(LINE, maintain_order=True)

    @cached_property
    def _repeated(self) -> tuple[npt.NDArray[np.uint64], int]:
        """The hashes that several rows have, in order, and in how many parts their rows are grouped."""
        batches = (batch.frame for batch in self._reader.batches(columns=self._identical.columns))
        hashes, rows = self._identical.repeated(batches)
        return hashes, -(-rows // _PART)

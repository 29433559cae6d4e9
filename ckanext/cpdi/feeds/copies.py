"""Numbers rows that are alike in the columns of the profile's key, where these are records of their own.

In: a reader. Out: the same rows with ``_copy`` (UInt32): 0, and for rows like an earlier one 1, 2 … in the order of
the file. The feed is read once more for it, those columns alone: 8 bytes of memory a row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.feeds.batch import COPY, ROWS, Reader, TextBatch
from ckanext.cpdi.feeds.identical import Hashes, Identical


class NumberedReader:
    """A reader whose equal rows are numbered; which columns are compared says the profile."""

    def __init__(self, reader: Reader, columns: Sequence[str]) -> None:
        """Find the columns; raise FeedError (header) where the feed lacks one."""
        self._reader = reader
        self.headers = reader.headers
        self._identical = Identical(reader.headers, columns, "which is a part of the key")

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield the batches of the reader, numbered."""
        repeated = self._repeated
        seen = np.zeros(len(repeated), dtype=np.uint32)
        wanted = None if columns is None else {*columns, *self._identical.columns}
        for batch in self._reader.batches(rows, wanted):
            hashes = self._identical.hashes(batch.frame)
            copies = np.zeros(len(hashes), dtype=np.uint32)
            place = np.searchsorted(repeated, hashes)
            at = np.flatnonzero(place < len(repeated))
            at = at[repeated[place[at]] == hashes[at]]
            copies[at] = seen[place[at]] + _place_among_equal(place[at])
            np.add.at(seen, place[at], 1)
            yield TextBatch(batch.frame.with_columns(pl.Series(COPY, copies)), batch.rejects)

    @cached_property
    def _repeated(self) -> Hashes:
        """The hashes that more than one row has, in order."""
        batches = self._reader.batches(columns=self._identical.columns)
        return self._identical.repeated(batch.frame for batch in batches)[0]


def _place_among_equal(places: npt.NDArray[np.intp]) -> npt.NDArray[np.uint32]:
    """Return of each item how many of the same stand before it."""
    before = pl.int_range(pl.len(), dtype=pl.UInt32).over("place")
    return pl.DataFrame({"place": places}).select(before).to_series().to_numpy()

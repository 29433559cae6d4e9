"""Rows that are alike in some columns, found by a hash of their cells without keeping these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare import spelling
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError

Hashes = npt.NDArray[np.uint64]


class Identical:
    """Knows which rows are alike in ``columns``; blanks at the ends of cells do not matter."""

    def __init__(self, headers: Sequence[str], names: Sequence[str], purpose: str) -> None:
        """Find the columns; raise FeedError (header) where the feed lacks one, with the ``purpose`` of it."""
        by_spelling = {spelling(header): header for header in headers}
        missing = [name for name in names if spelling(name) not in by_spelling]
        if missing:
            raise FeedError(
                "header",
                Said("The feed has no column {missing}, {purpose}.", missing=", ".join(missing), purpose=purpose),
            )
        self.columns = [by_spelling[spelling(name)] for name in names]

    def cells(self) -> list[pl.Expr]:
        """Return what is compared."""
        return [pl.col(name).fill_null("").str.strip_chars() for name in self.columns]

    def hashes(self, frame: pl.DataFrame) -> Hashes:
        """Return a hash of each row's cells."""
        return frame.select(self.cells()).hash_rows().to_numpy()

    def repeated(self, frames: Iterable[pl.DataFrame]) -> tuple[Hashes, int]:
        """Return the hashes that more than one row has, in order, and how many rows have them."""
        hashes = np.concatenate([np.empty(0, dtype=np.uint64), *(self.hashes(frame) for frame in frames)])
        hashes.sort()
        equal = hashes[1:] == hashes[:-1]
        several = np.unique(hashes[1:][equal])
        return several, int(equal.sum()) + len(several)

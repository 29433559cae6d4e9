"""What a run keeps of every published row until all are known: 16 bytes of one that stands in the table as it is.

In: published frames, batch by batch, and the state of the table. Out: the rows that differ, to be written, and what
is kept, in two parts.
"""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.rows.identity.known import find

STANDING = {"_place": pl.UInt32, "_line": pl.UInt32, "_rank": pl.Int64}
"""Of a row that stands in the table in this form: its place in the state, which knows the rest; line; rank."""
MOVED = {
    "_row": pl.UInt32,
    "_place": pl.UInt32,
    "_line": pl.UInt32,
    "_rank": pl.Int64,
    "_key": pl.Int64,
    "_fingerprint": pl.Int64,
    "_classes": pl.Int16,
    "_year": pl.Int16,
}
"""Of any other: number in the run, place in the state (null: none), line in the feed, rank, key, fingerprint, classes
with those it had before, year of its time."""


class Seen:
    """The rows of a run so far; ``state`` is sorted by key, ``year`` gives the year of a row's time."""

    def __init__(self, state: pl.DataFrame, year: pl.Expr) -> None:
        """Begin with no row."""
        self.state, self._year = state, year
        self._standing = [pl.DataFrame(schema=STANDING)]
        self._moved = [pl.DataFrame(schema=MOVED)]
        self._numbered = 0

    def add(self, published: pl.DataFrame) -> pl.DataFrame:
        """Take the published rows of a batch; return those that differ from the table, with their numbers ``_row``."""
        place = find(published["_key"], self.state)
        known = self.state.select(pl.col("_id", "_fingerprint", "_classes").gather(place))
        widened = published["_classes"] | known["_classes"].fill_null(0)
        same = (published["_fingerprint"] == known["_fingerprint"]) & (widened == known["_classes"])
        same = (same & known["_id"].is_not_null()).fill_null(value=False)
        rows = published.with_columns(
            place.alias("_place"), widened.alias("_classes"), pl.col("_rank").fill_null(-(2**63))
        )
        self._standing.append(rows.select(*STANDING).filter(same))
        year = self._year.cast(pl.Int16).alias("_year")
        moved = rows.filter(~same).with_columns(year).with_row_index("_row", self._numbered)
        self._moved.append(moved.select(*MOVED))
        self._numbered += moved.height
        return moved

    @property
    def places(self) -> pl.Series:
        """The places in the state of all rows that have one."""
        parts = [frame["_place"] for frame in (*self._standing, *self._moved)]
        return pl.concat(parts).drop_nulls()

    def take(self) -> tuple[pl.DataFrame, list[pl.DataFrame]]:
        """Return all rows, the moved ones as they came, and keep them no more."""
        standing, moved = pl.concat(self._standing), self._moved
        self._standing, self._moved = [], []
        return standing, moved

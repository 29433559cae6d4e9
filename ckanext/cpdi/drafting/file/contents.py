"""One reading of a feed file: how many rows it has, an even sample of them, and what its columns hold.

A million rows are read once. Values are counted over all rows, as long as a column has few; patterns are tried on the
sample.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds import LINE, local, open_feed
from ckanext.cpdi.rows.values.text import clean

SAMPLE = 50_000
"""About so many rows are looked at closely; the sample has up to twice as many."""
MOST_VALUES = 3_000
"""A column with more different texts is no column of codes."""
NULLS = ("NULL", "(NULL)", "NA", "N/A", "NONE", "NAN", "-", "--")
"""Texts by which exports mean nothing, in capital letters."""


@dataclass(frozen=True)
class Contents:
    """``sample``: text columns under the feed's headers, null for an empty cell. ``counts``: by header, each text with
    its rows (columns ``value``, ``rows``, the most usual first) over the whole file, where there are few. ``prints``: a
    hash of each cell of all rows, by header; equal texts have equal hashes. ``damaged``: unreadable lines by reason.
    ``nulls``: the texts that mean nothing, the empty one first.
    """

    headers: tuple[str, ...]
    rows: int
    sample: pl.DataFrame
    counts: dict[str, pl.DataFrame]
    prints: pl.DataFrame
    damaged: dict[str, int]
    nulls: tuple[str, ...] = ("",)

    @classmethod
    def of(cls, path: Path, feed: Feed) -> Contents:
        """Read the feed file at ``path``, written as ``feed`` says.

        Raises FeedError where it cannot be read.
        """
        with local(path) as spool:
            reader = open_feed(spool, feed)
            reading = _Reading(reader.headers)
            for batch in reader.batches():
                reading.add(batch.frame.drop(LINE).select(clean(column.cast(pl.String)) for column in batch.frame))
                reading.damaged.update(batch.rejects["reason"].to_list())
        return reading.contents()

    def joined(self, other: Contents) -> Contents:
        """Return the contents of both files as those of one."""
        counts = {
            header: _together([part.counts[header] for part in (self, other) if header in part.counts])
            for header in dict.fromkeys((*self.headers, *other.headers))
            if all(header in part.counts for part in (self, other) if header in part.headers)
        }
        return Contents(
            tuple(dict.fromkeys((*self.headers, *other.headers))),
            self.rows + other.rows,
            pl.concat([self.sample, other.sample], how="diagonal"),
            counts,
            pl.concat([self.prints, other.prints], how="diagonal"),
            dict(Counter(self.damaged) + Counter(other.damaged)),
            tuple(dict.fromkeys((*self.nulls, *other.nulls))),
        )


def _together(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Return counts of several parts as one, the most usual text first."""
    counted = pl.concat(parts).group_by("value").agg(pl.col("rows").sum())
    return counted.sort(["rows", "value"], descending=[True, False])


class _Reading:
    """Gathers the batches of one file."""

    def __init__(self, headers: tuple[str, ...]) -> None:
        self.damaged: Counter[str] = Counter()
        self._headers = headers
        self._rows = 0
        self._step = 1
        self._sample: list[pl.DataFrame] = []
        self._prints: list[pl.DataFrame] = []
        self._counts: dict[str, list[pl.DataFrame]] = {header: [] for header in headers}

    def add(self, frame: pl.DataFrame) -> None:
        """Take the next batch of clean texts."""
        self._rows += frame.height
        self._prints.append(frame.select(pl.all().hash(seed=0)))
        self._sample.append(frame.gather_every(self._step))
        if sum(part.height for part in self._sample) > 2 * SAMPLE:
            self._step *= 2
            self._sample = [pl.concat(self._sample).gather_every(2)]
        for header in list(self._counts):
            self._count(header, frame[header])

    def _count(self, header: str, column: pl.Series) -> None:
        """Count the texts of a column; one with too many is given up."""
        counted = column.drop_nulls().value_counts(name="rows").rename({column.name: "value"}).cast({"rows": pl.Int64})
        parts = [*self._counts[header], counted]
        if sum(part.height for part in parts) > MOST_VALUES:
            parts = [pl.concat(parts).group_by("value").agg(pl.col("rows").sum())]
        if parts[0].height > MOST_VALUES:
            del self._counts[header]
        else:
            self._counts[header] = parts

    def contents(self) -> Contents:
        """Return what was gathered; texts that mean nothing are null in it."""
        schema = dict.fromkeys(self._headers, pl.String)
        sample = pl.concat(self._sample) if self._sample else pl.DataFrame(schema=schema)
        prints = pl.concat(self._prints) if self._prints else pl.DataFrame(schema=dict.fromkeys(schema, pl.UInt64))
        counts = {header: _together(parts) for header, parts in self._counts.items() if parts}
        contents = Contents(self._headers, self._rows, sample, counts, prints, dict(self.damaged))
        return _without_nulls(contents)


def _without_nulls(contents: Contents) -> Contents:
    """Return the contents with texts that mean nothing as null: words of NULLS that several columns hold.

    In one column alone such a word may be a value: ``NA`` is a race in some exports.
    """
    columns_of: Counter[str] = Counter()
    for counted in contents.counts.values():
        columns_of.update(counted.filter(pl.col("value").str.to_uppercase().is_in(NULLS))["value"].to_list())
    words = sorted(word for word, columns in columns_of.items() if columns > 1)
    nulls = ("", *words)
    nothing = pl.col(pl.String).is_in(nulls)
    return replace(
        contents,
        sample=contents.sample.select(pl.when(~nothing).then(pl.col(pl.String))),
        counts={header: counted.filter(~pl.col("value").is_in(nulls)) for header, counted in contents.counts.items()},
        nulls=nulls,
    )

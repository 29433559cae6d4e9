"""What every reader gives: batches of text columns, and the rows that could not be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError

LINE = "_line"
COPY = "_copy"
"""Which copy of its like a row is, where the profile numbers them (:mod:`.copies`)."""
_REJECTS = {"line": pl.UInt32, "outcome": pl.String, "reason": pl.String, "field": pl.String}
_MOST_COLUMNS = 1000


@dataclass(frozen=True)
class TextBatch:
    """Some rows of a feed.

    ``frame`` has the feed's columns under their own headers, all ``pl.String`` (an empty cell is an empty text, a value
    that JSON lacks or calls null is null), and ``_line`` (UInt32): the line of the file as an editor counts, from 1, or
    the number of the record where the feed is JSON. ``rejects`` has the rows that could not be read: line UInt32,
    outcome (``quarantined``), reason, field. Every row of the feed is in one of the two.
    """

    frame: pl.DataFrame
    rejects: pl.DataFrame


ROWS = 25_000
"""Rows of a batch by default; twice as many take 0.1 GB more of a run's memory."""


class Reader(Protocol):
    """An opened feed: its headers are known, and it is complete as far as that shows without reading every row."""

    headers: tuple[str, ...]

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield the feed in batches of at most ``rows`` rows, beginning anew with each call.

        ``columns`` are the headers to read, None for all; other columns are not parsed. Every row comes, with one
        column at least. Raises FeedError where the feed turns out to be damaged; the batches before that must not be
        published then.
        """
        ...


def rejects(lines: Iterable[tuple[int, str]] = ()) -> pl.DataFrame:
    """Return the frame of rejects for pairs of line and reason."""
    rows = [(line, "quarantined", reason, "") for line, reason in lines]
    return pl.DataFrame(rows, schema=_REJECTS, orient="row")


def select_columns(headers: Sequence[str], columns: Collection[str] | None) -> tuple[str, ...]:
    """Return those of ``headers`` that are in ``columns``, all of them where that is None.

    Where none is, return the first: rows are counted by a column, and an empty list means all columns to the libraries.
    """
    chosen = tuple(header for header in headers if columns is None or header in columns)
    return chosen or tuple(headers[:1])


def check_headers(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns, without surrounding white space.

    A column without a name is called ``column N`` after its place. Raises FeedError (header) where no column has a
    name, two have the same, or there are more than a table has. The message names places and not names: in a file
    without a header line the names would be somebody's data.
    """
    stripped = [name.strip(" \t\r\n\0\u00a0\ufeff") for name in names]
    if not any(stripped):
        raise FeedError("header", "The header line of the feed has no names of columns.")
    if len(stripped) > _MOST_COLUMNS:
        raise FeedError(
            "header",
            Said(
                "The feed has {n} columns; at most {most_columns} are read.",
                n=len(stripped),
                most_columns=_MOST_COLUMNS,
            ),
        )
    named = [name or f"column {place}" for place, name in enumerate(stripped, start=1)]
    places: dict[str, int] = {}
    for place, name in enumerate(named, start=1):
        if name in places:
            raise FeedError(
                "header",
                Said("Columns {places} and {place} of the feed have the same name.", places=places[name], place=place),
            )
        places[name] = place
    for taken in (LINE, COPY):
        if taken in places:
            raise FeedError(
                "header",
                Said(
                    "Column {places} of the feed is called {taken}, a name that is taken.",
                    places=places[taken],
                    taken=taken,
                ),
            )
    return tuple(named)


def regroup(batches: Iterable[TextBatch], rows: int) -> Iterator[TextBatch]:
    """Yield the same rows in batches of ``rows`` rows and a last smaller one."""
    empty = pl.DataFrame()
    frames: list[pl.DataFrame] = []
    refused: list[pl.DataFrame] = []
    waiting = 0
    for batch in batches:
        frame = batch.frame
        empty = frame[:0]
        refused.append(batch.rejects)
        while waiting + frame.height >= rows:
            frames.append(frame[: rows - waiting])
            frame = frame[rows - waiting :]
            yield TextBatch(pl.concat(frames), pl.concat(refused))
            frames, refused, waiting = [], [rejects()], 0
        if frame.height:
            frames.append(frame)
            waiting += frame.height
    remaining = pl.concat(refused) if refused else rejects()
    if frames or remaining.height:
        yield TextBatch(pl.concat(frames) if frames else empty, remaining)

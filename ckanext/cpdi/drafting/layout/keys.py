"""Which columns tell the records of a feed apart: one, or the fewest that do so together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from ckanext.cpdi.drafting.file.columns import Column
from ckanext.cpdi.drafting.file.contents import Contents

_MOST_TOGETHER = 3
_FIRST_ROWS = 20_000
_TRIED = 12
"""So many columns are combined with each other: those with the most different texts."""


@dataclass(frozen=True)
class Key:
    """``columns`` that tell all records apart, none where nothing does; ``copies``: rows that repeat another in every
    column; ``repeats``: rows whose cells in the column that was looked at first stand in a row before it.
    """

    columns: tuple[str, ...]
    copies: int
    repeats: int


def key_of(contents: Contents, columns: dict[str, Column], preferred: str | None, likely: str = "") -> Key:
    """Return the key of a feed: ``preferred`` alone where it is unique, or with others; else ``likely``, which is
    unique, or any other unique column.
    """
    prints = contents.prints
    whole = _distinct(prints, contents.headers)
    copies = contents.rows - whole
    repeats = contents.rows - columns[preferred].distinct if preferred else 0
    if preferred and columns[preferred].unique:
        return Key((preferred,), copies, 0)
    if preferred:
        others = _candidates(columns, without=preferred)
        return Key(_smallest(prints, (preferred,), others, whole), copies, repeats)
    single = likely or next((name for name, column in columns.items() if column.unique and not column.personal), None)
    if single:
        return Key((single,), copies, 0)
    return Key(_smallest(prints, (), _candidates(columns), whole), copies, repeats)


def _smallest(prints: pl.DataFrame, base: tuple[str, ...], others: Sequence[str], whole: int) -> tuple[str, ...]:
    """Return the fewest columns with ``base`` that tell apart all rows that differ at all; none where too many do."""
    # What does not tell the first rows apart need not be tried on all.
    some = prints.head(_FIRST_ROWS)
    some_whole = _distinct(some, some.columns)
    for number in range(1, _MOST_TOGETHER - len(base) + 2):
        for chosen in combinations(others, number):
            together = (*base, *chosen)
            if _distinct(some, together) == some_whole and _distinct(prints, together) == whole:
                return together
    return ()


def _candidates(columns: dict[str, Column], without: str = "") -> list[str]:
    """Return the columns to be combined, those with most texts first; nothing about persons."""
    usable = [column for name, column in columns.items() if name != without and not column.personal]
    ordered = sorted(usable, key=lambda column: -column.distinct)
    return [column.header for column in ordered if column.distinct > 1][:_TRIED]


def _distinct(prints: pl.DataFrame, headers: Sequence[str]) -> int:
    """Return how many different rows these columns make."""
    if len(headers) == 1:
        return prints[headers[0]].n_unique()
    return prints.select(pl.struct(headers).hash(seed=0)).to_series().n_unique()

"""What a column of a feed holds: times, numbers, addresses, few words or many, persons."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.formats import share_of_times
from ckanext.cpdi.drafting.file.persons import is_personal

_LOOKED_AT = 2_000
_WAY = (
    r"(?i)\b(st|street|ave?|avenue|rd|road|dr|drive|ln|lane|blvd|boulevard|hwy|highway|ct|court|pl|place|way|cir|circle"
    r"|pkwy|parkway|ter|terrace|trl|trail|sq|square|aly|alley|block|blk)\b\.?"
)
_CROSSING = r"[A-Za-z] ?[/&@] ?[A-Za-z0-9]"
_NUMBER = r"^[+-]?[0-9][0-9,]*(\.[0-9]*)?([eE][+-]?[0-9]+)?$"
_YES_NO = frozenset({"y", "n", "yes", "no", "true", "false", "t", "f", "0", "1"})
FEW = 50
"""So many different words are codes however many rows there are."""
_CODES_SHARE = 0.1
"""Of more words, a row has to have ten on average for each."""


@dataclass(frozen=True)
class Column:
    """One column of a feed.

    Shares from 0 to 1 of its filled cells: ``timely`` are instants, ``numeric`` numbers, ``placed`` look like an
    address or a crossing. ``filled`` is the share of the sample's cells that hold something; ``distinct`` how many
    different texts those of all rows are, at least; ``unique``: no text stands twice in the file, and no cell is empty.
    ``few``: it holds the words of a list; ``personal``: it is likely to be about persons, or free text.
    """

    header: str
    filled: float
    distinct: int
    unique: bool
    few: bool
    timely: float
    numeric: float
    placed: float
    yes_no: bool
    personal: bool
    nested: bool


def columns_of(contents: Contents) -> dict[str, Column]:
    """Return the columns of a feed by header."""
    return {header: _column(header, contents) for header in contents.headers}


def _column(header: str, contents: Contents) -> Column:
    texts = contents.sample[header]
    filled = texts.drop_nulls()
    some = filled.gather_every(max(1, len(filled) // _LOOKED_AT)).head(_LOOKED_AT)
    prints = contents.prints[header]
    distinct = prints.n_unique()
    counted = contents.counts.get(header)
    words = 0 if counted is None else counted.height
    rows = 0 if counted is None else int(counted["rows"].sum())
    # A word that stands once may be anything; a list has words that come again.
    few = bool(words) and words <= max(min(FEW, rows // 2), _CODES_SHARE * rows)
    return Column(
        header=header,
        filled=len(filled) / max(1, len(texts)),
        distinct=distinct,
        unique=contents.rows > 0 and distinct == contents.rows and not texts.null_count(),
        few=few,
        timely=share_of_times(some),
        numeric=_share(some, _NUMBER),
        placed=_share(some, f"{_WAY}|{_CROSSING}"),
        yes_no=few and words <= 4 and set(counted["value"].str.to_lowercase()) <= _YES_NO
        if counted is not None
        else False,
        personal=is_personal(header, some),
        nested=_share(some, r"^\s*[{\[]") > 0.9,
    )


def _share(texts: pl.Series, pattern: str) -> float:
    """Return the share of texts that the pattern is in; 0 of none."""
    return float(texts.str.contains(pattern).sum()) / len(texts) if len(texts) else 0.0

"""The categories that cells count apart: those of most rows of the version, each with the name of its number.

In: a reader. Out: categories, the same for all tiles of a version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ckanext.cpdi.query.question import Aggregate, Group, GroupOrder, Statistics
from ckanext.cpdi.query.tree import Term
from ckanext.cpdi.selection.reader import Reader

MOST = 24
"""Categories that have a number of their own; the others are counted together."""
OTHER = "n_other"


@dataclass(frozen=True)
class Categories:
    """Categories by the name of their number (``n_traffic``), those with most rows first."""

    column: str
    names: dict[str, str]
    has_more: bool
    """Whether there are others beside them, which are counted as :data:`OTHER`."""


NONE = Categories("", {}, has_more=False)
_kept: dict[tuple[str, str], Categories] = {}


def categories(reader: Reader) -> Categories:
    """Return the categories of the table that ``reader`` reads; none where it declares no category."""
    column = reader.table.category
    if not column:
        return NONE
    key = (reader.state.resource_id, reader.state.version)
    if key not in _kept:
        order = (GroupOrder("rows", descending=True), GroupOrder("category"))
        groups, counts = (Group(Term(column), "category"),), (Aggregate("count", "rows"),)
        rows = reader.statistics(Statistics(groups, counts, order=order, limit=MOST + 2))
        texts = [str(row[0]) for row in rows if row[0] is not None]
        for old in [old for old in list(_kept) if old[0] == key[0]]:
            _kept.pop(old, None)
        _kept[key] = Categories(column, _named(texts[:MOST]), has_more=len(texts) > MOST)
    return _kept[key]


def _named(texts: list[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for text in texts:
        name = base = f"n_{slug(text)}"
        number = 2
        while name in named or name == OTHER:
            name, number = f"{base}_{number}", number + 1
        named[name] = text
    return named


@lru_cache(maxsize=1024)
def slug(text: str) -> str:
    """Return ``text`` in lower case, with ``_`` for what is no letter and no digit of ASCII."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")

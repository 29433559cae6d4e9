"""Fixed tables of counts of people: rows of a table by one characteristic and by year, never with the rows themselves.

The characteristic is an input of the feed that no field shows. What a reader cannot choose cannot be cut into smaller
and smaller groups, so the tables are declared, and there is no query behind them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from msgspec import Struct

from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.field import Field, Input

NOT_SHOWN = "not_shown"
"""Rows whose person is not known to be 18 or older, or of which only the group is published: counted together."""
UNKNOWN = "unknown"
"""People whose characteristic the feed does not tell."""
TOTAL = "total"
SMALLEST = 3
"""Of counts below two, one is left: its interval would be the count itself."""
_LARGEST = 50
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}\Z")
_CATEGORY = re.compile(r"[a-z0-9][a-z0-9_+-]{0,30}\Z")
_RANGE = re.compile(r"(\d{1,3})(?:-(\d{1,3})|\+)\Z", re.ASCII)


class Demographic(Struct, frozen=True, forbid_unknown_fields=True):
    """One such table: ``name`` is the last part of its address, ``column`` the input with the characteristic.

    ``categories`` are its values in the order of the table, the last one ``unknown``; of a column of whole numbers they
    are ranges without gaps (``18-24``, ``65+``). Where a small count needs company, categories are withheld from the
    last one on, so the least important stand last. ``smallest`` is the smallest count of people that is shown.
    """

    name: str
    column: str
    title: Text
    categories: dict[str, Text]
    smallest: int = 5

    def __post_init__(self) -> None:
        """Raise ValueError for names that are no part of an address, too few categories, and counts too small."""
        if not _NAME.match(self.name):
            raise ValueError(f"name {self.name!r}: use lower case letters, digits and -, beginning with a letter")
        if not SMALLEST <= self.smallest <= _LARGEST:
            raise ValueError(f"smallest: {self.smallest} is not from {SMALLEST} to {_LARGEST}")
        wrong = [name for name in self.categories if not _CATEGORY.match(name) or name in (NOT_SHOWN, TOTAL)]
        if wrong:
            raise ValueError(f"categories: {', '.join(wrong)}: use other names, of lower case letters, digits and _")
        if len(self.categories) < 3 or list(self.categories)[-1] != UNKNOWN:
            raise ValueError(f"categories: give two or more, and {UNKNOWN} as the last one")

    @property
    def bounds(self) -> tuple[int, ...]:
        """The lowest number of each range, in the order of the categories; raise ValueError where they leave gaps."""
        ranges = [_RANGE.match(name) for name in list(self.categories)[:-1]]
        if None in ranges:
            raise ValueError("categories: those of whole numbers are ranges such as 18-24 and, the last one, 65+")
        ends = [(int(match[1]), int(match[2]) if match[2] else None) for match in ranges if match]
        follows = [high is not None and high + 1 == ends[at + 1][0] for at, (_, high) in enumerate(ends[:-1])]
        if not all(follows) or ends[-1][1] is not None:
            raise ValueError("categories: ranges follow one another without gaps, and the last one has no end: 65+")
        return tuple(low for low, _ in ends)


def check_demographics(demographics: Sequence[Demographic], inputs: Collection[Input], fields: Sequence[Field]) -> None:
    """Raise ValueError where a table has the name of another, or counts by what is no input or stands in the rows."""
    kinds = {column.name: column.type for column in inputs}
    names = [counted.name for counted in demographics]
    for counted in demographics:
        place = f"demographics, {counted.name}"
        if names.count(counted.name) > 1:
            raise ValueError(f"{place}: declared twice")
        if kinds.get(counted.column) not in ("string", "integer"):
            raise ValueError(f"{place}: column {counted.column!r} is no input of type string or integer")
        shown = [field.name for field in fields if field.column.partition(".")[0] == counted.column]
        if shown:
            raise ValueError(
                f"{place}: the rows show {', '.join(shown)}, so that everybody can count what it withholds"
            )
        if kinds[counted.column] == "integer":
            _ = counted.bounds

"""Which columns of a feed fill which inputs, whatever their order and spelling.

In: the declared inputs, the profile's names for them, the header of a file. Out: :class:`Mapping`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.cpdi.declare import Feed, Input, Table
from ckanext.cpdi.rows.errors import HeaderError

_BLANKS = re.compile(r"[\s_]+")


@dataclass(frozen=True)
class Mapping:
    """``columns``: input to the file's headers that fill it, the first that is not empty wins; ``flags``: the same for
    the columns that decide a row's class, by the header that the profile gives them; ``ignored``: headers not read.
    """

    columns: dict[str, tuple[str, ...]]
    flags: dict[str, str]
    ignored: tuple[str, ...]

    @property
    def headers(self) -> frozenset[str]:
        """The file's headers that are read."""
        return frozenset({header for headers in self.columns.values() for header in headers} | {*self.flags.values()})


def map_headers(table: Table, feed: Feed, headers: Iterable[str]) -> Mapping:
    """Return how the columns called ``headers`` are read.

    What the profile names for a column takes the place of its usual names, and a header that the profile puts away is
    not found by them. Needed are the key, the time, and every column whose codes the profile judges: without it rows
    would pass for milder than they are. Raises HeaderError where one is missing, or a column that is read stands twice.
    """
    by_spelling: dict[str, list[str]] = defaultdict(list)
    for header in headers:
        by_spelling[spelling(header)].append(header)
    put_away = set(map(spelling, feed.ignored))
    columns: dict[str, tuple[str, ...]] = {}
    for column in table.read:
        names = feed.headers.get(column.name) or (*column.headers, column.name)
        looked_for = [name for name in dict.fromkeys(map(spelling, names)) if name not in put_away]
        present = [header for name in looked_for for header in _only(by_spelling, name)]
        if present:
            columns[column.name] = tuple(present)
        elif column.required or column.name in (table.key, table.time, *feed.codes):
            raise HeaderError(_missing(column, names))
    flags = {flag.header: _flag(by_spelling, flag.header) for flag in feed.flags}
    used = {header for names in columns.values() for header in names} | set(flags.values())
    return Mapping(
        columns, flags, tuple(header for names in by_spelling.values() for header in names if header not in used)
    )


def spelling(header: str) -> str:
    """Return a header without what may differ: case, blanks and underscores."""
    return _BLANKS.sub("", header).casefold()


def _only(by_spelling: dict[str, list[str]], name: str) -> list[str]:
    headers = by_spelling.get(name, [])
    if len(headers) > 1:
        raise HeaderError(
            f"The feed has the column {headers[0]} twice ({', '.join(headers)}). Export it once, so that it is clear "
            "which one counts."
        )
    return headers


def _flag(by_spelling: dict[str, list[str]], name: str) -> str:
    headers = _only(by_spelling, spelling(name))
    if not headers:
        raise HeaderError(
            f"The feed has no column {name}. It decides how much of a row may be shown, so nothing was loaded."
        )
    return headers[0]


def _missing(column: Input, names: Iterable[str]) -> str:
    accepted = ", ".join(dict.fromkeys(names))
    return (
        f"The feed has no column for {column.name}; it was looked for as {accepted}. If the export now uses another "
        "name, add it to the headers in the department's profile."
    )

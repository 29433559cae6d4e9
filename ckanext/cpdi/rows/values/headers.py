"""Which columns of a feed fill which inputs, whatever their order and spelling.

In: the declared inputs, the profile's names for them, the header of a file. Out: :class:`Mapping`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from ckanext.cpdi.declare import Feed, Input, Table, made_header, spelling
from ckanext.cpdi.errors import Said
from ckanext.cpdi.rows.errors import HeaderError


@dataclass(frozen=True)
class Mapping:
    """``columns``: input to the file's headers that fill it, the first that is not empty wins; ``flags``: the same for
    the columns that decide a row's class, by the header that the profile gives them; ``ignored``: headers not read.

    Beside the inputs ``columns`` has the times of day that stand apart (:func:`clock_of`) and the ``parts`` of a key of
    several columns, in the profile's order.
    """

    columns: dict[str, tuple[str, ...]]
    flags: dict[str, str]
    ignored: tuple[str, ...]
    parts: tuple[str, ...] = ()

    @property
    def headers(self) -> frozenset[str]:
        """The file's headers that are read."""
        return frozenset({header for headers in self.columns.values() for header in headers} | {*self.flags.values()})

    def key_headers(self, table: Table) -> tuple[str, ...]:
        """Return the file's headers by which a row is identified."""
        return tuple(header for name in self.parts or (table.key,) for header in self.columns[name])


def map_headers(table: Table, feed: Feed, headers: Iterable[str]) -> Mapping:
    """Return how the columns called ``headers`` are read.

    What the profile names for a column takes the place of its usual names, and a header that the profile puts away is
    not found by them. Needed are the key, the time, and every column whose codes the profile judges: without it rows
    would pass for milder than they are; and what the profile makes a key or a time of. Raises HeaderError where one is
    missing, or a column that is read stands twice.
    """
    by_spelling: dict[str, list[str]] = defaultdict(list)
    for header in headers:
        by_spelling[spelling(header)].append(header)
    put_away = set(map(spelling, feed.ignored))
    columns: dict[str, tuple[str, ...]] = {}
    for column in table.read:
        if column.name == table.key and feed.key.columns:
            continue
        names = _names(column, feed)
        looked_for = [name for name in dict.fromkeys(map(spelling, names)) if name not in put_away]
        present = [header for name in looked_for for header in _only(by_spelling, name)]
        if present:
            columns[column.name] = tuple(present)
        elif _is_needed(column, table, feed):
            raise HeaderError(_missing(column, names))
    parts = {f"{table.key}.{place}": name for place, name in enumerate(feed.key.columns, start=1)}
    columns |= {part: _needed(by_spelling, (name,), f"the key of {table.key}") for part, name in parts.items()}
    for name, clocks in feed.times.clocks.items():
        columns[clock_of(name)] = _needed(by_spelling, clocks, f"the time of day of {name}")
    flags = {flag.header: _flag(by_spelling, flag.header) for flag in feed.flags}
    used = {header for names in columns.values() for header in names} | set(flags.values())
    unread = tuple(header for names in by_spelling.values() for header in names if header not in used)
    return Mapping(columns, flags, unread, tuple(parts))


def _names(column: Input, feed: Feed) -> tuple[str, ...]:
    """Return the headers by which a column is looked for; none where the profile has switched it off."""
    if column.name in feed.columns:
        return (made_header(column.name),)
    return feed.headers.get(column.name, (*column.headers, column.name))


def _is_needed(column: Input, table: Table, feed: Feed) -> bool:
    """Say whether a feed without the column cannot be used."""
    required = column.required and column.name not in feed.optional
    return required or column.name in (table.key, table.time, *feed.codes)


def clock_of(column: str) -> str:
    """Return the name of the column that has the time of day of ``column``."""
    return f"{column}.clock"


def _only(by_spelling: dict[str, list[str]], name: str) -> list[str]:
    headers = by_spelling.get(name, [])
    if len(headers) > 1:
        raise HeaderError(
            Said(
                "The feed has the column {headers} twice ({headers2}). Export it once, so that it is "
                "clear which one counts.",
                headers=headers[0],
                headers2=", ".join(headers),
            )
        )
    return headers


def _flag(by_spelling: dict[str, list[str]], name: str) -> str:
    headers = _only(by_spelling, spelling(name))
    if not headers:
        raise HeaderError(
            Said(
                "The feed has no column {name}. It decides how much of a row may be shown, so nothing was loaded.",
                name=name,
            )
        )
    return headers[0]


def _needed(by_spelling: dict[str, list[str]], names: Iterable[str], purpose: str) -> tuple[str, ...]:
    """Return the file's headers among ``names``; raise HeaderError where there is none."""
    present = tuple(header for name in dict.fromkeys(map(spelling, names)) for header in _only(by_spelling, name))
    if not present:
        raise HeaderError(
            Said(
                "The feed has no column {names}, which the department's profile names for {purpose}.",
                names=", ".join(names),
                purpose=purpose,
            )
        )
    return present


def _missing(column: Input, names: Iterable[str]) -> str:
    accepted = ", ".join(dict.fromkeys(names)) or "nothing, since the profile switches it off"
    return (
        f"The feed has no column for {column.name}; it was looked for as {accepted}. If the export now uses another "
        "name, add it to the headers in the department's profile."
    )

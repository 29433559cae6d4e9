"""The draft of one dataset's feed: all that its files show of how it is written.

In: the files of one dataset. Out: :class:`FeedDraft`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ckanext.cpdi.declare import Dataset, Library, Made, Profile, Table
from ckanext.cpdi.declare.tables.table import POINT
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.feed_file import FeedFile, without_time
from ckanext.cpdi.drafting.file.columns import Column, columns_of
from ckanext.cpdi.drafting.file.contents import Contents
from ckanext.cpdi.drafting.file.dialect import Dialect
from ckanext.cpdi.drafting.layout import coordinates, headers, parts, times
from ckanext.cpdi.drafting.layout.choice import Choice
from ckanext.cpdi.drafting.layout.coordinates import PointReading
from ckanext.cpdi.drafting.layout.evidence import Evidence
from ckanext.cpdi.drafting.layout.ground import Ground
from ckanext.cpdi.drafting.layout.headers import Matches
from ckanext.cpdi.drafting.layout.keys import Key, key_of
from ckanext.cpdi.drafting.layout.substitutes import with_substitutes
from ckanext.cpdi.drafting.layout.times import TimeReading
from ckanext.cpdi.drafting.values.codes import DraftList, list_of
from ckanext.cpdi.drafting.values.flags import DraftFlag, flags_of
from ckanext.cpdi.drafting.values.outlook import Outlook, outlook_of
from ckanext.cpdi.drafting.values.precedents import Precedents
from ckanext.cpdi.drafting.values.vocabularies import Words, shared_words, with_words, words_of
from ckanext.cpdi.rows.values.numbers import numbers, shapes

_COPIES = 0.01
"""Share of rows that may repeat the number of another before it is taken for no key."""
_FREE_WORDS = ("priority", "reported_team")
"""Columns whose words a profile lists, since the department has its own."""


@dataclass(frozen=True)
class FeedDraft:
    """How one dataset's feed is written, with what that rests on.

    ``days`` are the columns that are days, True where a time of day is written in them all the same; ``clocks`` the
    headers of times of day that stand apart; ``made`` the columns that are put together of others.
    ``lists`` are the code lists by column, ``words`` the feed's words for what the dataset has words of its own for,
    ``own_words`` values that are published as they are once the profile lists them, ``pattern`` fits the record numbers
    that are usual, ``unread`` are the headers that fill nothing;
    ``choice`` is why the feed is taken for the dataset, None where somebody said so; ``outlook`` is what would come out
    of it if all proposals were taken.
    """

    dataset: Dataset
    files: tuple[str, ...]
    dialect: Dialect
    contents: Contents
    columns: dict[str, Column]
    matches: Matches
    key: Key
    times: TimeReading
    days: dict[str, bool]
    clocks: dict[str, str]
    made: dict[str, Made]
    points: PointReading | None
    lists: dict[str, DraftList]
    words: tuple[Words, ...]
    own_words: tuple[Words, ...]
    flags: tuple[DraftFlag, ...]
    pattern: str
    unread: tuple[str, ...]
    choice: Choice | None
    outlook: Outlook

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns that are the key together, where a number of the record does not do alone; else none."""
        number = self.header(self.dataset.rows.key)
        several = len(self.key.columns) > 1 and self.key.repeats > _COPIES * self.contents.rows
        return self.key.columns if several or not number else ()

    @property
    def shared(self) -> dict[str, str]:
        """The columns whose words stand in the column of another, with that header."""
        unmatched = [words.column for words in self.words if words.column not in self.matches.columns]
        return {name: self.header(self.words[0].column) for name in unmatched}

    @property
    def lacking(self) -> tuple[str, ...]:
        """What the dataset requires and the feed does not have; key and time are not among it."""
        table = self.dataset.rows
        have = {*self.matches.columns, *self.made, table.key, table.time}
        columns = [column.name for column in table.read if column.required and column.name not in have]
        points = [rule.needs for rule in table.requires if rule.needs == POINT and not {"x", "y"} <= have]
        return (*points, *columns)

    def header(self, column: str) -> str:
        """Return the header that fills a column, empty for none."""
        pair = self.matches.columns.get(column)
        return pair.header if pair else ""


def feed_of(
    files: Sequence[FeedFile], library: Library, precedents: Sequence[Profile], place: Ground, zone: str
) -> FeedDraft:
    """Return the draft of one dataset's feed; raise DraftError where no column could be the time of its rows."""
    first, *others = files
    contents = first.contents
    for other in others:
        contents = contents.joined(other.contents)
    columns, table = columns_of(contents), first.dataset.rows
    evidence = Evidence(contents, columns, place, precedents, library.classes)
    matches = with_substitutes(table, evidence, headers.match(table, columns))
    if table.time not in matches.columns:
        raise DraftError(without_time(first, columns))
    unread = [header for header in contents.headers if header not in matches.headers]
    clock = _clock(first.dataset, contents, matches, unread, zone)
    made = _made(contents, columns, matches, unread)
    used = {*clock.apart.values(), *(header for rule in made.values() for header in rule.headers)}
    flags = flags_of(columns, contents, [header for header in unread if header not in used])
    lists = _lists(first.dataset, matches, columns, contents, library, precedents)
    key = matches.columns.get(table.key)
    return FeedDraft(
        dataset=first.dataset,
        files=tuple(file.path.name for file in files),
        dialect=first.dialect,
        contents=contents,
        columns=columns,
        matches=matches,
        key=key_of(contents, columns, key.header if key else None, _likely_number(table, matches)),
        times=clock.reading,
        days=clock.days,
        clocks=clock.apart,
        made=made,
        points=_points(contents, matches, made, place),
        lists=lists,
        words=_words(first.dataset, matches, columns, contents),
        own_words=_own_words(first.dataset, matches, columns, contents),
        flags=tuple(flags),
        pattern=_pattern(table.key, key.header if key else "", contents),
        unread=tuple(header for header in unread if header not in {*used, *(flag.header for flag in flags)}),
        choice=first.choice,
        outlook=outlook_of(contents, lists.values(), flags, library.classes),
    )


def _likely_number(table: Table, matches: Matches) -> str:
    """Return the header of what may be the number of a record; empty for none."""
    hint = matches.hints.get(table.key)
    return hint.header if hint else ""


@dataclass(frozen=True)
class _Clock:
    """How a feed writes instants: the reading of its time, the columns that are days, the times that stand apart."""

    reading: TimeReading
    days: dict[str, bool]
    apart: dict[str, str]


def _clock(dataset: Dataset, contents: Contents, matches: Matches, unread: Sequence[str], zone: str) -> _Clock:
    """Return how the feed writes instants, in all of its columns."""
    table = dataset.rows
    instants = {
        column.name: matches.columns[column.name].header
        for column in table.read
        if column.type == "datetime" and column.name in matches.columns
    }
    formats = times.formats_in(contents, list(instants.values()))
    days = times.days_among(contents, instants, formats)
    apart = parts.clock_columns(contents, matches, days, unread)
    is_day = table.time in days and table.time not in apart
    clock = apart.get(table.time, "")
    reading = times.reading_of(contents, instants[table.time], zone, formats, is_day=is_day, clock=clock)
    left = [header for header in unread if header not in (*apart.values(), *matches.refused)]
    doubts = [
        *times.unreadable_among(contents, instants.values(), formats),
        *(parts.left_clock(header) for header in parts.clocks_among(contents, left)),
    ]
    return _Clock(replace(reading, doubts=(*reading.doubts, *doubts)), days, apart)


def _made(
    contents: Contents, columns: Mapping[str, Column], matches: Matches, unread: Sequence[str]
) -> dict[str, Made]:
    """Return the columns that are put together of others."""
    points = {} if {"x", "y"} <= matches.columns.keys() else parts.point_columns(contents, columns)
    return points | parts.address_parts(contents, columns, matches, unread)


def _points(contents: Contents, matches: Matches, made: Mapping[str, Made], place: Ground) -> PointReading | None:
    if "x" in made:
        return coordinates.reading_of(*parts.point_texts(contents.sample[made["x"].longitude]), place)
    x, y = matches.columns.get("x"), matches.columns.get("y")
    if x is None or y is None:
        return None
    return coordinates.reading_of(contents.sample[x.header], contents.sample[y.header], place)


def _lists(
    dataset: Dataset,
    matches: Matches,
    columns: dict[str, Column],
    contents: Contents,
    library: Library,
    precedents: Sequence[Profile],
) -> dict[str, DraftList]:
    """Return the code lists of the columns that hold codes, by column."""
    lists: dict[str, DraftList] = {}
    for wanted in dataset.rows.read:
        if wanted.type in ("code", "codes") and wanted.name in matches.columns:
            column = columns[matches.columns[wanted.name].header]
            judged = Precedents(precedents, wanted.name, library.classes)
            several = wanted.type == "codes"
            lists[wanted.name] = list_of(wanted.name, column, contents, judged, several=several)
    return lists


def _words(dataset: Dataset, matches: Matches, columns: dict[str, Column], contents: Contents) -> tuple[Words, ...]:
    """Return the feed's words for columns that the dataset has words for; none of a column of many values."""
    usable = {
        name: pair.header
        for name, pair in matches.columns.items()
        if columns[pair.header].few and not columns[pair.header].personal
    }
    allowed = with_words(dataset.rows)
    both = shared_words(usable, allowed, contents)
    rest = {name: words for name, words in allowed.items() if both is None or name != both[0].column}
    return (
        *(both or ()),
        *(words_of(name, words, usable[name], contents) for name, words in rest.items() if name in usable),
    )


def _own_words(dataset: Dataset, matches: Matches, columns: dict[str, Column], contents: Contents) -> tuple[Words, ...]:
    """Return the words that are the department's own, of priorities and of teams, where its dataset refuses one."""
    patterns = {field.name: field.constraints.pattern for field in dataset.rows.fields}
    words: list[Words] = []
    for name in _FREE_WORDS:
        pair = matches.columns.get(name)
        if pair and columns[pair.header].few and not columns[pair.header].personal:
            listed = words_of(name, (), pair.header, contents)
            pattern = patterns.get(name)
            if not pattern or any(not re.fullmatch(pattern, value) for value in listed.open):
                words.append(listed)
    return tuple(words)


def _pattern(field: str, header: str, contents: Contents) -> str:
    """Return a pattern that fits the usual record numbers; empty for none."""
    return numbers(field, [shapes(contents.sample[header])], 0).pattern if header else ""

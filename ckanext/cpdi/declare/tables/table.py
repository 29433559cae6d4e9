"""The table of one dataset: its inputs, its published fields, and their roles."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from msgspec import Struct
from msgspec import field as default

from ckanext.cpdi.declare.reading.text import Text
from ckanext.cpdi.declare.tables.demographics import Demographic, check_demographics
from ckanext.cpdi.declare.tables.field import Field, Input
from ckanext.cpdi.declare.tables.privacy import TIMES, Limit, Time

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_SHAPEFILE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,9}\Z")

_POINT_SOURCES = ("place.longitude", "place.latitude")
_PLACE_SOURCE = "place.id"

_OWN = ("row_id", "utc_offset")
"""Names of columns that files have beside the declared ones."""

POINT = "point"
"""The requirement of coordinates that can be read as a point of the department's surroundings."""


class Point(NamedTuple):
    """The names of the fields of a table's point, in degrees of WGS 84."""

    longitude: str
    latitude: str


class Requirement(Struct, frozen=True, forbid_unknown_fields=True):
    """What a row must have to belong to the table; the others are withheld for ``reason``, and counted in public.

    ``needs`` is ``point``, or a boolean input that must say yes; a feed without that input is taken as it is, since it
    cannot tell. ``title`` names the rows that are left out.
    """

    needs: str
    reason: str
    title: Text


class Meeting(Struct, frozen=True, forbid_unknown_fields=True):
    """Another table whose rows may be about the same events, so that readers can join both by place and time.

    ``dataset`` is that of the other table; a row of it belongs to one of ours where its ``field`` holds one of the
    ``words`` (beginnings of words, case does not matter).
    """

    dataset: str
    field: str
    words: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raise ValueError where a word has other characters than letters, since words go into a search."""
        wrong = [word for word in self.words if not word.isalpha()]
        if wrong or not self.words:
            raise ValueError(f"meets: words are letters alone: {', '.join(wrong)}")


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of incidents.

    ``key`` names the column that identifies a row in the feed, ``time`` the one that says when it happened, ``closed``
    the one from which an embargo counts, ``modified`` the one by which the latest of two rows wins, ``category`` the
    field by which rows are counted apart, if any. ``requires`` says which rows belong to the table at all.
    ``shares`` names the columns that hold the record numbers of another dataset, with that dataset: a record that is
    denied there is removed here as well. ``kind`` names the fields that say what a row is about; together with place
    and time they distinguish rows. ``at_most`` is the most that a row shows, whatever its privacy classes. ``meets``
    names the table whose rows readers can join with ours. ``demographics`` are the tables in which its people are
    counted, by what no row shows.
    """

    key: str
    time: str
    fields: tuple[Field, ...]
    inputs: tuple[Input, ...] = ()
    closed: str = ""
    modified: str = ""
    category: str = ""
    requires: tuple[Requirement, ...] = ()
    shares: dict[str, str] = default(default_factory=dict[str, str])
    kind: tuple[str, ...] = ()
    at_most: Limit = Limit()
    meets: Meeting | None = None
    demographics: tuple[Demographic, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError (msgspec adds the place) where names clash, or a key names no column."""
        names = [field.name for field in self.fields]
        _refuse_doubles("field", names)
        _refuse_doubles("shapefile name", (field.shapefile.upper() for field in self.fields))
        _refuse_doubles("input", (column.name for column in self.read))
        for field in self.fields:
            _check_field(field)
        parts = {"key": self.key, "time": self.time, "closed": self.closed, "modified": self.modified}
        columns = {column.name for column in self.read}
        for part, name in parts.items():
            if name and name not in columns:
                raise ValueError(f"{part}: {name!r} is no input and no field with cpdi:headers")
        for name in self.shares:
            if name not in columns:
                raise ValueError(f"shares: {name!r} is no input and no field with cpdi:headers")
        _check_parts(self, names)
        _check_requirements(self)
        _refuse_free_text(self)
        check_demographics(self.demographics, self.inputs, self.fields)

    @property
    def read(self) -> tuple[Input, ...]:
        """Every column that is read from the feed: the inputs, then the fields with headers of their own."""
        own = (
            Input(
                name=field.name,
                type="datetime" if field.type == "date" else field.type,
                headers=field.headers,
                required=field.name in (self.key, self.time),
            )
            for field in self.fields
            if field.headers
        )
        return (*self.inputs, *own)

    @property
    def key_field(self) -> Field | None:
        """The published field of the row's key; None where the key is read, but not published."""
        return next((field for field in self.fields if field.column == self.key), None)

    @property
    def point(self) -> Point | None:
        """The fields of the published point; None for a table whose rows have no place on a map."""
        names = {field.source: field.name for field in self.fields if field.source in _POINT_SOURCES}
        return Point(*(names[source] for source in _POINT_SOURCES)) if names else None

    @property
    def place(self) -> str:
        """The name of the field of the place that a row is in; empty for a table whose rows have none."""
        return next((field.name for field in self.fields if field.source == _PLACE_SOURCE), "")

    @property
    def time_field(self) -> Field:
        """The published field of the event's time."""
        return next(field for field in self.fields if field.column == self.time)

    @property
    def finest(self) -> Time:
        """The most that any row shows of its time: a field that has days alone has no hour."""
        least = "date" if self.time_field.type == "date" else "minute"
        return TIMES[max(TIMES.index(self.at_most.time), TIMES.index(least))]

    def field(self, name: str) -> Field:
        """Return the field called ``name``; raise KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def _check_parts(table: Table, names: list[str]) -> None:
    """Raise ValueError where the table has half a point, or its category or kind is no field."""
    axes = [field.source for field in table.fields if field.source in _POINT_SOURCES]
    _refuse_doubles("cpdi:from", axes)
    if len(axes) == 1:
        other = next(source for source in _POINT_SOURCES if source not in axes)
        raise ValueError(f"a field has cpdi:from: {axes[0]}, and none {other}: a point has both")
    for part in (table.category, *table.kind):
        if part and part not in names:
            raise ValueError(f"{part!r} is no field of the table")


def _check_field(field: Field) -> None:
    """Raise ValueError where a field cannot be a column of the table and of every file."""
    if (field.name in _OWN or field.shapefile.lower() in _OWN) and not field.source.startswith("row."):
        raise ValueError(f"field {field.name!r}: {' and '.join(_OWN)} are columns that the portal adds itself")
    if not _NAME.match(field.name):
        raise ValueError(f"field {field.name!r}: use lower case letters, digits and _, beginning with a letter")
    if not _SHAPEFILE_NAME.match(field.shapefile):
        raise ValueError(f"field {field.name!r}: cpdi:shapefile {field.shapefile!r} has not 1 to 10 characters")
    if bool(field.headers) == bool(field.source):
        raise ValueError(f"field {field.name!r}: give either cpdi:headers or cpdi:from")


def _refuse_free_text(table: Table) -> None:
    """Raise ValueError where a field would publish free text."""
    for field in table.fields:
        limits = field.constraints
        allowed = limits.enum or limits.pattern or field.name == table.key or field.mask == "link"
        if field.headers and field.type == "string" and not allowed:
            raise ValueError(
                f"field {field.name!r} would publish free text: give constraints.enum or constraints.pattern, or make"
                " it of an input of type code, whose values the profile lists"
            )


def _check_requirements(table: Table) -> None:
    """Raise ValueError where a requirement needs an input that is not declared, or two have the same reason."""
    _refuse_doubles("reason", (requirement.reason for requirement in table.requires))
    inputs = {column.name: column for column in table.inputs}
    if any(field.mask == "person" for field in table.fields) and "age" not in inputs:
        raise ValueError("cpdi:mask: person needs an input 'age', which tells who is under 18")
    for requirement in table.requires:
        if not _NAME.match(requirement.reason):
            raise ValueError(
                f"reason {requirement.reason!r}: use lower case letters, digits and _, beginning with a letter"
            )
        needed = ("x", "y") if requirement.needs == POINT else (requirement.needs,)
        if not inputs.keys() >= set(needed):
            raise ValueError(f"requires {requirement.needs!r}: there is no input {' and '.join(needed)}")
        if requirement.needs != POINT and inputs[requirement.needs].type != "boolean":
            raise ValueError(f"requires {requirement.needs!r}: the input must be a boolean")


def _refuse_doubles(kind: str, names: Iterable[str]) -> None:
    doubles = [name for name, count in Counter(names).items() if count > 1]
    if doubles:
        raise ValueError(f"{kind} declared twice: {', '.join(doubles)}")

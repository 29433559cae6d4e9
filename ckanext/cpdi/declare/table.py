"""The rows of one dataset: its inputs, its published fields, and the part some of them play."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from ckanext.cpdi.declare.field import Field, Input

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}\Z")
_SHAPEFILE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,9}\Z")


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """A table of incidents.

    ``key`` names the column that identifies a row in the feed, ``time`` the one that says when it happened, ``closed``
    the one from which an embargo counts, ``modified`` the one by which the latest of two rows wins, ``longitude`` and
    ``latitude`` the fields of the published point, ``category`` the field by which rows are counted apart, if any.
    """

    key: str
    time: str
    fields: tuple[Field, ...]
    inputs: tuple[Input, ...] = ()
    closed: str = ""
    modified: str = ""
    longitude: str = "longitude"
    latitude: str = "latitude"
    category: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError (which msgspec words with its place) where names clash, or a part is not to be had."""
        names = [field.name for field in self.fields]
        _refuse_doubles("field", names)
        _refuse_doubles("shapefile name", (field.shapefile.upper() for field in self.fields))
        _refuse_doubles("input", (column.name for column in self.read))
        for field in self.fields:
            _check_field(field)
        parts = {"key": self.key, "time": self.time, "closed": self.closed, "modified": self.modified}
        known = {column.name for column in self.read}
        for part, name in parts.items():
            if name and name not in known:
                raise ValueError(f"{part}: {name!r} is no input and no field with cpdi:headers")
        for part in (self.longitude, self.latitude, self.category):
            if part and part not in names:
                raise ValueError(f"{part!r} is no field of the table")

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
    def time_field(self) -> Field:
        """The published field of the event's time."""
        return next(field for field in self.fields if field.column == self.time)

    def field(self, name: str) -> Field:
        """Return the field called ``name``; raise KeyError where there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


def _check_field(field: Field) -> None:
    """Raise ValueError where a field cannot be a column of the table and of every file."""
    if not _NAME.match(field.name):
        raise ValueError(f"field {field.name!r}: use lower case letters, digits and _, beginning with a letter")
    if not _SHAPEFILE_NAME.match(field.shapefile):
        raise ValueError(f"field {field.name!r}: cpdi:shapefile {field.shapefile!r} has not 1 to 10 characters")
    if bool(field.headers) == bool(field.source):
        raise ValueError(f"field {field.name!r}: give either cpdi:headers or cpdi:from")


def _refuse_doubles(what: str, names: Iterable[str]) -> None:
    doubles = [name for name, count in Counter(names).items() if count > 1]
    if doubles:
        raise ValueError(f"{what} declared twice: {', '.join(doubles)}")

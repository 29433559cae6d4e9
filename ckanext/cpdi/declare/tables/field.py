"""One column: what a feed brings (`Input`) and what is published (`Field`).

The vocabulary is Frictionless Table Schema's; what it lacks stands under ``cpdi:`` keys.
https://specs.frictionlessdata.io/table-schema/
"""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct
from msgspec import field as default

from ckanext.cpdi.declare.reading.text import Text

InputType = Literal["string", "integer", "number", "boolean", "datetime", "code", "codes", "address"]
FieldType = Literal["string", "integer", "number", "boolean", "date", "datetime"]
Mask = Literal["", "public", "key", "time", "exact", "type", "person", "place", "link"]


class Input(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A column of the feed that is read, but not published under this name.

    ``headers`` are the names it is known by in feeds at large; a department's profile adds its own. A ``code`` is one
    value of a code list, ``codes`` several in one cell; the list is named in the profile.
    """

    name: str
    type: InputType
    headers: tuple[str, ...] = ()
    required: bool = False


class Constraints(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="camel"):
    """Table Schema's constraints on a published value; ``pattern`` is a regular expression for the whole of it."""

    required: bool = False
    unique: bool = False
    max_length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[str, ...] | None = None
    pattern: str | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a pattern that is no regular expression."""
        try:
            check_pattern(self.pattern or "")
        except ValueError as error:
            raise ValueError(f"pattern: {error}") from error


_BACKTRACKING = re.compile(r"\(\?<?[=!]|\\[1-9]|\(\?P=")


def check_pattern(pattern: str) -> None:
    """Raise ValueError for a pattern that is no regular expression, or that looks around or back, which needs more time
    than a feed has.
    """
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from error
    if _BACKTRACKING.search(pattern):
        raise ValueError(f"{pattern!r} looks around or back, which is not supported")


_NAMESPACED = ("headers", "source", "mask", "values", "shapefile", "same_as", "filter", "search", "index", "counts")
_RENAMED = {"source": "cpdi:from", "same_as": "cpdi:sameAs"}


class Field(
    Struct,
    frozen=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename=lambda name: _RENAMED.get(name, f"cpdi:{name}") if name in _NAMESPACED else name,
):
    """A published column.

    A field is either read from the feed under its own name (``headers``), or taken from a standardised column
    (``source``, written ``cpdi:from``), such as ``problem.code`` or ``place.label``. A text of the feed is published
    only where an ``enum`` or a ``pattern`` lets it through, since free text may name anybody.

    ``mask`` says what the row's privacy class does to it; a dataset's declaration says it of every field. ``public``
    nothing; ``key`` a keyed surrogate where the time is coarse; ``time`` coarsened; ``exact`` empty where the time is
    coarse; ``type`` empty where only the group is published; ``person`` too, and where nothing says that the person is
    18 or older; ``place`` comes from the places file; ``link`` a keyed stand-in that is the same in all tables which
    share the number, empty where only the group is published. It is empty for columns that the portal adds itself.
    ``values`` are the titles of an ``enum``'s values. Rows are counted by the values of a field with ``counts``.
    """

    name: str
    type: FieldType
    title: Text
    description: Text
    shapefile: str
    constraints: Constraints = Constraints()
    headers: tuple[str, ...] = ()
    source: str = ""
    mask: Mask = ""
    values: dict[str, Text] = default(default_factory=dict[str, Text])
    same_as: str = ""
    filter: bool = False
    search: bool = False
    index: bool = False
    counts: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError where rows are to be counted by what has no few values."""
        if self.counts and self.type not in ("string", "boolean"):
            raise ValueError(f"field {self.name!r}: cpdi:counts is for a string or a boolean, not for a {self.type}")

    @property
    def column(self) -> str:
        """The standardised column that this field is made of."""
        return self.source or self.name

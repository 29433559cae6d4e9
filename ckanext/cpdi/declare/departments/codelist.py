"""A code list: every exact value that a feed may bring in one column, and what each means for us."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import fields

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.declare.reading.read import convert

_CLASS = "class"


class Code(Struct, frozen=True, forbid_unknown_fields=True, rename={"privacy": "class"}):
    """One exact value of a feed.

    ``privacy`` (column ``class``) names its privacy class; ``event`` is no for duplicates, cancelled calls and tests,
    with ``event_reason``; ``call_source`` is what the value betrays of who started the call; ``standard`` is the common
    incident type of APCO ANS 1.103; ``count`` how often it was seen, which the sample feed follows; ``proposed`` is
    the class that a first draft proposed and ``basis`` what that rests on; they decide nothing.
    """

    value: str
    meaning: str
    category: str
    privacy: str
    code: str = ""
    text: str = ""
    event: Literal["yes", "no"] = "yes"
    event_reason: Literal["", "duplicate", "spawned", "cancelled", "test", "administrative"] = ""
    call_source: str = ""
    standard: str = ""
    count: int = 0
    proposed: str = ""
    basis: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError unless ``event: no`` and an ``event_reason`` stand together."""
        if (self.event == "no") != bool(self.event_reason):
            raise ValueError("event is no where an event_reason is given, and only there")


class CodeList(Struct, frozen=True):
    """The codes of one list that somebody has judged, in the file's order."""

    name: str
    codes: tuple[Code, ...]


def read_code_list(name: str, path: Path) -> CodeList:
    """Read a code list from a CSV whose header names fields of :class:`Code`.

    A line with an empty ``class`` waits for somebody's judgement: it counts as if its value stood in no list.

    Raises DeclarationError for an unreadable file, an unknown or missing column, a line of another width, a value that
    is missing, does not fit or stands twice.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.reader(lines)
            header: list[str] = next(table, list[str]())
            rows = [(table.line_num, cells) for cells in table if cells]
    except OSError as error:
        raise DeclarationError(path, f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DeclarationError(path, f"cannot be read: it is no CSV in UTF-8 ({error})") from error
    _check_header(header, path)
    codes = [_code(header, cells, number, path) for number, cells in rows]
    values: set[str] = set()
    for code in codes:
        if code.value in values:
            raise DeclarationError(path, f"the value {code.value!r} stands twice")
        values.add(code.value)
    return CodeList(name, tuple(code for code in codes if code.privacy))


def _check_header(header: list[str], path: Path) -> None:
    """Raise DeclarationError for a column that nobody knows, that stands twice, or that is missing."""
    columns = {field.encode_name: field.required for field in fields(Code)}
    for column in header:
        if column not in columns:
            raise DeclarationError(path, f"line 1, column {unknown(column, columns)}")
        if header.count(column) > 1:
            raise DeclarationError(path, f"line 1: the column {column} stands twice")
    missing = [column for column, required in columns.items() if required and column not in header]
    if missing:
        raise DeclarationError(path, f"line 1: there is no column {', '.join(missing)}")


def _code(header: list[str], cells: list[str], number: int, path: Path) -> Code:
    """Return the line as a code; its number is part of the error."""
    if len(cells) != len(header):
        raise DeclarationError(path, f"line {number} has {len(cells)} cells, the header has {len(header)}")
    row: dict[str, str | int] = {key: cell for key, cell in zip(header, cells, strict=True) if cell or key == _CLASS}
    try:
        row["count"] = int(row.get("count", 0))
    except ValueError as error:
        raise DeclarationError(path, f"line {number}: count is no number") from error
    try:
        return convert(row, Code, path)
    except DeclarationError as error:
        raise DeclarationError(path, f"line {number}: {error.message}") from error

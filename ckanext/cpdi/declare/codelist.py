"""A code list: every exact value that a feed may bring in one column, and what each means for us."""

from __future__ import annotations

import csv
from pathlib import Path

from msgspec import Struct

from ckanext.cpdi.declare.errors import DeclarationError
from ckanext.cpdi.declare.read import convert


class Code(Struct, frozen=True, forbid_unknown_fields=True, rename={"privacy": "class"}):
    """One exact value of a feed.

    ``privacy`` (column ``class``) names its privacy class; ``event`` is no for duplicates, cancelled calls and tests,
    with ``event_reason``; ``call_source`` is what the value betrays of who started the call; ``standard`` is the common
    incident type of APCO ANS 1.103; ``count`` how often it was seen, which the sample feed follows.
    """

    value: str
    meaning: str
    category: str
    privacy: str
    code: str = ""
    text: str = ""
    event: str = "yes"
    event_reason: str = ""
    call_source: str = ""
    standard: str = ""
    count: int = 0


class CodeList(Struct, frozen=True):
    """The codes of one list, in the file's order."""

    name: str
    codes: tuple[Code, ...]


def read_code_list(name: str, path: Path) -> CodeList:
    """Read a code list from a CSV whose header names fields of :class:`Code`.

    Raises DeclarationError for an unreadable file, an unknown column, a missing value or one that stands twice.
    """
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(lines)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DeclarationError(path, f"cannot be read: {error}") from error
    codes = tuple(_code(row, number, path) for number, row in enumerate(rows, start=2))
    seen: set[str] = set()
    for code in codes:
        if code.value in seen:
            raise DeclarationError(path, f"the value {code.value!r} stands twice")
        seen.add(code.value)
    return CodeList(name, codes)


def _code(row: dict[str, str], number: int, path: Path) -> Code:
    """Return the row as a code; the line's number is part of the error."""
    try:
        count = int(row.get("count", 0))
    except ValueError as error:
        raise DeclarationError(path, f"line {number}: count is no number") from error
    try:
        return convert({**row, "count": count}, Code, path)
    except DeclarationError as error:
        raise DeclarationError(path, f"line {number}: {error}") from error

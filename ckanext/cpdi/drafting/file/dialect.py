"""How a file of text is written: its delimiter, what stands above its header, its encoding.

The reader of feeds recognises Unicode, Windows-1252, commas, semicolons, tabs and bars by itself; a profile says what
it cannot tell. So only what differs from that is written into the draft.
"""

# The library of workbooks comes without some types.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.phrases import phrase
from ckanext.cpdi.feeds import FeedError, local
from ckanext.cpdi.feeds.files.unpack import unpacked
from ckanext.cpdi.feeds.opening import Opening
from ckanext.cpdi.feeds.readers import readers

_DELIMITERS = (",", ";", "\t", "|", "^", "~")
_RECORDS, _LAST, _TAIL = 200, 5, 8192
_HIGHEST = 20
"""Among so many lines the header is looked for."""
_LARGEST_DOCUMENT, _DEEPEST = 100 << 20, 4
_MOST_CELLS = 2
"""Filled cells of a note below a table."""
_BEGINNINGS = ("Total", "Grand Total", "Sum", "Count", "Source", "Note", "Printed", "Page", "Report", "Rows", "(", "*")
"""How notes begin; nothing else of such a line is written down, since it may be a row."""
_SEP = re.compile(r"(?i)sep=")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "^": "carets", "~": "tildes"}
_ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "mixed": "UTF-8 with some cells of Windows-1252"}
_DATA = frozenset("0123456789")
_NUMBERED = re.compile(r"[A-Za-z]{1,3}[_ ]?[0-9]{1,2}")


@dataclass(frozen=True)
class Dialect:
    """``header_line``: the line with the names of the columns, 0 for the first that is filled; ``notes``: how lines
    below the table begin; ``sheet``: that of a workbook that has several; ``records``: the way to the records of JSON;
    ``words``: how the file is written, for people.
    """

    words: str
    delimiter: str = ","
    header_line: int = 0
    notes: tuple[str, ...] = ()
    sheet: str = ""
    records: str = ""
    ends_line: bool = True
    """Whether the last line is ended."""

    @property
    def feed(self) -> Feed:
        """What a profile says of it."""
        return Feed(
            delimiter=self.delimiter,
            header_line=self.header_line,
            notes=self.notes,
            sheet=self.sheet,
            records=self.records,
            final_newline="required" if self.ends_line else "optional",
        )


def dialect_of(path: Path) -> Dialect:
    """Return how the file is written.

    Raises FeedError where it cannot be read, DraftError where its first line is no header.
    """
    with local(path) as spool:
        opening = Opening(spool, Feed())
        if readers()["xlsx"].takes(opening):
            return _workbook(path)
        head, encoding = opening.survey.head.decode("utf-8", "replace"), opening.survey.encoding
        ends_line = opening.survey.ends_line
        tail = _tail(path) if opening.start[:2] not in (b"PK", b"\x1f\x8b") else ""
        if head.lstrip()[:1] in ("{", "["):
            return Dialect("JSON", records=_records_in(opening))
    delimiter, records, width = _table(head)
    name = _ENCODINGS.get(encoding, encoding.upper())
    words = f"{_NAMES[delimiter]} between cells, in {name}"
    notes = _notes([cells for _, cells in _records(tail, delimiter, ended=True)][-_LAST:])
    return Dialect(words, delimiter, _header_line(records, width), notes, ends_line=ends_line)


def _records_in(opening: Opening) -> str:
    """Return the way to the records of a JSON document that has them under no usual name; empty where it has.

    Only such a document is parsed as a whole.
    """
    try:
        readers()["json"].open(opening)
    except FeedError as error:
        if error.code != "answer":
            raise
    else:
        return ""
    if opening.spool.size > _LARGEST_DOCUMENT:
        return ""
    with unpacked(opening.spool) as blocks:
        document = json.loads(b"".join(opening.survey.utf8(blocks)))
    return next(_ways(document, ()), "")


def _ways(value: object, steps: tuple[str, ...]) -> Iterator[str]:
    """Yield the ways to lists of objects, the shortest first."""
    if not isinstance(value, dict) or len(steps) >= _DEEPEST:
        return
    members = cast("dict[str, object]", value)
    for name, member in members.items():
        items = cast("list[object]", member) if isinstance(member, list) else []
        if items and all(isinstance(item, dict) for item in items):
            yield ".".join((*steps, name))
    for name, member in members.items():
        yield from _ways(member, (*steps, name))


def _workbook(path: Path) -> Dialect:
    """Return how a workbook is written: the sheet with the most rows, and where its table begins."""
    book = CalamineWorkbook.from_path(path)
    visible = [sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible]
    sheets = [sheet for sheet in map(book.get_sheet_by_name, visible) if sheet.start is not None]
    if not sheets:
        raise DraftError(
            phrase("{file} has no sheet with cells.", "{file} no tiene ninguna hoja con celdas.", file=path.name)
        )
    largest = max(sheets, key=lambda sheet: sheet.height)
    rows = [[str(cell) for cell in row] for row in largest.to_python(skip_empty_area=False)]
    records = [(number, row) for number, row in enumerate(rows[:_RECORDS], start=1) if any(row)]
    name = largest.name if len(sheets) > 1 else ""
    words = f"a workbook, sheet {largest.name}" if name else "a workbook"
    filled = [sum(bool(cell) for cell in row) for _, row in records]
    width = Counter(filled).most_common(1)[0][0] if filled else 1
    return Dialect(words, ",", _header_line(records, width), _notes([row for row in rows if any(row)][-_LAST:]), name)


def _tail(path: Path) -> str:
    """Return the last lines of a file."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        text = file.read().decode("utf-8", "replace")
    return text.partition("\n")[2] if size > _TAIL else text


def _notes(records: list[list[str]]) -> tuple[str, ...]:
    """Return the beginnings, of those that are known, of lines that are hardly filled below a table."""
    lines = [
        cells[0].strip() for cells in records if cells and sum(bool(cell.strip()) for cell in cells) <= _MOST_CELLS
    ]
    return tuple(word for word in _BEGINNINGS if any(text.casefold().startswith(word.casefold()) for text in lines))


def _table(head: str) -> tuple[str, list[tuple[int, list[str]]], int]:
    """Return the delimiter that cuts most records into the same number of cells, the records, and that number."""
    best: tuple[float, int, str] = (0.0, 1, ",")
    for delimiter in _DELIMITERS:
        records = _records(head, delimiter)
        widths = Counter(len(cells) for _, cells in records if len(cells) > 1)
        if widths:
            width, lines = widths.most_common(1)[0]
            best = max(best, (round(lines / len(records), 1), width, delimiter), key=lambda table: table[:2])
    return best[2], _records(head, best[2]), best[1]


def _records(text: str, delimiter: str, *, ended: bool = False) -> list[tuple[int, list[str]]]:
    """Return the first records that are not empty, each with the number of its line; without the last, which may be
    cut, unless the text is ``ended``.
    """
    records: list[tuple[int, list[str]]] = []
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    begins = 1
    try:
        for cells in lines:
            if any(cell.strip() for cell in cells) and not _SEP.match(cells[0]):
                records.append((begins, cells))
            begins = lines.line_num + 1
            if len(records) >= _RECORDS and not ended:
                break
    except csv.Error:
        return records
    return records if ended or len(records) <= 2 else records[:-1]


def _header_line(records: list[tuple[int, list[str]]], width: int) -> int:
    """Return the line of the header where something stands above it, else 0.

    It is the first record that is as wide as the table and has names in it.
    """
    for place, (line, cells) in enumerate(records[:_HIGHEST]):
        named = [cell for cell in cells if cell.strip()]
        if len(named) > width / 2 and len(cells) >= width:
            if any(_is_data(cell) for cell in named):
                raise DraftError(
                    phrase(
                        "The file has no line with the names of its columns: what would be its header holds data."
                        " Export it with a header line.",
                        "El archivo no tiene una línea con los nombres de sus columnas: lo que sería el encabezado"
                        " contiene datos. Expórtelo con una línea de encabezado.",
                    )
                )
            return line if place else 0
    return 0


def _is_data(cell: str) -> bool:
    """Say whether a cell holds more digits than letters, as no name does but ``C01``."""
    digits = sum(letter in _DATA for letter in cell)
    return digits > sum(letter.isalpha() for letter in cell) and not _NUMBERED.fullmatch(cell.strip())

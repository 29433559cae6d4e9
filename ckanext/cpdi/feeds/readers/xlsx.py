"""Reads a sheet of an Excel workbook (XLSX, XLSM): rows in, text columns out, each line with the number of its row.

The workbook is unpacked whole while it is opened (1.4 KB a row of sixteen cells), and its rows are kept on the disk.
"""

# The library comes without the types of its rows.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, cast

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.batch import LINE, ROWS, TextBatch, check_headers, regroup, rejects, select_columns
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.frame_file import FrameFile
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.opening import FeedFormat, Opening
from ckanext.cpdi.feeds.readers.notes import Notes

_ZIP = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
_LARGEST = 320 << 20
"""Bytes of a workbook's XML, which is some 450,000 rows of sixteen cells, or 700 MB of memory."""
_BLOCK = 1 << 20
_PART = 10_000
_WHOLE = 2**53
"""Beyond it a number of a spreadsheet is none to the last digit."""

Row = list[Any]
Numbered = tuple[int, Row]
"""A row with its number in the sheet, from 1."""


class Xlsx(FeedFormat):
    """A workbook, whatever its file is called."""

    name = "xlsx"

    def takes(self, opening: Opening) -> bool:
        """Take a ZIP that holds a workbook."""
        if not opening.start.startswith(_ZIP):
            return False
        try:
            with zipfile.ZipFile(opening.spool.path) as archive:
                return _WORKBOOK in archive.NameToInfo
        except (zipfile.BadZipFile, OSError):
            return False

    def open(self, opening: Opening) -> XlsxReader:
        """Read all rows of the sheet."""
        return XlsxReader(opening.spool, opening.feed)


class XlsxReader:
    """An opened workbook. Dates are written as ISO 8601, whole numbers without a point; an error (``#N/A``) is
    an empty cell, and empty rows are left out."""

    def __init__(self, spool: Spool, feed: Feed) -> None:
        """Read the sheet.

        Raises FeedError: header, too_large, archive where the file is damaged, empty where the sheet has no cells.
        """
        _check_size(spool)
        try:
            workbook = CalamineWorkbook.from_path(spool.path)
            rows = enumerate(_choose_sheet(workbook, feed.sheet).iter_rows(), start=1)
        except CalamineError as error:
            raise FeedError("archive", "The workbook is damaged, or a part of it is missing.") from error
        self.headers = check_headers(_texts(_header(rows, feed.header_line)))
        self._parts = FrameFile(spool)
        self._store(filter(_is_filled, rows), Notes(feed.notes))

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield the rows in batches of at most ``rows``."""
        names = select_columns(self.headers, columns)
        yield from regroup((TextBatch(frame, rejects()) for frame in self._parts.frames([*names, LINE])), rows)

    def _store(self, rows: Iterator[Numbered], notes: Notes) -> None:
        """Keep the rows that are no notes, some at a time."""
        while part := list(islice(rows, _PART)):
            kept = [(number, row) for number, row in part if not notes.is_note(row)]
            series = [
                pl.Series(name, _texts([row[place] for _, row in kept]), pl.String)
                for place, name in enumerate(self.headers)
            ]
            self._parts.add(pl.DataFrame([*series, pl.Series(LINE, [number for number, _ in kept], pl.UInt32)]))


def _header(rows: Iterator[Numbered], line: int) -> Row:
    """Return row ``line``, or the first that is filled where that is 0; ``rows`` go on behind it.

    Raises FeedError (empty) where there is none.
    """
    for number, row in rows:
        if number == line or (not line and _is_filled((number, row))):
            return row
    raise FeedError("empty", "The sheet of the workbook has no row with names of columns.")


def _is_filled(row: Numbered) -> bool:
    """Say whether a row has a cell with something in it."""
    return any(cell != "" for cell in row[1])


def _check_size(spool: Spool) -> None:
    """Raise FeedError where the workbook unpacks to more than can be held; what its directory says may be false."""
    size = 0
    try:
        with zipfile.ZipFile(spool.path) as archive:
            for name in archive.namelist():
                with archive.open(name) as member:
                    while block := member.read(_BLOCK):
                        size += len(block)
                        if size > min(spool.limit, _LARGEST):
                            raise FeedError(
                                "too_large", "The workbook is too large to be read. Export the table as CSV."
                            )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise FeedError("archive", "The workbook is damaged, or a part of it is missing.") from None


def _choose_sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    """Return the sheet called ``name``, else the only one that people see with cells in it.

    Raises FeedError (header) where there is no such sheet, or several.
    """
    sheets = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and (name or sheet.visible == SheetVisibleEnum.Visible)
    ]
    if name:
        matches = [sheet for sheet in sheets if sheet.strip().casefold() == name.strip().casefold()]
        if not matches:
            raise FeedError(
                "header",
                Said("The workbook has no sheet {name}; there are {sheets}.", name=name, sheets=", ".join(sheets)),
            )
        return workbook.get_sheet_by_name(matches[0])
    if len(sheets) == 1:
        return workbook.get_sheet_by_name(sheets[0])
    filled = [sheet for sheet in map(workbook.get_sheet_by_name, sheets) if sheet.start is not None]
    if len(filled) != 1:
        names = ", ".join(sheet.name for sheet in filled)
        raise FeedError(
            "header",
            Said("The workbook has several sheets ({names}); name the one that counts under sheet.", names=names),
        )
    return filled[0]


def _texts(cells: Sequence[Any]) -> list[str]:
    """Return cells as texts; a day among instants is a midnight."""
    kinds = {*map(type, cells)}
    if kinds == {str}:
        return cast("list[str]", list(cells))
    write = {**_WRITERS, date: _write_midnight} if datetime in kinds else _WRITERS
    return [write.get(cell.__class__, str)(cell) for cell in cells]


def _write_number(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < _WHOLE else repr(number)


def _write_instant(instant: datetime) -> str:
    """Write to the second: a spreadsheet's instant is a part of a day, and seldom one to the last digit."""
    return (instant + timedelta(microseconds=500_000)).replace(microsecond=0).isoformat(" ")


def _write_midnight(day: date) -> str:
    return f"{day.isoformat()} 00:00:00"


def _write_time(moment: time) -> str:
    return moment.isoformat("seconds")


def _write_duration(duration: timedelta) -> str:
    seconds = round(duration.total_seconds())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _write_truth(truth: bool) -> str:
    return "true" if truth else "false"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: _write_number,
    bool: _write_truth,
    datetime: _write_instant,
    date: date.isoformat,
    time: _write_time,
    timedelta: _write_duration,
}

"""Reads a CSV of any common dialect: a file in, batches of text columns with exact line numbers out."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.batch import LINE, ROWS, TextBatch, check_headers, regroup, rejects, select_columns
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.unpack import unpacked
from ckanext.cpdi.feeds.opening import FeedFormat, Opening
from ckanext.cpdi.feeds.parsing.arrow import parse
from ckanext.cpdi.feeds.parsing.encoding import Survey
from ckanext.cpdi.feeds.parsing.records import Pattern, Records, Splitter, count_lines
from ckanext.cpdi.feeds.readers.notes import Notes

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_HEADER = 1 << 15
_LINE_END = re.compile(rb"\r\n|\r|\n")
_BLANK_LINES = re.compile(rb"[\r\n]*")
_MARK = rb'[^\w"\r\n\x80-\xff]'
_SEP_LINE = re.compile(rb'[\r\n]*(?:"sep=(%b)"|sep=(%b))[ \t,;|]*(?:\r\n|\r|\n)' % (_MARK, _MARK), re.IGNORECASE)
"""A line above the header that tells spreadsheets the delimiter."""


_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|title|meta|script|\?xml|!--|[a-z0-9:]+[ >])", re.IGNORECASE)


class Csv(FeedFormat):
    """Any text that is no web page: a table with some delimiter."""

    name = "csv"
    order = 90

    def takes(self, opening: Opening) -> bool:
        """Take all but markup."""
        return not _MARKUP.match(opening.survey.head)

    def open(self, opening: Opening) -> CsvReader:
        """Read the header line."""
        return CsvReader(opening.spool, opening.feed, opening.survey)


class CsvReader:
    """An opened CSV.

    A row of another width than the header is a reject ``row_width``, a line with a stray quote ``stray_quote``, and
    the header line that comes again where files were joined ``repeated_header``.
    """

    def __init__(self, spool: Spool, feed: Feed, survey: Survey) -> None:
        """Read the header line.

        Raises FeedError: header where it cannot be used, truncated where the last line is not ended and the profile
        requires that.
        """
        self._spool = spool
        self._survey = survey
        self._notes = Notes(feed.notes)
        self._delimiter, self._names, self._header_bytes, self._header_lines = _header(
            survey.head, feed.delimiter, feed.header_line
        )
        self.headers = check_headers(self._names)
        if feed.final_newline == "required" and not survey.ends_line:
            raise _truncated()

    def batches(self, rows: int = ROWS, columns: Collection[str] | None = None) -> Iterator[TextBatch]:
        """Yield the rows in batches of at most ``rows``; raise FeedError where the file is cut off or damaged."""
        yield from regroup(self._parts(select_columns(self.headers, columns)), rows)

    def _parts(self, columns: tuple[str, ...]) -> Iterator[TextBatch]:
        """Yield a batch for each block of the file."""
        splitter = Splitter(self._delimiter, self._header_lines + 1, len(self.headers))
        width = len(self.headers)
        last_good, last_width = 0, width
        with unpacked(self._spool) as raw:
            for records in splitter.split(_body(self._survey.utf8(raw), self._header_bytes)):
                batch, widths = self._batch(records, columns)
                if batch.frame.height:
                    last_good = int(batch.frame[LINE][-1])
                if records.lines.size:
                    last_width = widths.get(int(records.lines[-1]), width)
                yield batch
        # The file was cut where a short last record has no line end, or no good row follows an open quote.
        if (last_width < width and not self._survey.ends_line) or splitter.unclosed > last_good:
            raise _truncated()

    def _batch(self, records: Records, columns: tuple[str, ...]) -> tuple[TextBatch, dict[int, int]]:
        """Return the batch of some records, and a map of line to width of those with a wrong width."""
        # Whether a line of the right width is a note shows in all of its cells.
        parsed = self.headers if self._notes else columns
        table, wrong = parse(records.data, self.headers, self._delimiter, parsed)
        lines = records.lines
        widths = {int(lines[row.number - 1]): row.width for row in wrong if not self._notes.begins(row.text)}
        if wrong:
            lines = np.delete(lines, [row.number - 1 for row in wrong])
        numbered = table.with_columns(pl.Series(LINE, lines, pl.UInt32))
        frame, repeated = self._without_headers(self._without_notes(numbered, columns))
        reasons = {"row_width": widths, "stray_quote": records.stray, "repeated_header": repeated}
        rejected = sorted((line, reason) for reason, places in reasons.items() for line in places)
        return TextBatch(frame, rejects(rejected)), widths

    def _without_notes(self, frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
        """Return those ``columns`` of the frame, without rows that are notes."""
        if not self._notes:
            return frame
        first = frame.select(
            pl.coalesce(pl.when(pl.all().exclude(LINE) != "").then(pl.all().exclude(LINE)))
        ).to_series()
        at = [place for place, text in enumerate(first.fill_null("")) if self._notes.begins(text)]
        notes = [place for place in at if self._notes.is_note(frame.row(place)[:-1])]
        left = frame.with_row_index("_place").filter(~pl.col("_place").is_in(notes)) if notes else frame
        return left.select(*columns, LINE)

    def _without_headers(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[int]]:
        """Return the frame without rows that are the header again, and the lines of those."""
        first, *others = [
            (header, name) for header, name in zip(self.headers, self._names, strict=True) if header in frame
        ]
        if len(self.headers) == 1 or not (frame[first[0]] == first[1]).any():
            return frame, []
        again = frame.filter(pl.all_horizontal(pl.col(header) == name for header, name in (first, *others)))[LINE]
        return frame.filter(~pl.col(LINE).is_in(again.implode())), again.to_list()


def _header(head: bytes, preferred: str, line: int) -> tuple[str, list[str], int, int]:
    """Return delimiter, names, bytes and lines of the header, all before it included.

    It is the first line that is not blank, from ``line`` on.
    """
    if len(preferred) != 1 or not preferred.isascii() or preferred in '"\r\n':
        raise FeedError("header", "The profile's delimiter has to be one character, such as a comma.")
    title = _end_of_lines(head, line - 1)
    sep_line = _SEP_LINE.match(head, title)
    preferred = (sep_line[1] or sep_line[2]).decode("ascii") if sep_line else preferred
    blank = _BLANK_LINES.match(head, sep_line.end() if sep_line else title)
    start = blank.end() if blank else title
    for delimiter in dict.fromkeys((preferred, *_DELIMITERS)):
        end = _record_end(head, start, delimiter)
        names = _cells(head[start:end], delimiter) if end > 0 else []
        if len(names) > 1:
            return delimiter, names, end, count_lines(head[:end])
    end = _record_end(head, start, preferred)
    if end < 0:
        raise FeedError("header", "The header line of the feed cannot be read: a quote is missing, or it has no end.")
    return preferred, _cells(head[start:end], preferred), end, count_lines(head[:end])


def _end_of_lines(head: bytes, lines: int) -> int:
    """Return where the first ``lines`` lines end; raise FeedError where there are not so many."""
    at = 0
    for _ in range(lines):
        line_end = _LINE_END.search(head, at)
        if not line_end:
            raise FeedError(
                "header",
                Said("The feed has no line {lines}, where the names of its columns should stand.", lines=lines + 1),
            )
        at = line_end.end()
    return at


def _record_end(head: bytes, start: int, delimiter: str) -> int:
    """Return where the record at ``start`` ends, -1 where it has no end; a file may be one line without an end."""
    pattern = Pattern(delimiter)
    end, _ = pattern.match(head, start)
    if end < 0 and len(head) < _LONGEST_HEADER:
        end = min(pattern.match(head + b"\n", start)[0], len(head))
    return end if end <= _LONGEST_HEADER else -1


def _cells(record: bytes, delimiter: str) -> list[str]:
    """Return the cells of the header record."""
    text = record.decode("utf-8", "replace").rstrip("\r\n")
    return [cell for line in csv.reader([text], delimiter=delimiter) for cell in line]


def _body(blocks: Iterator[bytes], header: int) -> Iterator[bytes]:
    """Yield what follows the header's bytes."""
    for block in blocks:
        rest = block[header:]
        header = max(0, header - len(block))
        if rest:
            yield rest


def _truncated() -> FeedError:
    return FeedError("truncated", "The file ends in the middle of a line, so a part of it is missing.")

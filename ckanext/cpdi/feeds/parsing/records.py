"""Cuts the text of a CSV into complete records, each with the number of the line it begins on.

Blocks of UTF-8 in, :class:`Records` out. Records are those of RFC 4180, but a quote inside an unquoted cell is an
ordinary character. Where a quoted cell does not end properly, only that line is rejected and reading goes on with the
next: else one stray quote would silently swallow the lines up to the next one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ckanext.cpdi.feeds.errors import FeedError

LONGEST_RECORD = 16 << 20
"""Bytes after which a quote that is still open counts as stray."""

_PATIENCE = 256 << 20

_LF, _CR, _QUOTE = 10, 13, 34
_TELLING_COLUMNS = 5
_FEW_LINES = 2

Positions = NDArray[np.intp]
Lines = NDArray[np.uint32]


@dataclass(frozen=True)
class Records:
    """Complete records, each ended by a line end; there may be blank lines between them.

    ``lines`` has the line of each record that is not blank, ``stray`` the lines that were rejected.
    """

    data: bytes
    lines: Lines
    stray: list[int] = field(default_factory=list[int])


class Splitter:
    """Cuts blocks into records; lines are counted from ``line``.

    ``unclosed`` is the last line whose quote was still open at the end of the file, or 0. With ``columns``, a record
    of several lines is rejected where one of them has that many columns itself: two stray quotes can make one cell of
    all the rows between them.
    """

    def __init__(self, delimiter: str, line: int = 1, columns: int = 0) -> None:
        """Start before the first block."""
        self._delimiter = delimiter.encode("ascii")
        self._columns = columns if columns >= _TELLING_COLUMNS else 0
        self.line = line
        self.unclosed = 0
        self._pattern = Pattern(delimiter)
        self._carry = b""
        self._read = 0
        self._spent = 0

    def split(self, blocks: Iterable[bytes]) -> Iterator[Records]:
        """Yield the records of each block, the last line with a line end even where the file has none."""
        for block in blocks:
            self._read += len(block)
            data = self._carry + block
            self._carry = b""
            yield self._cut(data, final=False)
        if self._carry:
            data = self._carry if self._carry.endswith((b"\n", b"\r")) else self._carry + b"\n"
            self._carry = b""
            yield self._cut(data, final=True)

    def _cut(self, data: bytes, *, final: bool) -> Records:
        bytes_of = np.frombuffer(data, np.uint8)
        breaks = _line_ends(data, bytes_of, final=final)
        quotes: Positions = np.flatnonzero(bytes_of == _QUOTE) if b'"' in data else np.empty(0, np.intp)
        # A line end after an even number of quotes ends a record, provided that all quotes are in legal positions.
        complete: Positions = np.flatnonzero((np.searchsorted(quotes, breaks) & 1) == 0)
        ends: Positions = breaks[complete]
        stop = int(ends[-1]) + 1 if ends.size else 0
        overlong = len(data) - stop > LONGEST_RECORD
        inside = quotes[: np.searchsorted(quotes, stop)]
        starts = np.empty_like(ends)
        starts[:1] = 0
        starts[1:] = ends[:-1] + 1
        long: Positions = np.flatnonzero(np.diff(complete, prepend=-1) > _FEW_LINES)
        if (
            overlong
            or (final and stop < len(data))
            or not self._pattern.is_strict(bytes_of, inside)
            or any(self._holds_rows(data[starts[record] : ends[record] + 1]) for record in long)
        ):
            return self._cut_slowly(data, final=final)
        self._carry = data[stop:]
        blank = (starts == ends) | ((ends - starts == 1) & (bytes_of[starts] == _CR))
        lines = np.empty(ends.size, np.uint32)
        lines[:1] = self.line
        lines[1:] = self.line + complete[:-1] + 1
        self.line += int(complete[-1]) + 1 if complete.size else 0
        return Records(data[:stop], lines[~blank])

    def _cut_slowly(self, data: bytes, *, final: bool) -> Records:
        """Cut record by record, rejecting the lines whose quotes do not match."""
        half = b"\r" if data.endswith(b"\r") and not final else b""  # perhaps of a CR LF
        data = data.removesuffix(half)
        good: list[bytes] = []
        lines: list[int] = []
        stray: list[int] = []
        at = 0
        while at < len(data):
            end, reach = self._pattern.match(data, at)
            is_open = end < 0 and reach == len(data)
            if is_open and not final and len(data) - at <= LONGEST_RECORD:
                break
            if end < 0:
                self._spend(reach - at)
                stray.append(self.line)
                self.unclosed = self.line if is_open else self.unclosed
                at = self._pattern.next_line(data, at)
                self.line += 1
                continue
            record = data[at:end]
            if self._holds_rows(record):
                stray += range(self.line, self.line + count_lines(record))
            elif record.strip(b"\r\n"):
                good.append(record)
                lines.append(self.line)
            self.line += count_lines(record)
            at = end
        self._carry = data[at:] + half
        return Records(b"".join(good), np.array(lines, np.uint32), stray)

    def _spend(self, scanned: int) -> None:
        """Count bytes that were scanned in vain; raise FeedError (unreadable) where they are out of proportion.

        A stray quote usually shows at the next quote. In a hostile file each line could be scanned to the end of the
        file, and reading would take for ever.
        """
        self._spent += scanned
        if self._spent > _PATIENCE + 4 * self._read:
            raise FeedError("unreadable", "The feed has so many stray quotes that its rows cannot be told apart.")

    def _holds_rows(self, record: bytes) -> bool:
        """Say whether a line inside a record has the columns of a row, which the text of a cell hardly ever has."""
        if not self._columns or count_lines(record) <= _FEW_LINES:
            return False
        inner = record.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")[1:-2]
        return any(line.count(self._delimiter) == self._columns - 1 for line in inner)


class Pattern:
    """Regular expressions for records with one delimiter."""

    def __init__(self, delimiter: str) -> None:
        """Compile for one ASCII character."""
        mark = re.escape(delimiter).encode("ascii")
        # No group repeats possessively: CPython before 3.11.5, Debian 12's among them, matches those wrongly where they
        # hold an alternative. None of these can match in two ways, so there is no backtracking.
        text = rb'"[^"]*+(?:""[^"]*+)*'
        plain = rb'(?:[^"%b\r\n][^%b\r\n]*+)?' % (mark, mark)
        quoted = rb'%b"(?=[%b\r\n])' % (text, mark)
        cell = rb"(?:%b|%b(?!\"))" % (quoted, plain)
        self._cells = re.compile(rb"(?:%b%b)*" % (cell, mark))
        self._last = re.compile(rb"%b(?:\r\n|\r|\n)" % cell)
        self._quote = re.compile(text + b'"?')
        self._line_end = re.compile(rb"\r\n|\r|\n")
        self._line = re.compile(rb"[^\r\n]*+\Z")
        self._beside = np.zeros(256, np.bool_)
        self._beside[[ord(delimiter), _LF, _CR, _QUOTE]] = True

    def is_strict(self, data: NDArray[np.uint8], quotes: Positions) -> bool:
        """Say whether each quote opens a cell, closes it or is doubled; ``quotes`` are those of whole records."""
        if not quotes.size:
            return True
        opening, closing = quotes[0::2], quotes[1::2]
        opened = self._beside[data[opening - 1]] | (opening == 0)
        return bool(opened.all() and self._beside[data[closing + 1]].all())

    def match(self, data: bytes, at: int) -> tuple[int, int]:
        """Return where the record at ``at`` ends, or -1; and how far it was scanned: to the end if it is cut off."""
        cells = self._cells.match(data, at)
        start = cells.end() if cells else at
        last = self._last.match(data, start)
        if last:
            return last.end(), last.end()
        tail = self._line.match(data, start) or self._quote.match(data, start)
        return -1, tail.end() if tail else start

    def next_line(self, data: bytes, at: int) -> int:
        """Return where the line after the one at ``at`` begins."""
        line_end = self._line_end.search(data, at)
        return line_end.end() if line_end else len(data)


def count_lines(text: bytes) -> int:
    """Return the number of line ends in ``text``: CR LF, LF or CR."""
    returns = text.count(b"\r")
    return text.count(b"\n") + returns - text.count(b"\r\n") if returns else text.count(b"\n")


def _line_ends(data: bytes, bytes_of: NDArray[np.uint8], *, final: bool) -> Positions:
    """Return the position of the last byte of each line end; a CR that a LF may still follow is none yet."""
    feeds: Positions = np.flatnonzero(bytes_of == _LF)
    if b"\r" not in data:
        return feeds
    returns: Positions = np.flatnonzero(bytes_of == _CR)
    last = len(data) - 1
    follower = bytes_of[np.minimum(returns + 1, last)]
    lone = returns[((returns < last) & (follower != _LF)) | ((returns == last) & final)]
    return np.sort(np.concatenate((feeds, lone))) if lone.size else feeds

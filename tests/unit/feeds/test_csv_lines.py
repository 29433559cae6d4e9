"""Line numbers are those an editor shows, whatever the cells hold; nothing that was written is lost or changed."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from feeds_kit import Reading
from helpers.examples import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ckanext.cpdi.feeds import FeedError
from ckanext.cpdi.feeds.files import spool as spooling
from ckanext.cpdi.feeds.parsing.records import Splitter

_CELLS = st.text(st.characters(codec="cp1252", exclude_characters="\0"), max_size=12) | st.sampled_from(
    ["", '"', '""', "\n", "\r\n", "\r", 'a"b', ' "x" ', ",", ";\t|", "=1+1", "é", "1\n2\n3"]
)
_ROWS = st.integers(2, 4).flatmap(lambda width: st.lists(st.tuples(*[_CELLS] * width), max_size=25))


def written(rows: list[tuple[str, ...]], width: int, end: str, delimiter: str) -> tuple[str, list[int]]:
    """Return the CSV of ``rows`` under a header and the line that each row begins on."""
    text = io.StringIO(newline="")
    # The writer quotes only the line ends that it writes itself.
    quoting = csv.QUOTE_MINIMAL if end == "\r\n" else csv.QUOTE_ALL
    writer = csv.writer(text, lineterminator=end, delimiter=delimiter, quoting=quoting)
    writer.writerow([f"h{number}" for number in range(width)])
    lines = []
    for row in rows:
        lines.append(len(text.getvalue().replace("\r\n", "\n").replace("\r", "\n").split("\n")))
        writer.writerow(row)
    return text.getvalue(), lines


@settings(max_examples=examples(60), deadline=None)
@given(
    rows=_ROWS,
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    block=st.sampled_from([7, 64, 1 << 20]),
)
def test_any_table_comes_back_equal_with_the_lines_it_stands_on(rows, end, delimiter, encoding, block):
    width = len(rows[0]) if rows else 2
    text, lines = written(rows, width, end, delimiter)
    declared = {"encoding": encoding} if encoding == "cp1252" else {}
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(spooling, "_BLOCK", block)
        found = Reading(Path(folder))(text.encode(encoding), **declared)
    assert found.rows == rows
    assert found.lines == lines
    assert found.rejected == []


_MESS = st.text(st.sampled_from('ab",\n\r'), max_size=60)


@settings(max_examples=examples(150), deadline=None)
@example(mess='a"b"\n1,"a"bc,2\n', block=12)
@example(mess='a"b"\na,b\r\nb,a\r\n', block=9)
@given(mess=_MESS, block=st.integers(1, 15))
def test_the_cut_into_blocks_changes_nothing(mess, block):
    data = mess.encode()
    blocks = [data[at : at + block] for at in range(0, len(data), block)]
    assert _records(blocks) == _records([data])


@settings(max_examples=examples(100), deadline=None)
@given(mess=_MESS)
def test_every_line_that_is_not_blank_is_in_a_record_or_given_up(mess):
    data = mess.encode()
    kept, lines, stray = _records([data])
    first = {*lines, *stray}
    text = mess.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    inside = sum(record.count(b"\n") + record.count(b"\r") - record.count(b"\r\n") - 1 for record in kept)
    filled = [number for number, line in enumerate(text, start=1) if line]
    assert len(filled) <= len(first) + inside
    assert len(first) == len(lines) + len(stray)


@settings(max_examples=examples(100), deadline=None)
@given(mess=st.text(st.sampled_from('ab",\n\r'), max_size=80), width=st.integers(1, 6))
def test_a_mess_under_a_header_is_read_or_refused_and_no_line_is_in_two_places(mess, width):
    header = ",".join(f"h{number}" for number in range(width)) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = Reading(Path(folder))((header + mess).encode())
        except FeedError as error:
            found = None
            assert error.code == "truncated"  # noqa: PT017
    if found:
        places = sorted(found.lines + [line for line, _ in found.rejected])
        assert len(places) == len(set(places))
        for row, line in zip(found.rows, found.lines, strict=True):
            assert len(row) == width
            assert line > 1


def _records(blocks: list[bytes]) -> tuple[list[bytes], list[int], list[int]]:
    """Return the records that are not blank, their lines, and the lines given up."""
    splitter = Splitter(",")
    kept, lines, stray = [], [], []
    for records in splitter.split(blocks):
        kept += [one for one in _whole(records.data) if one.strip(b"\r\n")]
        lines += records.lines.tolist()
        stray += records.stray
    return kept, lines, stray


def _whole(data: bytes) -> list[bytes]:
    """Cut records that are known to be whole, character by character."""
    found, start, quoted, fresh = [], 0, False, True
    at = 0
    while at < len(data):
        one = data[at : at + 1]
        if one == b'"' and (quoted or fresh):
            if quoted and data[at + 1 : at + 2] == b'"':
                at += 1
            else:
                quoted = not quoted
        elif one in b"\r\n" and not quoted:
            at += 1 if data[at : at + 2] == b"\r\n" else 0
            found.append(data[start : at + 1])
            start = at + 1
        fresh = not quoted and one in b",\r\n"
        at += 1
    return found

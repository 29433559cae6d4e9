"""What stands around a table in its file: titles above, notes below, lists of records deep in a document."""

from __future__ import annotations

import json

import pytest

from ckanext.cpdi.feeds import FeedError

REPORT = b"""Calls for Service, all beats
Run at 2026-01-09, 04:00 by "records"

No,When,Note
1,2026-01-08,a
2,2026-01-08,Total
Total,x,y
"""


def test_the_header_is_on_the_line_that_the_profile_names(read):
    table = read(REPORT, header_line=4)
    assert table.headers == ("No", "When", "Note")
    assert table.lines == [5, 6, 7]


def test_blank_lines_in_front_of_the_header_do_not_count(read):
    assert read(REPORT, header_line=3).lines == [5, 6, 7]


def test_a_title_like_json_is_a_title(read):
    assert read(b"[Report] of {all}\nNo,When\n1,2\n", header_line=2).rows == [("1", "2")]


def test_a_file_without_that_line_is_refused(read):
    with pytest.raises(FeedError, match="no line 9, where the names of its columns should stand"):
        read(REPORT, header_line=9)


@pytest.mark.parametrize(
    "below",
    [b"Total: 1,234\n", b"Total\n", b"TOTAL,2,\n", b'"Total",2,\n', b'\n"Total: 2",,\nTotal,,\n', b"Total: 2"],
)
def test_notes_below_the_table_are_no_rows(read, below):
    table = read(
        REPORT[:-10] + below,
        header_line=4,
        notes=("Total",),
        final_newline="required" if below[-1:] == b"\n" else "optional",
    )
    assert (table.lines, table.rejected) == ([5, 6], [])


def test_a_row_is_no_note_for_its_first_word(read):
    assert read(REPORT, header_line=4, notes=("Total",)).lines == [5, 6, 7]


def test_a_line_that_is_not_declared_is_rejected_as_before(read):
    table = read(REPORT + b"Source: CAD\n", header_line=4, notes=("Total",))
    assert table.rejected == [(8, "row_width")]


def test_wanted_columns_are_the_same_with_notes(read):
    from ckanext.cpdi.declare import Feed
    from ckanext.cpdi.feeds import open_feed

    reader = open_feed(read.spool(REPORT + b"Total,2,\n"), Feed(header_line=4, notes=("Total",)))
    (batch,) = reader.batches(columns=["When"])
    assert batch.frame.columns == ["When", "_line"]
    assert batch.frame["_line"].to_list() == [5, 6, 7]


DOCUMENT = {
    "meta": {"rows": [{"a": 1}]},
    "response": {"count": 2, "calls": [{"no": 1}, {"no": 2}], "rows": [{"no": 9}]},
}


def test_the_list_of_records_is_found_by_its_way(read):
    table = read(json.dumps(DOCUMENT).encode(), "feed.json", records="response.calls")
    assert table.rows == [("1",), ("2",)]


def test_a_way_that_leads_nowhere_is_refused(read):
    for way in ("response.call", "calls", "response.calls.no"):
        with pytest.raises(FeedError, match=f"no list of records at {way}, where the profile looks for it"):
            read(json.dumps(DOCUMENT).encode(), "feed.json", records=way)


def test_a_first_page_is_refused_on_its_way_as_well(read):
    page = {"response": {"total": 7, "calls": [{"no": 1}]}}
    with pytest.raises(FeedError) as caught:
        read(json.dumps(page).encode(), "feed.json", records="response.calls")
    assert caught.value.code == "truncated"


def test_an_error_in_place_of_the_list_is_an_error(read):
    with pytest.raises(FeedError, match="answered with an error message"):
        read(b'{"error": {"code": 500}}', "feed.json", records="response.calls")

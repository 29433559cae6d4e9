"""What exports look like on a bad day: each shape is read, quarantined by line, or refused in words."""

from __future__ import annotations

import re

import polars as pl
import pytest

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds import FeedError, open_feed


def refused(read, content: bytes, **written: str) -> FeedError:
    with pytest.raises(FeedError) as caught:
        read(content, **written)
    return caught.value


def test_all_columns_are_text_under_the_feeds_own_headers(read):
    table = read(b"Id,When\n007,2026-01-01\n")
    assert table.headers == ("Id", "When")
    assert table.frame.schema == {"Id": pl.String, "When": pl.String, "_line": pl.UInt32}
    assert table.rows == [("007", "2026-01-01")]
    assert table.rejects.schema == {"line": pl.UInt32, "outcome": pl.String, "reason": pl.String, "field": pl.String}


def test_an_empty_cell_is_an_empty_text_quoted_or_not(read):
    assert read(b'a,b\n,""\n').rows == [("", "")]


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b" \r\n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\0\0\0\0"])
def test_an_empty_file_is_refused(read, content):
    assert refused(read, content).code == "empty"


@pytest.mark.parametrize("content", [b"a,b\n", b"a,b\r\n\r\n", b"a,b"])
def test_a_header_alone_is_a_feed_of_no_rows(read, content):
    table = read(content)
    assert table.headers == ("a", "b")
    assert table.frame.height == 0
    assert table.rejects.height == 0


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE html><html><body>Sign in</body></html>",
        b"\xef\xbb\xbf\n  <html>\n<head><title>Error</title></head></html>",
        b'<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>',
        b"<Error><Code>NoSuchKey</Code></Error>",
        '<html lang="en">'.encode("utf-16"),
    ],
)
def test_a_web_page_in_place_of_a_table_is_refused(read, content):
    assert refused(read, content).code == "html"


@pytest.mark.parametrize(
    "content",
    [
        b'{"error": {"code": 498, "message": "Invalid token"}}',
        b'{"message": "Internal server error"}',
        b'{"status": "error", "errors": ["quota"]}',
    ],
)
def test_an_error_message_in_json_in_place_of_a_table_is_refused(read, content):
    error = refused(read, content)
    assert error.code == "answer"
    assert "token" not in error.message


@pytest.mark.parametrize(
    ("magic", "word"),
    [(b"%PDF-1.7\n", "PDF"), (b"\xd0\xcf\x11\xe0\xa1\xb1", "Office"), (b"7z\xbc\xaf\x27\x1c", "7-Zip")],
)
def test_another_kind_of_file_is_named(read, magic, word):
    error = refused(read, magic + b"xyz,1\n" * 9)
    assert error.code == "unreadable"
    assert word in error.message


def test_rows_of_the_wrong_width_are_rejects_with_their_lines(read):
    table = read(b'a,b,c\n1,2,3\n\n4,5\n6,"x\ny",7\n8,9,10,11\n12,13,14\nword\n15,16,17\n')
    assert table.rows == [("1", "2", "3"), ("6", "x\ny", "7"), ("12", "13", "14"), ("15", "16", "17")]
    assert table.lines == [2, 5, 8, 10]
    assert table.rejected == [(4, "row_width"), (7, "row_width"), (9, "row_width")]
    assert set(table.rejects["outcome"]) == {"quarantined"}


def test_a_trailer_line_of_a_database_tool_is_a_reject_not_an_error(read):
    table = read(b"a,b\n1,2\n\n(1 rows affected)\n")
    assert table.rows == [("1", "2")]
    assert table.rejected == [(4, "row_width")]


def test_read_is_rows_and_rejects_together_in_every_batch_size(read):
    content = b"a,b\n" + b"".join(b"%d,x\n%d\n" % (number, number) for number in range(50))
    for rows in (1, 7, 50, 1000):
        table = read(content, rows=rows)
        assert (table.frame.height, table.rejects.height) == (50, 50)
        assert table.lines == list(range(2, 102, 2))
        assert table.batches == max(1, -(-50 // rows)) or (table.batches == -(-50 // rows) + 1)


def test_a_stray_quote_costs_its_own_line_and_no_other(read):
    table = read(b'a,b,c\n1,2,3\n4,"oops,6\n7,8,9\n10,"x",12\n13,"y, z",15\n')
    assert table.rows == [("1", "2", "3"), ("7", "8", "9"), ("10", "x", "12"), ("13", "y, z", "15")]
    assert table.lines == [2, 4, 5, 6]
    assert table.rejected == [(3, "stray_quote")]


def test_a_stray_quote_that_would_make_a_row_of_the_right_width_loses_no_row(read):
    # Read leniently, lines 2 to 4 are one row of three cells, and two calls are gone.
    table = read(b'a,b,c\n1,"stray,3\n4,5,6\n7,"y",9\n')
    assert table.rows == [("4", "5", "6"), ("7", "y", "9")]
    assert table.rejected == [(2, "stray_quote")]


def test_a_stray_quote_without_another_one_in_the_file_swallows_nothing(read):
    lines = b"".join(b"%d,b,c\n" % number for number in range(1000))
    table = read(b'a,b,c\n0,"oops,c\n' + lines)
    assert table.frame.height == 1000
    assert table.lines == list(range(3, 1003))
    assert table.rejected == [(2, "stray_quote")]


def test_a_stray_quote_is_given_up_before_it_fills_the_memory(read, monkeypatch):
    monkeypatch.setattr("ckanext.cpdi.feeds.parsing.records.LONGEST_RECORD", 2000)
    monkeypatch.setattr("ckanext.cpdi.feeds.files.spool._BLOCK", 512)
    lines = b"".join(b"%d,b,c\n" % number for number in range(1000))
    table = read(b'a,b,c\n0,"oops,c\n' + lines)
    assert table.lines == list(range(3, 1003))
    assert table.rejected == [(2, "stray_quote")]


def test_two_stray_quotes_that_make_a_cell_of_the_rows_between_them_cost_those_rows_their_trust_not_their_count(read):
    between = b"".join(b"%d,b,c,d,e\n" % number for number in range(10))
    table = read(b'a,b,c,d,e\n1,"oops,c,d,e\n' + between + b'8,oops",c,d,e\n9,b,c,d,e\n')
    assert table.rows == [("9", "b", "c", "d", "e")]
    assert table.lines == [14]
    assert table.rejected == [(line, "stray_quote") for line in range(2, 14)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_text_of_many_lines_in_a_cell_is_a_cell(read, end):
    text = end.join(["He said:", "one, two, three", "", *["and so on"] * 40])
    table = read(f'a,b,c,d,e{end}"{text}",2,3,4,5{end}1,"{text}",c,d,e{end}2,b,c,d,e{end}'.encode())
    assert [row[0] for row in table.rows] == [text, "1", "2"]
    assert table.lines == [2, 45, 88]


def test_a_file_made_to_be_read_for_ever_is_given_up(read, monkeypatch):
    monkeypatch.setattr("ckanext.cpdi.feeds.parsing.records._PATIENCE", 1 << 20)
    error = refused(read, b"a,b\n" + b'x","y\n' * 50_000)
    assert error.code == "unreadable"
    assert "stray quotes" in error.message


def test_many_stray_quotes_far_from_each_other_are_no_reason_to_give_up(read, monkeypatch):
    monkeypatch.setattr("ckanext.cpdi.feeds.parsing.records._PATIENCE", 0)
    lines = b"".join(b"1,%sx\n" % (b'"' if number % 100 == 0 else b"") for number in range(20_000))
    table = read(b"a,b\n" + lines)
    assert (table.frame.height, table.rejects.height) == (19_800, 200)


def test_quotes_that_were_not_doubled_spoil_only_their_line(read):
    table = read(b'a,b\n1,"the "OLD" mill"\n2,ok\n')
    assert table.rows == [("2", "ok")]
    assert table.rejected == [(2, "stray_quote")]


def test_a_quote_inside_an_unquoted_cell_is_a_character(read):
    assert read(b'a,b\n1,24" TV\n2,O"Neil\n').rows == [("1", '24" TV'), ("2", 'O"Neil')]


def test_a_cell_of_a_megabyte_is_a_cell(read):
    big = b"x" * (1 << 20) + b"\n" + b'""' * 1000
    table = read(b'a,b\n1,"' + big + b'"\n2,y\n')
    assert table.rows == [("1", big.decode().replace('""', '"')), ("2", "y")]
    assert table.lines == [2, 4]


def test_nul_bytes_pass_as_text(read):
    assert read(b"a,b\n1,x\0y\n\0,z\n").rows == [("1", "x\0y"), ("\0", "z")]


def test_cells_that_begin_like_formulas_and_markup_stay_as_they_are(read):
    cells = ("=1+1", "+1", "-79.9", "@x", "<script>alert(1)</script>")
    assert read(b"a,b,c,d,e\n" + ",".join(cells).encode() + b"\n").rows == [cells]


def test_a_reordered_header_is_followed_by_name(read):
    assert read(b"b,a\n1,2\n").frame.select("a", "b").rows() == [("2", "1")]


@pytest.mark.parametrize("content", [b"a,b,a\n1,2,3\n", b"a,b,a \n1,2,3\n", b'a,b,"a"\n1,2,3\n'])
def test_a_doubled_header_is_refused_by_its_places(read, content):
    error = refused(read, content)
    assert error.code == "header"
    assert "Columns 1 and 3" in error.message


def test_a_header_line_that_comes_again_is_a_reject(read):
    table = read(b"a,,b\n1,2,3\na,,b\na,,4\n5,6,7\na,,b\n")
    assert table.rows == [("1", "2", "3"), ("a", "", "4"), ("5", "6", "7")]
    assert table.lines == [2, 4, 5]
    assert table.rejected == [(3, "repeated_header"), (6, "repeated_header")]


def test_a_blank_header_is_named_after_its_place(read):
    table = read(b"a,,c,\n1,2,3,\n")
    assert table.headers == ("a", "column 2", "c", "column 4")
    assert table.rows == [("1", "2", "3", "")]


def test_a_header_line_without_names_is_refused(read):
    assert refused(read, b",,,\n1,2,3,4\n").code == "header"


def test_a_header_called_like_our_line_column_is_refused(read):
    assert refused(read, b"a,_line\n1,2\n").code == "header"


def test_a_header_with_a_quote_that_has_no_end_is_refused(read):
    assert refused(read, b'"a,b\n1,2\n').code == "header"


def test_a_header_of_too_many_columns_is_refused(read):
    assert refused(read, b",".join(b"h%d" % number for number in range(1001)) + b"\n").code == "header"


@pytest.mark.parametrize("length", [40_000, 70_000])
def test_a_header_line_that_is_too_long_to_be_one_is_refused(read, length):
    assert refused(read, b"a,b" + b"x" * length + b"\n1,2\n").code == "header"


def test_a_header_may_be_quoted_span_lines_and_stand_under_blank_lines(read):
    table = read(b'\r\n\r\n"a, b","c\r\nd" \r\n'.replace(b'" \r', b'"\r') + b"1,2\r\n")
    assert table.headers == ("a, b", "c\r\nd")
    assert table.lines == [5]


def test_surrounding_blanks_of_headers_go(read):
    assert read(" a ,\u00a0b\u00a0\n1,2\n".encode()).headers == ("a", "b")


def test_an_error_never_holds_what_stands_in_the_file(read):
    for content in (b"SECRET,b,SECRET\n1,2,3\n", b'"SECRET,b\n1,2\n', b'a,b\n1,"SECRET\n', b"a,b\n1,2\nSECRET"):
        error = refused(read, content)
        assert "SECRET" not in f"{error} {error.message} {error!r}"
        assert re.fullmatch(r"[A-Z].+[.]", error.message)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_where_the_profiles_is_not_in_the_header(read, delimiter):
    table = read(f"a{delimiter}b\n1{delimiter}2,3\n".replace(",3", ",3" if delimiter != "," else "").encode())
    assert table.headers == ("a", "b")


def test_the_profiles_delimiter_wins(read):
    assert read(b"a;b,c|d\n1,5;2|3,4\n", delimiter=";").headers == ("a", "b,c|d")


@pytest.mark.parametrize("delimiter", ["", ",,", "é", '"', "\n"])
def test_a_delimiter_that_cannot_be_one_is_refused(read, delimiter):
    assert refused(read, b"a,b\n", delimiter=delimiter).code == "header"


def test_a_single_column_is_a_table(read):
    table = read(b'only\n1\n\n""\n3\n')
    assert table.headers == ("only",)
    assert table.rows == [("1",), ("",), ("3",)]
    assert table.lines == [2, 4, 5]


def test_a_file_without_its_last_line_end_is_refused_where_the_profile_requires_it(read):
    assert refused(read, b"a,b\n1,2\n3,4", final_newline="required").code == "truncated"
    assert read(b"a,b\n1,2\n3,4\n", final_newline="required").rows == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("content", [b"a,b,c\n1,2,3\n4,5", b"a,b,c\n1,2,3\n4", b"a,b,c\r\n1,2,3\r\n4,"])
def test_a_short_last_record_is_a_file_that_was_cut(read, content):
    assert refused(read, content).code == "truncated"


def test_a_long_last_record_without_line_end_is_a_reject(read):
    assert read(b"a,b\n1,2\n3,4,5").rejected == [(3, "row_width")]


@pytest.mark.parametrize(
    "content",
    [b'a,b\n1,2\n3,"cut', b'a,b\n1,2\n3,"cut\n', b'a,b\n1,2\n3,"cut\nin a cell\nof lines\n', b'a,b\n1,2\n3,"cut""\n'],
)
def test_a_quote_that_nothing_whole_comes_after_is_a_file_that_was_cut(read, content):
    assert refused(read, content).code == "truncated"


def test_every_cut_inside_the_last_line_is_noticed_where_a_line_end_is_required(read):
    whole = b'a,b\n1,"x"\n2,"yz"\n'
    for length in range(len(b'a,b\n1,"x"\n') + 1, len(whole)):
        assert refused(read, whole[:length], final_newline="required").code == "truncated"


def test_a_file_that_grows_while_it_is_read_is_refused(read):
    spool = read.spool(b"a,b\n" + b"1,2\n" * 600_000)
    batches = open_feed(spool, Feed()).batches(1000)
    next(batches)
    with spool.path.open("ab") as file:
        file.write(b"3,4\n")
    with pytest.raises(FeedError) as caught:
        list(batches)
    assert caught.value.code == "changed"


def test_a_file_that_is_another_one_when_its_rows_are_read_is_refused(read):
    spool = read.spool(b"a,b\n1,2\n")
    reader = open_feed(spool, Feed())
    spool.path.write_bytes(b"b,a\n1,2\n3,4\n")
    with pytest.raises(FeedError) as caught:
        list(reader.batches())
    assert caught.value.code == "changed"


def test_a_file_that_is_gone_when_its_rows_are_read_is_missing(read):
    spool = read.spool(b"a,b\n1,2\n")
    reader = open_feed(spool, Feed())
    spool.path.unlink()
    with pytest.raises(FeedError) as caught:
        list(reader.batches())
    assert caught.value.code == "missing"


def test_batches_can_be_read_again(read):
    reader = open_feed(read.spool(b"a,b\n1,2\n"), Feed())
    assert [len(list(reader.batches())) for _ in range(2)] == [1, 1]


def test_columns_that_nobody_wants_are_not_read_and_rows_are_counted_as_before(read):
    spool = read.spool(b"a,b,c\n1,2,3\na,b,c\n4,5\n6,7,8\n")
    reader = open_feed(spool, Feed())
    (batch,) = reader.batches(columns={"c", "a"})
    assert batch.frame.rows() == [("1", "3", 2), ("6", "8", 5)]
    assert batch.rejects.select("line", "reason").rows() == [(3, "repeated_header"), (4, "row_width")]


@pytest.mark.parametrize("line", [b"sep=;", b'"sep=;"', b"SEP=;", b"sep=;;;", b"\xef\xbb\xbfsep=;"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_line_that_tells_spreadsheets_the_delimiter_is_heeded(read, line, end):
    table = read(line + end + b"Id;Where, or nearly" + end + b'1;"a;b"' + end)
    assert table.headers == ("Id", "Where, or nearly")
    assert table.rows == [("1", "a;b")]
    assert table.lines == [3]


def test_such_a_line_counts_more_than_the_profile(read):
    assert read(b"sep=,\na,b;c\n1,2;3\n", delimiter=";").headers == ("a", "b;c")
    assert read(b"sep=\t\na\tb\n1\t2\n").rows == [("1", "2")]


def test_a_header_that_only_begins_like_such_a_line_is_a_header(read):
    assert read(b"sep=,b\n1,2\n").headers == ("sep=", "b")
    assert read(b"sep=ab,c\n1,2\n").headers == ("sep=ab", "c")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("feed.csv", b"Id,What\n1,Alarm\n2,Noise\nId,What\n7\n"),
        ("feed.json", b'[{"Id": 1, "What": "Alarm"}, {"Id": 2}, 7]'),
        ("feed.arcgis", b'{"0":"Id","1":"What"}\n{"0":"1","1":"Alarm"}\n{"0":"2"}\n'),
    ],
)
def test_rows_are_counted_where_no_column_is_wanted(read, name, content):
    """Libraries take an empty list of columns for all of them, and guess their types."""
    batches = list(open_feed(read.spool(content, name), Feed()).batches(columns=()))
    assert [one.frame["_line"].to_list() for one in batches] in ([[2, 3]], [[1, 2]])
    assert sum(one.rejects.height for one in batches) == {"feed.csv": 2, "feed.json": 1, "feed.arcgis": 0}[name]

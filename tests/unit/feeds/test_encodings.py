"""Bytes of every encoding that exports come in become the text that was meant."""

from __future__ import annotations

import pytest

from ckanext.cpdi.feeds import FeedError

TEXT = "Name,Straße\nJosé,“Café” – 5 €\nŽofia,Œuvre\n"
ROWS = [("José", "“Café” – 5 €"), ("Žofia", "Œuvre")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_the_encoding_is_found(read, encoding):
    table = read(TEXT.encode(encoding))
    assert table.headers == ("Name", "Straße")
    assert table.rows == ROWS
    assert table.lines == [2, 3]


def test_a_byte_order_mark_of_big_endian_utf_16_is_known(read):
    assert read(b"\xfe\xff" + TEXT.encode("utf-16-be")).rows == ROWS


@pytest.mark.parametrize("declared", ["cp1252", "windows-1252", "latin-1", "ISO-8859-1"])
def test_the_profiles_encoding_is_taken_for_bytes_without_a_mark(read, declared):
    # These bytes are UTF-8 by accident.
    assert read("a,b\nÉ’,x\n".encode("cp1252"), encoding=declared).rows == [("É’", "x")]


def test_a_mark_says_more_than_the_profile(read):
    assert read(TEXT.encode("utf-8-sig"), encoding="cp1252").rows == ROWS


def test_another_declared_encoding_is_taken(read):
    assert read("a,b\nПривет,x\n".encode("koi8-r"), encoding="koi8-r").rows == [("Привет", "x")]


def test_a_latin_file_keeps_its_smart_quotes_where_two_bytes_look_like_utf_8(read):
    text = "a,b\n" + "José,x\n" * 5 + "“CAFÉ”,y\n"
    assert read(text.encode("cp1252")).rows[-1] == ("“CAFÉ”", "y")


def test_a_utf_8_file_with_a_cell_cut_inside_a_character_stays_utf_8(read):
    content = b"a,b\n" + "José,é\n".encode() * 5 + b"Caf\xc3,x\n"
    assert read(content).rows == [("José", "é")] * 5 + [("Caf\u00c3", "x")]


def test_bytes_that_windows_1252_leaves_open_do_not_stop_the_feed(read):
    assert read(b"a,b\n\x81\x8d\xe9,x\n").rows == [("\x81\x8dé", "x")]


def test_bad_utf_8_is_not_passed_on(read):
    for bad in (b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80"):
        table = read(b"a,b\n" + bad + b",x\n")
        assert table.frame["a"][0].encode("utf-8")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
@pytest.mark.parametrize("block", [1, 2, 3, 50])
def test_a_character_on_the_edge_of_two_blocks_is_whole(read, monkeypatch, encoding, block):
    monkeypatch.setattr("ckanext.cpdi.feeds.files.spool._BLOCK", block)
    cell = "é€" if encoding == "cp1252" else "é€\U0001d11e"
    assert read(("a,b\n" + f"{cell},x\n" * 50).encode(encoding)).rows == [(cell, "x")] * 50


@pytest.mark.parametrize("declared", ["klingon", "base64", "rot13"])
def test_an_encoding_that_is_none_is_refused(read, declared):
    with pytest.raises(FeedError) as caught:
        read(b"a,b\n1,2\n", encoding=declared)
    assert caught.value.code == "encoding"


def test_a_file_that_does_not_fit_the_declared_encoding_is_refused(read):
    with pytest.raises(FeedError) as caught:
        read(b"a,b\n1,\xff\xff\n", encoding="ascii")
    assert caught.value.code == "encoding"


def test_utf_16_cut_in_the_middle_of_a_character_is_refused(read):
    with pytest.raises(FeedError) as caught:
        read("a,b\n1,2\n".encode("utf-16")[:-1])
    assert caught.value.code == "encoding"


def test_reading_leaves_no_file_behind(read, tmp_path):
    read(TEXT.encode("utf-16"))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["feed.csv"]

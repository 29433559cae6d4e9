"""Packed feeds: one data file comes out, and nothing that is cut, hostile or too large."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import stat
import struct
import zipfile

import pytest

from ckanext.cpdi.feeds import FeedError
from ckanext.cpdi.feeds.files.inflate import inflate

CSV = b"a,b\n" + b"".join(b"%d,x%d\n" % (number, number * 7919) for number in range(5000))


def zipped(*files: tuple[str | zipfile.ZipInfo, bytes], pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", pack) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def refused(read, content: bytes, name: str = "feed.zip", **more: int) -> FeedError:
    with pytest.raises(FeedError) as caught:
        read(read.spool(content, name, **more))
    return caught.value


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(gzip.compress(CSV), id="gzip"),
        pytest.param(gzip.compress(CSV[:1000]) + gzip.compress(CSV[1000:]), id="two gzip members"),
        pytest.param(gzip.compress(CSV) + b"\0" * 512, id="padded gzip"),
        pytest.param(gzip.compress(gzip.compress(CSV)), id="gzip twice"),
        pytest.param(zipped(("calls.csv", CSV)), id="zip"),
        pytest.param(zipped(("calls.csv", CSV), pack=zipfile.ZIP_STORED), id="stored zip"),
        pytest.param(zipped(("export/2026/calls.CSV", CSV)), id="in folders"),
        pytest.param(zipped(("calls.txt", CSV)), id="called txt"),
        pytest.param(zipped(("calls.csv.gz", gzip.compress(CSV))), id="gzip in a zip"),
        pytest.param(
            zipped(("calls.csv", CSV), ("README.txt", b"read me"), ("__MACOSX/._calls.csv", b"x"), (".DS_Store", b"x")),
            id="beside other files",
        ),
        pytest.param(
            zipped(("folder/", b""), ("folder/calls.csv", CSV), ("calls.xml", b"<metadata/>")), id="beside metadata"
        ),
    ],
)
@pytest.mark.parametrize("name", ["feed.csv", "feed.zip", "feed.gz"])
def test_a_packed_feed_is_read_whatever_its_name_says(read, content, name):
    table = read(content, name)
    assert table.frame.height == 5000
    assert table.lines == list(range(2, 5002))


@pytest.mark.parametrize("tiny", [b"a", b"a,b\n1,2\n"])
def test_gzip_members_of_a_few_bytes_are_put_together(read, tiny):
    packed = b"".join(gzip.compress(bytes([one])) for one in tiny)
    assert read(packed, "feed.gz").headers == tuple(tiny.decode().split("\n")[0].split(","))


def test_gzip_cut_anywhere_is_refused(read):
    packed = gzip.compress(CSV)
    for length in (5, 12, 100, len(packed) // 2, len(packed) - 9, len(packed) - 8, len(packed) - 4, len(packed) - 1):
        assert refused(read, packed[:length], "feed.gz").code == "truncated"


def test_damaged_gzip_is_refused(read):
    packed = bytearray(gzip.compress(CSV))
    packed[-6] ^= 1  # the checksum
    assert refused(read, bytes(packed), "feed.gz").code == "archive"
    packed[3000] ^= 255
    assert refused(read, bytes(packed), "feed.gz").code in ("archive", "encoding")


def test_zip_cut_anywhere_is_refused(read):
    packed = zipped(("calls.csv", CSV))
    for length in (5, 50, len(packed) // 2, len(packed) - 30, len(packed) - 1):
        assert refused(read, packed[:length]).code == "archive"


def test_damaged_zip_is_refused(read):
    packed = bytearray(zipped(("calls.csv", CSV), pack=zipfile.ZIP_STORED))
    packed[packed.index(b"x7919")] = ord("y")
    assert refused(read, bytes(packed)).code == "archive"


def test_an_empty_zip_is_refused(read):
    assert refused(read, zipped()).code == "archive"


def test_a_gzip_bomb_is_refused_before_it_fills_the_memory(read):
    bomb = gzip.compress(b"a,b\n" + b"0" * (64 << 20))
    assert len(bomb) < 1 << 17
    assert refused(read, bomb, "feed.gz", limit=1 << 20).code == "too_large"
    assert refused(read, gzip.compress(bomb), "feed.gz", limit=1 << 20).code == "too_large"


def test_a_zip_bomb_is_refused_also_where_it_lies_about_its_size(read):
    bomb = bytearray(zipped(("calls.csv", b"a,b\n" + b"0" * (64 << 20))))
    assert refused(read, bytes(bomb), limit=1 << 20).code == "too_large"
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", bomb, bomb.index(signature) + offset, 100)
    assert refused(read, bytes(bomb), limit=1 << 20).code in ("too_large", "archive")


def test_a_gzip_bomb_gives_no_more_than_eight_megabytes_at_once():
    bomb = gzip.compress(bytes(64 << 20))
    assert max(len(block) for block in inflate([bomb], 1 << 30)) <= 9 << 20


@pytest.mark.parametrize(
    "name", ["../calls.csv", "/etc/calls.csv", "a/../../calls.csv", "..\\calls.csv", "C:\\calls.csv"]
)
def test_a_path_that_leads_out_of_a_zip_is_refused(read, name):
    packed = zipped(("X" * len(name), CSV)).replace(b"X" * len(name), name.encode())
    error = refused(read, packed)
    assert error.code == "archive"
    assert "out of the archive" in error.message


def test_a_link_in_a_zip_is_refused(read):
    link = zipfile.ZipInfo("calls.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert "link" in refused(read, zipped((link, b"/etc/passwd"))).message


def test_a_zip_with_a_password_is_refused(read):
    packed = bytearray(zipped(("calls.csv", CSV)))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(signature) + offset] |= 1
    assert "password" in refused(read, bytes(packed)).message


@pytest.mark.parametrize(
    "files", [[("a.csv", CSV), ("b.csv", CSV)], [("notes.md", b"x")], [("a.txt", CSV), ("b.txt", CSV)]]
)
def test_a_zip_that_has_not_exactly_one_data_file_is_refused(read, files):
    error = refused(read, zipped(*files))
    assert error.code == "archive"
    assert "exactly one" in error.message


def test_a_zip_in_a_zip_is_refused(read):
    assert refused(read, zipped(("calls.csv", zipped(("calls.csv", CSV))))).code == "archive"


def test_gzip_in_gzip_in_gzip_is_refused(read):
    assert refused(read, gzip.compress(gzip.compress(gzip.compress(CSV))), "feed.gz").code == "archive"


def test_an_unusual_packing_is_refused(read):
    error = refused(read, zipped(("calls.csv", CSV), pack=zipfile.ZIP_LZMA))
    assert error.code == "archive"
    assert "deflate" in error.message


def test_a_workbook_without_its_sheets_is_damaged(read):
    error = refused(
        read, zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")), "feed.xlsx"
    )
    assert error.code == "archive"
    assert "workbook" in error.message


def test_a_zip_of_thousands_of_files_is_refused_unread(read):
    assert "1000 files" in refused(read, zipped(*((f"{number}.md", b"") for number in range(1001)))).message


def test_bytes_of_no_meaning_are_refused_or_read_and_never_crash(read):
    for head in (b"", b"\x1f\x8b", b"PK\x03\x04", b"{", b"[", b"\xff\xfe", b"<"):
        for _ in range(50):
            with contextlib.suppress(FeedError):
                read(head + os.urandom(300))

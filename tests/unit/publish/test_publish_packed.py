"""Packed files: one member of gzip, whole or strung together, and known without unpacking."""

import gzip
import hashlib
import random
import zlib

import pytest

from ckanext.cpdi.publish.packed import DamagedError, Packed, Packer, pack


def text(seed, size):
    words = [b"Traffic stop", b"Welfare check", "Señal".encode(), b"\n"]
    return b",".join(random.Random(seed).choices(words, k=size))


def make(path, head, rows, tail, pieces=3):
    with Packer(path) as packer:
        packer.add(head)
        packer.open_rows()
        for at in range(pieces):
            packer.add(rows[at * len(rows) // pieces : (at + 1) * len(rows) // pieces])
        packer.close_rows()
        packer.add(tail)
    return Packed.of(path)


def one_member(content):
    """What a strict reader, which stops at the end of the first member, takes for the content."""
    reader = zlib.decompressobj(31)
    plain = reader.decompress(content)
    assert reader.eof
    assert reader.unused_data == b""
    return plain


@pytest.mark.parametrize("size", [0, 1, 300_000])
def test_what_was_packed_comes_out_again_for_every_reader(tmp_path, size):
    rows = text(1, size)
    there = make(tmp_path / "a.gz", b"head\n", rows, b"tail\n")
    content = b"head\n" + rows + b"tail\n"
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == content
    assert one_member((tmp_path / "a.gz").read_bytes()) == content
    assert b"".join(there.blocks()) == content
    assert b"".join(there.row_blocks()) == rows
    assert (there.size, there.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert there.whole_crc == zlib.crc32(content)


def test_rows_of_several_files_are_strung_together_into_one_member(tmp_path):
    rows = [text(seed, 20_000 * seed) for seed in range(3)]
    pieces = [make(tmp_path / f"{at}.gz", b"h%d" % at, one, b"t") for at, one in enumerate(rows)]
    with Packer(tmp_path / "all.gz") as packer:
        packer.add(b"head")
        for piece in pieces:
            packer.append(piece)
            packer.add(b",\n")
        packer.add(b"tail")
    content = b"head" + b"".join(one + b",\n" for one in rows) + b"tail"
    assert one_member((tmp_path / "all.gz").read_bytes()) == content
    whole = Packed.of(tmp_path / "all.gz")
    assert (whole.size, whole.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert whole.length < sum(piece.length for piece in pieces) + 200


def test_a_file_without_rows_of_its_own_is_packed_as_it_is(tmp_path):
    (tmp_path / "a").write_bytes(content := text(4, 500_000))
    pack(tmp_path / "a", tmp_path / "a.gz")
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == content


def test_the_same_content_gives_the_same_bytes(tmp_path):
    for name in ("a.gz", "b.gz"):
        make(tmp_path / name, b"head", text(5, 9_000), b"tail")
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_file_that_is_cut_or_none_of_ours_is_damaged(tmp_path):
    make(tmp_path / "a.gz", b"head", text(6, 9_000), b"tail")
    whole = (tmp_path / "a.gz").read_bytes()
    for content in (whole[:-1], whole[:50], b"", gzip.compress(b"x" * 1000)):
        (tmp_path / "a.gz").write_bytes(content)
        with pytest.raises(DamagedError):
            Packed.of(tmp_path / "a.gz")


def test_a_writer_that_fails_leaves_nothing_that_looks_whole(tmp_path):
    def fail():
        with Packer(tmp_path / "a.gz") as packer:
            packer.add(b"head")
            raise ValueError("no more rows")

    with pytest.raises(ValueError, match="no more rows"):
        fail()
    with pytest.raises(DamagedError):
        Packed.of(tmp_path / "a.gz")

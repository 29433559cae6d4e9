"""A spool file in, the bytes of the one data file in it out: plain, gzip or zip, recognised by content."""

from __future__ import annotations

import contextlib
import itertools
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.inflate import GZIP_MAGIC, inflate
from ckanext.cpdi.feeds.files.spool import Spool, check_size, read_blocks

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_DATA = {".csv", ".tsv", ".txt", ".json", ".geojson", ".jsonl", ".ndjson", ".gz"}
_LONGEST_MAGIC = 16
_MOST_ENTRIES = 1000
_ENCRYPTED = 0x1
_END_OF_DIRECTORY = struct.Struct("<4s4H2LH")
_OTHER = {
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"SQLite format 3": "a database file",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
    b"\xfd7zXZ": "an xz archive",
    b"BZh": "a bzip2 archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
}


@contextlib.contextmanager
def unpacked(spool: Spool) -> Generator[Iterator[bytes]]:
    """Give the data file's bytes, in blocks, unpacked as they are read.

    Raises FeedError, also while blocks are read: archive, truncated, too_large, unreadable; changed where the file was
    written to meanwhile.
    """
    with _open(spool) as file:
        before = _state(file)
        if before[0] != spool.size:
            raise _changed()
        yield _unchanged_blocks(_unpack_layers(file, spool.limit), file, before)


@contextlib.contextmanager
def _open(spool: Spool) -> Generator[BinaryIO]:
    try:
        file = spool.path.open("rb")
    except OSError as error:
        raise FeedError(
            "missing", Said("The file {name} cannot be opened: {strerror}.", name=spool.name, strerror=of_system(error))
        ) from error
    with file:
        yield file


def _unchanged_blocks(blocks: Iterator[bytes], file: BinaryIO, before: tuple[int, int]) -> Iterator[bytes]:
    try:
        yield from blocks
    except OSError as error:
        raise FeedError(
            "missing", Said("The file can no longer be read: {strerror}.", strerror=of_system(error))
        ) from error
    if _state(file) != before:
        raise _changed()


def _changed() -> FeedError:
    return FeedError("changed", "The file was written to while it was read. The next run tries again.")


def _state(file: BinaryIO) -> tuple[int, int]:
    """Return size and time (ns) of the file, which change with every write."""
    status = os.fstat(file.fileno())
    return status.st_size, status.st_mtime_ns


def _unpack_layers(file: BinaryIO, limit: int) -> Iterator[bytes]:
    """Yield the bytes under at most two layers: a zip or gzip, and a gzip in it."""
    head = file.read(4)
    file.seek(0)
    blocks = _zip_member(file, limit) if head in (_ZIP, _EMPTY_ZIP) else read_blocks(file)
    for _ in range(2):
        head, blocks = _peek(blocks)
        if not head.startswith(GZIP_MAGIC):
            break
        blocks = inflate(blocks, limit)
    head, blocks = _peek(blocks)
    if head.startswith((GZIP_MAGIC, _ZIP)):
        raise FeedError("archive", "The feed is an archive in an archive. Send the data file in one ZIP or GZ.")
    for magic, kind in _OTHER.items():
        if head.startswith(magic):
            raise FeedError("unreadable", Said("The feed is {kind}, not a table that can be read.", kind=kind))
    yield from blocks


def _peek(blocks: Iterator[bytes]) -> tuple[bytes, Iterator[bytes]]:
    """Return the beginning, and all blocks including it."""
    first = b""
    for block in blocks:
        first += block
        if len(first) >= _LONGEST_MAGIC:
            break
    return first, itertools.chain((first,) if first else (), blocks)


def _zip_member(file: BinaryIO, limit: int) -> Iterator[bytes]:
    """Yield the bytes of a zip's one data file, counted as they come, since the sizes in a zip may be false."""
    try:
        check_directory(file, _MOST_ENTRIES)
        with zipfile.ZipFile(file) as archive, archive.open(_choose(archive.infolist())) as member:
            size = 0
            for block in read_blocks(member):
                size += len(block)
                check_size(size, limit)
                yield block
    except EOFError:
        raise FeedError("truncated", "The ZIP breaks off before its end.") from None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, struct.error, OSError):
        raise FeedError("archive", "The ZIP is damaged or cut off and cannot be unpacked.") from None


def check_directory(file: BinaryIO, most: int) -> None:
    """Raise FeedError where a zip lists more than ``most`` files, before a list of millions fills the memory."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) - at >= _END_OF_DIRECTORY.size:
        _, _, _, _, entries, length, _, _ = _END_OF_DIRECTORY.unpack_from(tail, at)
        if entries > most or length > most * 1000:
            raise FeedError(
                "archive", Said("The ZIP holds more than {most} files, the most that is accepted.", most=most)
            )
    file.seek(0)


def _choose(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """Return the entry of the data file; raise FeedError where there is none, more than one, or a hostile one."""
    for entry in entries:
        _check_entry(entry)
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names:
        raise FeedError(
            "unreadable", "The feed is an Office document without a workbook. Export the table as XLSX or CSV."
        )
    files = [entry for entry in entries if not entry.is_dir() and not _is_hidden(entry.filename)]
    data = [entry for entry in files if PurePosixPath(entry.filename).suffix.lower() in _DATA]
    # A read-me is a .txt as well, and so are some exports.
    data = [entry for entry in data if not entry.filename.lower().endswith(".txt")] or data
    if len(data) != 1:
        raise FeedError("archive", Said("The ZIP holds {n} data files; exactly one is expected.", n=len(data)))
    return data[0]


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or path.as_posix()[1:2] == ":":
        raise FeedError("archive", "The ZIP has a file whose path leads out of the archive.")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise FeedError("archive", "The ZIP has a link in place of a file.")
    if entry.flag_bits & _ENCRYPTED:
        raise FeedError("archive", "The ZIP is protected by a password.")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FeedError("archive", "The ZIP is packed in a way that is not supported; use the usual deflate.")


def _is_hidden(name: str) -> bool:
    """Say whether a file was put in by an operating system."""
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)

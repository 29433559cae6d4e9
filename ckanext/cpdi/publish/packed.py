"""Files that lie compressed: each one member of gzip, which every browser and every ``gunzip`` reads.

In: a head, rows and a tail. Out: a file whose rows are deflated by themselves, so that the rows of several files are
strung together as they lie, into one member again; and, in the header that gzip leaves to its user, what is to be known
of the content without unpacking it.
"""

# isal's stubs leave the type of its blocks open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from isal import isal_zlib

from ckanext.cpdi.errors import Said

SUFFIX = ".gz"
LEVEL = 2
"""Level of compression, of 0 to 3: the next one takes twice the time for 3 % less."""
CHUNK = 1 << 20
_RAW = -15
"""The window of a stream of deflate without a header."""
_HEADER = struct.Struct("<4B4x2BH2sH6QI32s")
"""gzip's header with one field of ours: six places and sizes, a checksum of the rows, one of all."""
_TRAILER = struct.Struct("<II")
_FIELD = b"CP"
_FIXED = 12
"""Bytes of gzip's own header, up to and with the length of what is added."""


class DamagedError(OSError):
    """A file is not packed, or ends early."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed file: ``size`` and ``sha256`` of its content, and where its rows lie, packed and unpacked."""

    path: Path
    size: int
    length: int
    start: int
    end: int
    first: int
    rows: int
    crc: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> Packed:
        """Return the file at ``path``; raise DamagedError where it is none of ours, or not as long as it says."""
        with path.open("rb") as file:
            head, length = file.read(_HEADER.size), os.fstat(file.fileno()).st_size
        if len(head) < _HEADER.size:
            raise DamagedError(Said("{name} is not packed", name=path.name))
        *_, field, _, size, stated, start, end, first, rows, crc, digest = _HEADER.unpack(head)
        if head[:3] != b"\x1f\x8b\x08" or field != _FIELD or stated != length:
            raise DamagedError(Said("{name} is not packed, or ends early", name=path.name))
        return cls(path, size, length, start, end, first, rows, crc, digest.hex())

    @property
    def body(self) -> tuple[int, int]:
        """Where the stream of deflate begins and ends in the file."""
        return _HEADER.size, self.length - _TRAILER.size

    @property
    def whole_crc(self) -> int:
        """The CRC-32 of the content."""
        with self.path.open("rb") as file:
            file.seek(-_TRAILER.size, os.SEEK_END)
            return int(_TRAILER.unpack(file.read())[0])

    def blocks(self) -> Iterator[bytes]:
        """Yield the content."""
        return _inflated(self.path, *self.body)

    def row_blocks(self) -> Iterator[bytes]:
        """Yield the rows alone."""
        return _inflated(self.path, self.start, self.end)


class Packer:
    """Writes a packed file to ``path``. Same content, same bytes."""

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        self._path, self._file = path, path.open("wb")
        self._deflate = isal_zlib.compressobj(LEVEL, isal_zlib.DEFLATED, _RAW)
        self._digest, self._crc, self._size = hashlib.sha256(), 0, 0
        self._start = self._end = _HEADER.size
        self._first = self._rows = self._rows_crc = 0
        self._file.seek(_HEADER.size)

    def __enter__(self) -> Packer:
        """Return the packer."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Finish the file; only close it after an error."""
        with self._file:
            if error is None:
                self._finish()

    def add(self, block: bytes) -> None:
        """Add a piece of the head or the tail."""
        if block:
            self._crc = isal_zlib.crc32(block, self._crc)
            self._digest.update(block)
            self._size += len(block)
            self._file.write(self._deflate.compress(block))

    def open_rows(self) -> None:
        """End the head: what is added from here to :meth:`close_rows` can be taken out as it lies."""
        self._cut()
        self._start, self._first, self._head_crc, self._crc = self._file.tell(), self._size, self._crc, 0

    def close_rows(self) -> None:
        """End the rows."""
        self._cut()
        self._end, self._rows, self._rows_crc = self._file.tell(), self._size - self._first, self._crc
        self._crc = isal_zlib.crc32_combine(self._head_crc, self._crc, self._rows)

    def append(self, source: Packed) -> None:
        """Add the rows of another file as they lie. They are unpacked for the checksum of all, and not packed again."""
        self._cut()
        self._file.flush()
        _copy(source, self._file.fileno())
        self._file.seek(0, os.SEEK_END)
        for block in source.row_blocks():
            self._digest.update(block)
        self._crc = isal_zlib.crc32_combine(self._crc, source.crc, source.rows)
        self._size += source.rows

    def _cut(self) -> None:
        """Let what follows stand alone: begin with a byte of its own, and point to nothing before it."""
        self._file.write(self._deflate.flush(isal_zlib.Z_FULL_FLUSH))

    def _finish(self) -> None:
        self._file.write(self._deflate.flush() + _TRAILER.pack(self._crc, self._size & 0xFFFFFFFF))
        places = (self._size, self._file.tell(), self._start, self._end, self._first, self._rows, self._rows_crc)
        added = _HEADER.size - _FIXED
        self._file.seek(0)
        self._file.write(
            _HEADER.pack(0x1F, 0x8B, 8, 4, 0, 255, added, _FIELD, added - 4, *places, self._digest.digest())
        )


def pack(source: Path, path: Path) -> None:
    """Write the packed form of the file ``source`` to ``path``."""
    with Packer(path) as packer, source.open("rb") as file:
        while block := file.read(CHUNK):
            packer.add(block)


def unpack(source: Packed, path: Path) -> None:
    """Write the content of a packed file to ``path``."""
    with path.open("wb") as file:
        file.writelines(source.blocks())


def _inflated(path: Path, start: int, end: int) -> Iterator[bytes]:
    """Yield what the stream of deflate between ``start`` and ``end`` unpacks to."""
    inflate = isal_zlib.decompressobj(_RAW)
    with path.open("rb") as file:
        file.seek(start)
        while start < end:
            block = file.read(min(CHUNK // 8, end - start))
            if not block:
                raise DamagedError(Said("{name} ended early", name=path.name))
            start += len(block)
            if content := inflate.decompress(block):
                yield content


def _copy(source: Packed, target: int) -> None:
    """Append the packed rows of ``source`` to the open file ``target``; the system copies them."""
    start = source.start
    with source.path.open("rb") as file:
        while start < source.end:
            sent = os.sendfile(target, file.fileno(), start, min(source.end - start, 1 << 30))
            if not sent:
                raise DamagedError(Said("{name} ended early", name=source.path.name))
            start += sent

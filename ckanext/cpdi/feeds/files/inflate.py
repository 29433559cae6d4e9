"""Unpacks gzip as it streams in, with a limit on the size of the output."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import check_size

GZIP_MAGIC = b"\x1f\x8b"

_GZIP = 31
_BLOCK = 1 << 20
# Deflate packs at most 1,032 times, so a piece never gives more than 8 MB.
_PIECE = 1 << 13


def inflate(blocks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield what the gzip stream in ``blocks`` holds, some megabytes at a time.

    Several members after one another are one stream; zeros after the last are padding. Raises FeedError: too_large
    beyond ``limit`` bytes, truncated where the stream breaks off, archive where it is damaged.
    """
    size = 0
    parts: list[bytes] = []
    for part in _parts(blocks):
        size += len(part)
        check_size(size, limit)
        parts.append(part)
        # Small parts would each cost the reader a loop.
        if sum(map(len, parts)) >= _BLOCK:
            yield b"".join(parts)
            parts = []
    yield b"".join(parts)


def _parts(blocks: Iterable[bytes]) -> Iterator[bytes]:
    member = None
    for piece in _pieces(blocks):
        rest = piece
        while rest := rest if member else rest.lstrip(b"\0"):
            member = member or zlib.decompressobj(_GZIP)
            try:
                yield member.decompress(rest)
            except zlib.error:
                raise FeedError("archive", "The compressed feed is damaged and cannot be unpacked.") from None
            rest, member = (member.unused_data, None) if member.eof else (b"", member)
    if member:
        raise FeedError("truncated", "The compressed feed breaks off before its end.")


def _pieces(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for block in blocks:
        for at in range(0, len(block), _PIECE):
            yield block[at : at + _PIECE]

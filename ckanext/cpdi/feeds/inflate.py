"""Unpacking gzip as it streams in, with the size of what comes out under control."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.spool import check_size

GZIP_MAGIC = b"\x1f\x8b"
_GZIP = 31
_BLOCK = 1 << 20


def inflated(blocks: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield what the gzip stream in ``blocks`` holds, at most 1 MB at a time.

    Several members after one another are one stream; zeros after the last are padding. Raises FeedError: too_large
    beyond ``limit`` bytes, truncated where the stream breaks off, archive where it is damaged.
    """
    size = 0
    member = None
    for block in blocks:
        data = block
        while data or member:
            if member is None:
                data = data.lstrip(b"\0")
                if not data:
                    break
                member = zlib.decompressobj(_GZIP)
            out = _step(member, data)
            size += len(out)
            check_size(size, limit)
            if out:
                yield out
            data, more = (member.unused_data, True) if member.eof else (member.unconsumed_tail, len(out) == _BLOCK)
            member = None if member.eof else member
            if not data and not more:
                break
    if member is not None:
        raise FeedError("truncated", "The compressed feed breaks off before its end.")


def _step(member: zlib._Decompress, data: bytes) -> bytes:
    try:
        return member.decompress(data, _BLOCK)
    except zlib.error:
        raise FeedError("archive", "The compressed feed is damaged and cannot be unpacked.") from None

"""Writes a layer of squares with whole numbers as a vector tile: Mapbox' format 2.1, which is Protocol Buffers.

Squares of one size need no geometry library; a thousand of them take some milliseconds.
https://github.com/mapbox/vector-tile-spec/tree/master/2.1
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from ckanext.cpdi.selection.tiles.pyramid import EXTENT

_POLYGON = 3
_MOVE, _LINES, _CLOSE = 1 << 3 | 1, 3 << 3 | 2, 1 << 3 | 7


def layer(name: str, squares: Iterable[tuple[int, int, int, Mapping[str, int]]], side: int) -> bytes:
    """Return a tile with the layer ``name``: squares of ``side`` by ``side`` to a tile, each with numbers by name.

    A square is (id, column, row, numbers), counted from the west and north; numbers are not below zero.
    """
    keys: dict[str, int] = {}
    values: dict[int, int] = {}
    features: list[bytes] = []
    for number, column, row, named in squares:
        tags: list[int] = []
        for key, value in named.items():
            tags += keys.setdefault(key, len(keys)), values.setdefault(value, len(values))
        inner = (
            b"\x08"
            + _varint(number)
            + _bytes(2, _packed(tags))
            + b"\x18"
            + bytes([_POLYGON])
            + _square(column, row, side)
        )
        features.append(_bytes(2, inner))
    if not features:
        return b""
    parts = [_bytes(1, name.encode()), *features, *(_bytes(3, key.encode()) for key in keys)]
    parts += [_bytes(4, b"\x28" + _varint(value)) for value in values]
    parts += [b"\x28" + _varint(EXTENT), b"\x78\x02"]
    return _bytes(3, b"".join(parts))


@lru_cache(maxsize=4096)
def _square(column: int, row: int, side: int) -> bytes:
    """Return the geometry of a square, its ring as the format wants outer ones: clockwise on the screen."""
    size = EXTENT // side
    steps = (size, 0, 0, size, -size, 0)
    return _bytes(
        4, _packed([_MOVE, _zigzag(column * size), _zigzag(row * size), _LINES, *map(_zigzag, steps), _CLOSE])
    )


def _zigzag(number: int) -> int:
    return number * 2 if number >= 0 else -number * 2 - 1


def _packed(numbers: Sequence[int]) -> bytes:
    return b"".join(map(_varint, numbers))


def _bytes(field: int, content: bytes) -> bytes:
    """Return a field of bytes, a text or a message."""
    return _varint(field << 3 | 2) + _varint(len(content)) + content


@lru_cache(maxsize=65_536)
def _varint(number: int) -> bytes:
    """Return a number as the format has it: seven bits a byte, the least first."""
    written = bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    written.append(number)
    return bytes(written)

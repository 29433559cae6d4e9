"""Parts of protocol buffers, as bytes: numbers of variable length, texts, doubles, and messages with their lengths.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

import numpy as np
import numpy.typing as npt

_VARINT, _FIXED64, _BYTES = 0, 1, 2
_SHORT = 1 << 14
_double = Struct("<d").pack
_LOW, _MORE = 0x7F, 0x80
_WIDTH = 64


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > _LOW:
        parts.append(number & _LOW | _MORE)
        number >>= 7
    parts.append(number)
    return bytes(parts)


_VARINTS = [_varint(number) for number in range(_SHORT)]


def varint(number: int) -> bytes:
    """Return a whole number; a negative one has ten bytes."""
    return _VARINTS[number] if 0 <= number < _SHORT else _varint(number % (1 << _WIDTH))


def zigzag(number: int) -> bytes:
    """Return a whole number that may be negative, in few bytes where it is near to 0."""
    return varint(number << 1 if number >= 0 else -number * 2 - 1)


def tag(field: int, wire: int = _BYTES) -> bytes:
    """Return what stands before a field."""
    return varint(field << 3 | wire)


def number(field: int, value: int) -> bytes:
    """Return a field with a whole number, or truth."""
    return tag(field, _VARINT) + varint(value)


def double(field: int, value: float) -> bytes:
    """Return a field with a double."""
    return tag(field, _FIXED64) + _double(value)


def message(field: int, *parts: bytes) -> bytes:
    """Return a field with a message of ``parts``."""
    body = b"".join(parts)
    return tag(field) + varint(len(body)) + body


def text(field: int, value: str) -> bytes:
    """Return a field with a text."""
    return message(field, value.encode())


def varints(batches: Iterable[list[int]]) -> bytes:
    """Return whole numbers below 2³², one after the other."""
    return b"".join(_packed(np.asarray(batch, np.uint32)) for batch in batches)


def _packed(numbers: npt.NDArray[np.uint32]) -> bytes:
    """Return ``numbers``: their bytes beside each other, and of these only those that count."""
    shifted = numbers[:, None] >> np.arange(0, 35, 7, dtype=np.uint64)[None, :]
    counts = (shifted > 0) | (np.arange(5) == 0)
    parts = (shifted & _LOW).astype(np.uint8)
    follows = np.zeros_like(counts)
    follows[:, :-1] = counts[:, 1:]
    return (parts | (follows * _MORE).astype(np.uint8))[counts].tobytes()

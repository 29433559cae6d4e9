"""Reads protocol buffers without a schema: field numbers and their raw values."""

from __future__ import annotations

from collections import defaultdict
from struct import unpack_from

Fields = dict[int, list[int | bytes | float]]


def read(data: bytes) -> Fields:
    """Return the fields of a message: whole numbers, doubles, and texts or messages as bytes."""
    fields: Fields = defaultdict(list)
    place = 0
    while place < len(data):
        key, place = varint(data, place)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, place = varint(data, place)
        elif wire == 1:
            value, place = unpack_from("<d", data, place)[0], place + 8
        else:
            assert wire == 2, wire
            length, place = varint(data, place)
            value, place = data[place : place + length], place + length
            assert len(value) == length
        fields[number].append(value)
    return fields


def varint(data: bytes, place: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[place]
        number |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:
            return number, place


def varints(data: bytes) -> list[int]:
    numbers, place = [], 0
    while place < len(data):
        number, place = varint(data, place)
        numbers.append(number)
    return numbers


def signed(number: int) -> int:
    """Return a number that is written in zigzag."""
    return number >> 1 if number % 2 == 0 else -(number >> 1) - 1

"""Values of a page as protocol buffers, column by column: what stands often is written once, numbers all at once.

Each value is a field 1 of its row (``attributes``) with a message, in which the number of the field tells its type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from struct import Struct
from typing import Any

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.services.geoservices.page import Column
from ckanext.cpdi.services.geoservices.protobuf import message, number, tag, text, zigzag

_NULL = message(1)
"""A value without a field. The format has one for it (10); arcgis-rest-js gives its truth as the value."""
_SHORT = 126
"""Bytes of a text whose lengths have one byte each, with those of the message around it."""
_TEXT_HEADS = [message(1, text(1, "x" * length))[:4] for length in range(_SHORT)]
_DOUBLE_HEAD, _INTEGER = b"\n\t" + tag(3, 1), tag(4, 0)
_FIELDS = {"esriFieldTypeOID": 5, "esriFieldTypeDate": 6}
"""The fields of ids and instants."""
_double = Struct("<d").pack
_GROUPS = 6
"""Groups of seven bits of a number; six have the milliseconds up to the year 2109."""


def attributes(type_: str, column: Column) -> Iterable[bytes]:
    """Return the values of a column of a type as they are written."""
    if column.is_empty:
        return repeat(_NULL, len(column.values))
    if type_ in _FIELDS:
        return _numbers(_FIELDS[type_], column.values)
    return column.written(type_, _WRITERS[type_])


def _numbers(field: int, values: Sequence[int | None]) -> Iterable[bytes]:
    """Return whole numbers, all at once where each has six groups of seven bits at most, as ids and instants do."""
    numbers: npt.NDArray[np.int64] = np.array([1 if value is None else value for value in values], np.int64)
    if numbers.min() < 1 or numbers.max() >> 7 * _GROUPS:
        return Column(values).written(field, lambda value: _NULL if value is None else message(1, number(field, value)))
    groups = numbers[:, None] >> np.arange(0, 7 * _GROUPS, 7)
    counts = 1 + (groups[:, 1:] > 0).sum(axis=1)
    rows = np.empty((len(numbers), _GROUPS + 3), np.uint8)
    rows[:, 0], rows[:, 1], rows[:, 2] = tag(1)[0], counts + 1, tag(field, 0)[0]
    rows[:, 3:] = groups & 0x7F | (np.arange(1, _GROUPS + 1) < counts[:, None]) * 0x80
    written: list[bytes] = rows.view(f"S{_GROUPS + 3}").ravel().tolist()  # without the zeros at the end of each
    return (
        written
        if None not in values
        else [_NULL if value is None else part for value, part in zip(values, written, strict=True)]
    )


def _string(value: str | None) -> bytes:
    if value is None:
        return _NULL
    raw = value.encode()
    return _TEXT_HEADS[len(raw)] + raw if len(raw) < _SHORT else message(1, text(1, value))


def _number(value: float | None) -> bytes:
    return _NULL if value is None else _DOUBLE_HEAD + _double(value)


def _integer(value: int | None) -> bytes:
    return _NULL if value is None else message(1, _INTEGER + zigzag(int(value)))


_WRITERS: dict[str, Callable[[Any], bytes]] = {
    "esriFieldTypeSmallInteger": _integer,
    "esriFieldTypeInteger": _integer,
    "esriFieldTypeDouble": _number,
    "esriFieldTypeString": _string,
}

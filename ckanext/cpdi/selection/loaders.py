"""Values as services write them, made of PostgreSQL's own form without a Python object in between.

A loader is registered for the name or number of a type, and gets the bytes of PostgreSQL's binary form.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from psycopg import pq
from psycopg.abc import Buffer, Loader
from psycopg.adapt import Loader as Base

Loaders: TypeAlias = Sequence[tuple[str | int, type[Loader]]]
ID_ARRAY = 1007
"""PostgreSQL's number of the type integer[]."""
_EPOCH = 946_684_800_000
"""Milliseconds from 1970 to 2000, where PostgreSQL's times begin."""
_DAY = 86_400_000
_int64, _int32 = Struct("!q").unpack, Struct("!i").unpack


class Milliseconds(Base):
    """Instants as milliseconds since 1970, UTC."""

    format = pq.Format.BINARY

    def load(self, data: Buffer) -> int:
        """Return the milliseconds; parts of one are cut off."""
        microseconds: int = _int64(data)[0]
        return microseconds // 1000 + _EPOCH


class Midnight(Base):
    """Days as milliseconds from 1970 to their beginning, UTC."""

    format = pq.Format.BINARY

    def load(self, data: Buffer) -> int:
        """Return the milliseconds."""
        days: int = _int32(data)[0]
        return days * _DAY + _EPOCH


class Bit(Base):
    """True and false as 1 and 0."""

    format = pq.Format.BINARY

    def load(self, data: Buffer) -> int:
        """Return the number."""
        return data[0]


class IdArray(Base):
    """An array of ids as NumPy has it; PostgreSQL writes 20 bytes, then the length and the value of each."""

    format = pq.Format.BINARY

    def load(self, data: Buffer) -> npt.NDArray[np.int32]:
        """Return the ids."""
        if len(data) < 20:
            return np.zeros(0, np.int32)
        return np.frombuffer(data, dtype=[("length", ">i4"), ("id", ">i4")], offset=20)["id"].astype(np.int32)


IN_MILLISECONDS: Loaders = (("timestamptz", Milliseconds), ("date", Midnight), ("bool", Bit))
"""Times and truth as GeoServices has them."""

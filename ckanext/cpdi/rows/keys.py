"""Keyed hashes: what identifies a row inside, and the stand-in that is published in place of its number.

One HMAC-SHA256 a row; its first 64 bits are the key, the next 80 the stand-in, or, where a row's classes have a part
in it, what a further hash makes of all but the key.
"""

# Arrow comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

_BLOCK = 64
_DIGEST = 32
_ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
_STAND_IN = slice(8, 18)
_CHARACTERS = 16


@dataclass(frozen=True)
class Digests:
    """The digests of some rows, 32 octets each."""

    octets: npt.NDArray[np.uint8]

    def of(self, rows: npt.NDArray[np.int64]) -> Digests:
        """Return the digests of some of the rows, by their places."""
        return Digests(self.octets[rows])

    def keys(self) -> pl.Series:
        """Return the key of each row as Int64."""
        return pl.Series(np.ascontiguousarray(self.octets[:, :8]).view(">i8").ravel().astype(np.int64))

    def apart(self, classes: npt.NDArray[np.int16]) -> Digests:
        """Return digests that differ with the row's set of classes: nobody can join what a row was to what it became.

        What is hashed is secret, so that a plain hash will do.
        """
        secrets = self.octets[:, 8:].tobytes()
        width = _DIGEST - 8
        found = b"".join(
            hashlib.sha256(secrets[row * width : (row + 1) * width] + mask.to_bytes(2)).digest()
            for row, mask in enumerate(classes.tolist())
        )
        return Digests(np.frombuffer(found, dtype=np.uint8).reshape(-1, _DIGEST))

    def stand_ins(self, letter: str) -> pl.Series:
        """Return the stand-in of each row: ``letter`` and 16 characters of base 32."""
        rows = len(self.octets)
        bits = np.unpackbits(self.octets[:, _STAND_IN], axis=1).reshape(rows, _CHARACTERS, 5)
        fives = bits @ np.array([16, 8, 4, 2, 1], dtype=np.uint8)
        written = np.empty((rows, _CHARACTERS + 1), dtype=np.uint8)
        written[:, 0] = ord(letter)
        written[:, 1:] = _ALPHABET[fives]
        return _texts(written)


def digest(secret: bytes, scope: str, texts: Sequence[str]) -> Digests:
    """Return the HMAC-SHA256 of each text under ``secret``; ``scope`` keeps the uses of a secret apart."""
    inner, outer = _pads(secret, scope)
    found = bytearray()
    for text in texts:
        one, other = inner.copy(), outer.copy()
        one.update(text.encode())
        other.update(one.digest())
        found += other.digest()
    return Digests(np.frombuffer(bytes(found), dtype=np.uint8).reshape(-1, _DIGEST))


def _pads(secret: bytes, scope: str) -> tuple[Any, Any]:
    """Return the two halves of an HMAC with the key and the scope taken in, to be copied for each row.

    Copying them takes half the time of ``hmac.digest``, which derives them anew with every call.
    """
    key = (hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
    inner = hashlib.sha256(bytes(octet ^ 0x36 for octet in key))
    inner.update(scope.encode() + b"\0")
    return inner, hashlib.sha256(bytes(octet ^ 0x5C for octet in key))


def _texts(written: npt.NDArray[np.uint8]) -> pl.Series:
    """Return a table of ASCII characters as texts of one length."""
    rows, width = written.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int64)
    array = pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(written.tobytes()))
    return pl.Series(array, dtype=pl.String)

"""Keyed hashes: what identifies a row inside, and the stand-in that is published in place of its number.

Both are HMAC-SHA256 (RFC 2104) of the number under the site's secret, each with a scope of its own, so that nobody can
tell which stand-in belongs to which key.
"""

# Arrow comes without types.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false
# pyright: reportUnknownArgumentType=false

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
import polars_hash as plh
import pyarrow as pa

_ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)
_KEY_DIGITS = 16
_GROUPS = 4
_GROUP_DIGITS = 5
"""Hexadecimal digits of 20 bits, which are four characters of base 32."""
_NIBBLES = np.zeros(256, dtype=np.uint32)
_NIBBLES[list(b"0123456789abcdef")] = range(16)


def keys(secret: bytes, scope: str, texts: pl.Series) -> pl.Series:
    """Return the key of each text as Int64: the first 64 bits of its hash."""
    digits = _digests(secret, scope, texts).str.head(_KEY_DIGITS)
    return digits.str.to_integer(base=16, dtype=pl.UInt64).reinterpret(signed=True)


def stand_ins(secret: bytes, scope: str, texts: pl.Series, letter: str) -> pl.Series:
    """Return the stand-in of each text: ``letter`` and 80 bits of its hash as 16 characters of base 32 (RFC 4648)."""
    digests = _digests(secret, scope, texts).str.head(_GROUPS * _GROUP_DIGITS)
    octets = np.frombuffer(_data(digests), dtype=np.uint8).reshape(-1, _GROUPS, _GROUP_DIGITS)
    values = _NIBBLES[octets] @ np.array([1 << 16, 1 << 12, 1 << 8, 1 << 4, 1], dtype=np.uint32)
    written = np.empty((len(texts), 1 + _GROUPS * 4), dtype=np.uint8)
    written[:, 0] = ord(letter)
    for place, shift in enumerate((15, 10, 5, 0)):
        written[:, 1 + place :: 4] = _ALPHABET[values >> shift & 31]
    return _texts(written)


def _digests(secret: bytes, scope: str, texts: pl.Series) -> pl.Series:
    """Return the HMAC of each text in hexadecimal digits; the scope goes before it, the secret is taken as digits."""
    scoped = (pl.lit(scope + "\0") + plh.col("text")).chash  # pyright: ignore[reportAttributeAccessIssue]
    return texts.to_frame("text").select(scoped.hmac_sha256(key=secret.hex())).to_series()


def _data(texts: pl.Series) -> bytes:
    """Return the texts, which are ASCII, one after the other."""
    return texts.str.join("").item().encode() if len(texts) else b""


def _texts(written: npt.NDArray[np.uint8]) -> pl.Series:
    """Return a table of ASCII characters as texts of one length."""
    rows, width = written.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int64)
    array = pa.LargeStringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(written.tobytes()))
    return pl.Series(array, dtype=pl.String)

"""A hash of each row's published form, by which the sync knows what changed; the same whatever library reads it."""

from __future__ import annotations

import numpy as np
import polars as pl
import xxhash

_APART = "\x1f"
_NULL = "\x00"


_SLICE = 20_000
"""Rows that are written as text at once; more would take memory and no less time."""


def fingerprints(published: pl.DataFrame) -> pl.Series:
    """Return the xxh3 of each row as Int64."""
    written = pl.concat_str([_text(name, kind) for name, kind in published.schema.items()], separator=_APART)
    hash_of = xxhash.xxh3_64_intdigest
    found = np.empty(published.height, dtype=np.uint64)
    for start in range(0, published.height, _SLICE):
        texts = published.slice(start, _SLICE).select(written.cast(pl.Binary)).to_series()
        found[start : start + _SLICE] = [hash_of(row) for row in texts.to_list()]
    return pl.Series(found.view(np.int64))


def _text(name: str, kind: pl.DataType) -> pl.Expr:
    """Return a column as text; numbers by their bits, since libraries differ in how they write them."""
    column = pl.col(name)
    if kind == pl.Datetime:
        column = column.cast(pl.Int64)
    elif kind == pl.Boolean:
        column = column.cast(pl.Int8)
    elif kind == pl.Date:
        column = column.cast(pl.Int32)
    elif kind == pl.Float64:
        # Six decimals are more than is published; whole numbers are written alike everywhere.
        column = (column * 1_000_000).round().cast(pl.Int64, strict=False)
    return column.cast(pl.String).fill_null(_NULL)

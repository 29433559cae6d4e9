"""The key of a row that several columns identify together: their hash, in place of a record number.

In: the columns' texts, and which copy of its like each row is. Out: one text a row, which is hashed once more under the
site's secret before anything is stored (:mod:`.keys`), and never published.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import polars_hash as plh

COPY = "_copy"
"""The column of a batch that numbers rows which are alike in the key's columns: 0 for the first."""
_DIGITS = 32
_BETWEEN, _COPY_BEGINS = "\x1f", "\x1e"
"""Control characters, which no text has any more: no two different rows give the same text."""


def copies(frame: pl.DataFrame) -> pl.Series | None:
    """Return which copy of its like each row of a feed's batch is; None where the profile does not number them."""
    return frame[COPY] if COPY in frame.columns else None


def composed_key(parts: Sequence[pl.Series], copy: pl.Series | None) -> pl.Series:
    """Return 128 bits of the SHA-256 of each row's ``parts`` (String; null for none) as hexadecimal digits.

    Null where all parts are empty. ``copy`` tells equal rows apart, the first of which has the same key as without it.
    """
    columns = [part.alias(str(place)) for place, part in enumerate(parts)]
    text = pl.concat_str([column.fill_null("") for column in columns], separator=_BETWEEN)
    if copy is not None:
        number = pl.lit(_COPY_BEGINS) + pl.lit(copy.cast(pl.String))
        text = pl.when(pl.lit(copy) > 0).then(text + number).otherwise(text)
    hashed = plh.col("text").chash.sha2_256().str.head(_DIGITS)  # pyright: ignore[reportAttributeAccessIssue]
    empty = pl.all_horizontal(pl.lit(column).is_null() for column in columns)
    texts = pl.select(text.alias("text"), empty.alias("empty"))
    return texts.select(pl.when(~pl.col("empty")).then(hashed)).to_series()

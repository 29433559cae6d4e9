"""Records that must not be there: their rows are dropped as if the feed had never had them.

The list holds keys, never numbers. A row is on it by its own record number, or by one that it shares with another
dataset (``shares`` in its declaration).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from ckanext.cpdi.rows.batch import Rows, Sheet
from ckanext.cpdi.rows.identity.keys import keys as keys_of
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.text import clean

LINKS = {"_key": pl.Int64, "owner": pl.String, "link": pl.Int64}
"""A row's key, and the key that a record number on it has in the dataset which it is shared with."""

Denied = Mapping[str, pl.Series]
"""Dataset to the keys (Int64) of its denied records."""


def record_keys(secret: bytes, dataset: str, numbers: Iterable[str]) -> pl.Series:
    """Return the key (Int64) of each different record number of ``dataset``, written as its feed writes it."""
    found = clean(pl.Series(list(numbers), dtype=pl.String))
    known = found.filter(found.str.len_bytes() > 0).unique(maintain_order=True)
    return keys_of(secret, dataset, known)


def links(plan: Plan, sheet: Sheet) -> pl.DataFrame:
    """Return the record numbers of other datasets that the rows carry, as keys there (columns of LINKS, and ``at``)."""
    found = [pl.DataFrame(schema={**LINKS, "at": pl.Int64})]
    for column, owner in plan.table.shares.items():
        numbers = sheet.columns[column].cast(pl.String).to_frame("number")
        rows = numbers.with_columns(_key=sheet.columns["_key"], at=pl.int_range(pl.len(), dtype=pl.Int64)).drop_nulls(
            "number"
        )
        keys = keys_of(plan.secret, owner, rows["number"])
        found.append(rows.select("_key", pl.lit(owner).alias("owner"), keys.alias("link"), "at"))
    return pl.concat(found)


def on_the_list(sheet: Sheet, own: str, shared: pl.DataFrame, denied: Denied) -> Rows:
    """Return which rows of dataset ``own`` are denied; ``shared`` are their links."""
    nothing = pl.Series(dtype=pl.Int64)
    found = sheet.columns["_key"].is_in(denied.get(own, nothing)).to_numpy().copy()
    for owner, keys in denied.items():
        found[shared.filter((pl.col("owner") == owner) & pl.col("link").is_in(keys.implode()))["at"].to_numpy()] = True
    return found

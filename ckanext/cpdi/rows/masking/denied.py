"""Records that must not be there: their rows are dropped as if the feed had never had them.

The list holds keys, never numbers. A row is on it by its own record number, or by one that it shares with another
dataset (``shares`` in its declaration).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.identity.keys import keys as keys_of
from ckanext.cpdi.rows.identity.records import Records
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.text import clean
from ckanext.cpdi.rows.verdicts import Rows

LINKS = {"_key": pl.Int64, "owner": pl.String, "link": pl.Int64}
"""A row's key, and the key that a record number on it has in the dataset which it is shared with."""

Denied = Mapping[str, pl.Series]
"""Dataset to the keys (Int64) of its denied records."""


def record_keys(secret: bytes, dataset: str, numbers: Iterable[str]) -> pl.Series:
    """Return the key (Int64) of each different record number of ``dataset``, written as its feed writes it."""
    cleaned = clean(pl.Series(list(numbers), dtype=pl.String))
    distinct = cleaned.filter(cleaned.str.len_bytes() > 0).unique(maintain_order=True)
    return keys_of(secret, dataset, distinct)


def links(plan: Plan, batch: Batch, records: Records) -> pl.DataFrame:
    """Return the record numbers that the rows carry beside their own, as keys of their datasets (columns of LINKS, and
    ``at``): those of other datasets, and the first part of a key of several columns.
    """
    parts = [pl.DataFrame(schema={**LINKS, "at": pl.Int64})]
    # A key of several columns begins with the number by which people know the record.
    own = [(part, plan.dataset.name) for part in plan.mapping.parts[:1]]
    for column, owner in (*plan.table.shares.items(), *own):
        numbers = batch.columns[column].cast(pl.String).to_frame("number")
        rows = numbers.with_columns(_key=records.keys, at=pl.int_range(pl.len(), dtype=pl.Int64)).drop_nulls("number")
        keys = keys_of(plan.secret, owner, rows["number"])
        parts.append(rows.select("_key", pl.lit(owner).alias("owner"), keys.alias("link"), "at"))
    return pl.concat(parts)


def links_of(linked: pl.DataFrame, record_of_row: npt.NDArray[np.int64], records: Records) -> pl.DataFrame:
    """Return the links of rows as those of the ``records`` that they are part of, each once."""
    at = record_of_row[linked["at"].to_numpy()]
    moved = linked.with_columns(pl.Series("at", at, dtype=pl.Int64), records.keys.gather(at).alias("_key"))
    return moved.unique(maintain_order=True)


def on_the_list(records: Records, dataset: str, linked: pl.DataFrame, denied: Denied) -> Rows:
    """Return which rows of ``dataset`` are denied; ``linked`` are their links."""
    rows = records.keys.is_in(denied.get(dataset, pl.Series(dtype=pl.Int64))).to_numpy().copy()
    for owner, keys in denied.items():
        listed = linked.filter((pl.col("owner") == owner) & pl.col("link").is_in(keys.implode()))
        rows[listed["at"].to_numpy()] = True
    return rows

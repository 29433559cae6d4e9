"""What the table knows of each row: a frame sorted by key, in which the rows of a batch are looked up."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

ID = pl.Int32
"""Of a row of the table: CKAN makes ``_id`` a 32-bit integer."""
STATE = {"_key": pl.Int64, "_fingerprint": pl.Int64, "_classes": pl.Int16, "_id": ID, "due": pl.Date}
"""Columns of the state: ``_id`` is null for a row that is not in the table, ``due`` the day from which a risen row may
come back."""


def find(keys: pl.Series, state: pl.DataFrame) -> pl.Series:
    """Return the place of each key in ``state`` (UInt32), null for one that is not known.

    Raises ValueError where the state is not sorted by key. A look-up costs the batch, not the table: a hash join would
    go through the whole state with every batch.
    """
    sorted_keys = state["_key"]
    if sorted_keys.is_empty():
        return pl.repeat(None, len(keys), dtype=pl.UInt32, eager=True)
    if not sorted_keys.is_sorted():
        raise ValueError("the state is not sorted by key")
    place = look_up(keys, sorted_keys.to_numpy())
    place = pl.Series(np.minimum(place, len(sorted_keys) - 1), dtype=pl.UInt32)
    return place.set(sorted_keys.gather(place) != keys, None)


def look_up(keys: pl.Series, sorted_keys: npt.NDArray[np.generic]) -> npt.NDArray[np.int64]:
    """Return the place of each key of a batch in ``sorted_keys``; where it is missing, that of the next."""
    order = keys.arg_sort()
    place = np.empty(len(keys), dtype=np.int64)
    # Neighbours in a sorted batch are found in memory that the processor has just read.
    place[order.to_numpy()] = np.searchsorted(sorted_keys, keys.gather(order).to_numpy())
    return place


def in_order(keys: pl.Series) -> npt.NDArray[np.generic]:
    """Return ``keys``, which have no null, in their order: one copy, where sorting what Polars gives would make two."""
    all_keys = np.concatenate([chunk.to_numpy() for chunk in keys.get_chunks()])
    all_keys.sort()
    return all_keys


def repeated(keys: pl.Series) -> pl.Series:
    """Return what stands more than once in ``keys``, each once; sorting takes a sixth of hashing."""
    ordered = in_order(keys)
    return pl.Series(np.unique(ordered[1:][ordered[1:] == ordered[:-1]]), dtype=keys.dtype)


def marked(places: pl.Series, height: int) -> pl.Series:
    """Return which of ``height`` places are among ``places``; a join would take fifty times the memory."""
    rows = np.zeros(height, dtype=bool)
    rows[places.to_numpy()] = True
    return pl.Series(rows)

"""What is done with whole columns of a table, in as little memory as it takes: one column at once, batch by batch.

A first load has every row of a feed in one frame: a second copy of it would be the most memory that a run takes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from ckanext.cpdi.rows.identity.known import ID, in_order, look_up

_BATCH = 50_000
"""Keys that are looked up at once: few enough to be sorted within the processor's own memory."""


def made_anew(columns: list[pl.Series], make: Callable[[pl.Series], pl.Series]) -> pl.DataFrame:
    """Return a frame of what ``make`` gives for each of ``columns``, which are taken and let go one by one."""
    return pl.DataFrame([make(columns.pop(0)) for _ in range(len(columns))])


def ordered(keys: pl.Series) -> pl.Series:
    """Return the places of ``keys`` in their order (UInt32). NumPy takes half the memory that Polars does."""
    return pl.Series(np.argsort(keys.to_numpy()), dtype=pl.UInt32)


def numbered(keys: pl.Series, first: int) -> pl.Series:
    """Return a number (ID) for each of ``keys``, from ``first`` on in their order.

    Each is looked up among the sorted ones, batch by batch: sorting places would take twice the memory. Raises
    OverflowError where the table cannot hold so many.
    """
    if first + len(keys) - 1 > np.iinfo(np.int32).max:
        raise OverflowError("the table has no ids left for so many rows")
    known, numbers = in_order(keys), np.empty(len(keys), dtype=np.int32)
    for at in range(0, len(keys), _BATCH):
        numbers[at : at + _BATCH] = look_up(keys[at : at + _BATCH], known) + first
    return pl.Series(numbers, dtype=ID)

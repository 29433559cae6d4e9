"""The faults of real exports, put into a clean synthetic one at small rates.

Each fault was observed in a department's feed; the row engine must repair, flag, withhold or quarantine it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from ckanext.cpdi.sample.write import write_csv

Columns = dict[str, np.ndarray[Any, Any]]
Fault = Callable[[Columns, np.ndarray[Any, Any]], None]


def put(**values: str) -> Fault:
    """Return a fault that writes a fixed text into columns."""

    def fault(columns: Columns, rows: np.ndarray[Any, Any]) -> None:
        for name, value in values.items():
            columns[name][rows] = value

    return fault


def swap(first: str, second: str) -> Fault:
    """Return a fault that exchanges two columns."""

    def fault(columns: Columns, rows: np.ndarray[Any, Any]) -> None:
        columns[first][rows], columns[second][rows] = columns[second][rows].copy(), columns[first][rows].copy()

    return fault


def rewrite(name: str, change: Callable[[str], str]) -> Fault:
    """Return a fault that changes each text of a column."""

    def fault(columns: Columns, rows: np.ndarray[Any, Any]) -> None:
        columns[name][rows] = [change(text) for text in columns[name][rows]]

    return fault


def repeat_previous(name: str) -> Fault:
    """Return a fault that gives a row the value of the row before it, as in a duplicate key."""

    def fault(columns: Columns, rows: np.ndarray[Any, Any]) -> None:
        later = rows[rows > 0]
        columns[name][later] = columns[name][later - 1]

    return fault


def inject_faults(columns: Columns, faults: Mapping[Fault, float], rng: np.random.Generator) -> None:
    """Put each of ``faults`` into its share of the rows, in place; no row gets two."""
    count = len(next(iter(columns.values())))
    order = rng.permutation(count)
    start = 0
    for fault, share in faults.items():
        size = round(count * share)
        fault(columns, np.sort(order[start : start + size]))
        start += size


def write_dirty(path: Path, columns: Columns, faults: Mapping[Fault, float], rng: np.random.Generator) -> int:
    """Put ``faults`` into ``columns`` and write them to ``path`` as CSV; return how many rows that are."""
    inject_faults(columns, faults, rng)
    table = pl.DataFrame({name: pl.Series(values, dtype=pl.String) for name, values in columns.items()})
    write_csv(table, path)
    return table.height

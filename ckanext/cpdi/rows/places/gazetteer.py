"""The places of a department: units of eight or more addresses, each with one label, one point and one team.

A place file is Parquet: one line a key (a block, an intersection, a street), with the unit that it belongs to. No house
number stands in it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
import xxhash

from ckanext.cpdi.rows.places.address import address_keys

UNITS = {
    "label": pl.String,
    "precision": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "team": pl.String,
    "addresses": pl.Int64,
}
FILE = {"key": pl.String, "unit": pl.UInt32, "block_size": pl.Int64, **UNITS}
_PRIVATE = 0o600
_UNKNOWN, _NOWHERE = -2, -1
"""In place of an address's place: it was not looked up yet; it has none."""


@dataclass(frozen=True)
class Places:
    """``table`` has the columns of FILE: every key with its unit."""

    table: pl.DataFrame

    @cached_property
    def version(self) -> str:
        """A hash of the content: rows that were masked with other places have another form."""
        return xxhash.xxh3_128_hexdigest(self.table.sort("key").write_csv().encode())

    @property
    def units(self) -> pl.DataFrame:
        """One row a unit: unit, and the columns of UNITS."""
        return self.table.select("unit", *UNITS).unique().sort("unit")

    @property
    def keys(self) -> pl.DataFrame:
        """Key and unit."""
        return self.table.select("key", "unit")

    def look_up(self, addresses: pl.Series) -> pl.DataFrame:
        """Return the unit of each address (columns of UNITS), row by row; null where it belongs to none."""
        return self.table.select(pl.col(*UNITS).gather(self._memory.look_up(addresses)))

    @cached_property
    def _memory(self) -> _Memory:
        return _Memory(self.table)


class _Memory:
    """The addresses that were looked up so far: most of a batch stood in the batches before it.

    Each has a number, by which its place is found: the numbering lives as long as the memory, so that a batch costs its
    own rows and not those of the memory, as a join would.
    """

    def __init__(self, table: pl.DataFrame) -> None:
        self._block_size = int(table["block_size"][0]) if table.height else 100
        self._places = table.with_row_index("place").select("key", "place")
        self._numbered = pl.Series([""], dtype=pl.Categorical(pl.Categories.random()))  # without one, Polars forgets
        self._known = np.empty(0, dtype=np.int64)

    def look_up(self, addresses: pl.Series) -> pl.Series:
        """Return the place in the table of each address, null for none.

        Threads may look up at once: what one of them learns may be lost to the others, which then learn it again.
        """
        rows = addresses.to_frame("address").with_columns(
            pl.col("address").cast(self._numbered.dtype).to_physical().alias("number")
        )
        numbers = rows["number"].fill_null(0).to_numpy()  # the empty text has the first number, and no place
        known = self._known
        new = int(numbers.max(initial=0)) + 1 - len(known)
        if new > 0:
            known = np.append(known, np.full(new, _UNKNOWN))
        fresh = rows.filter(pl.Series(known[numbers] == _UNKNOWN)).drop_nulls().unique()
        if fresh.height:
            keyed = address_keys(fresh["address"], self._block_size).select("address", "key")
            learned = fresh.join(keyed.join(self._places, on="key", how="left"), on="address", how="left")
            known[learned["number"].to_numpy()] = learned["place"].cast(pl.Int64).fill_null(_NOWHERE).to_numpy()
            self._known = known
        places = pl.Series(known[numbers])
        return places.set(places < 0, None).cast(pl.UInt32)


def read_places(path: Path) -> Places:
    """Read a places file; raise OSError or polars' errors where it cannot be read, ValueError where it is none."""
    table = pl.read_parquet(path)
    if dict(table.schema) != FILE:
        raise ValueError(f"{path} is no places file")
    return Places(table)


def write_places(places: Places, path: Path) -> None:
    """Write a places file that only its owner may read; a reader sees the old file or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:  # noqa: PTH123  with a mode
        places.table.write_parquet(file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

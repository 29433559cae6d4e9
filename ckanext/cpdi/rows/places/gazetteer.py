"""The places of a department: units of eight or more addresses, each with one label, one point and one team.

A places file is Parquet: one line a key (a block, an intersection, a street), with the unit that it belongs to. Keys
are hashes under the site's secret, since anything may have been typed in place of an address: what stands in the file
in plain is what is published of a unit.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import polars as pl
import xxhash

from ckanext.cpdi.rows.identity.keys import keys as keys_of
from ckanext.cpdi.rows.places.address import address_keys, canonical, has_number, is_street

UNITS = {
    "label": pl.String,
    "precision": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "team": pl.String,
    "addresses": pl.Int64,
}
BUILT = {"key": pl.String, "unit": pl.UInt32, "block_size": pl.Int64, **UNITS}
"""Units by the plain keys of their parts; once this was the file, too."""
FILE = {"key": pl.Int64, "check": pl.Int64, "unit": pl.UInt32, "block_size": pl.Int64, **UNITS}
"""``check`` is the same in all lines: a hash by which the secret is known that the keys were made with."""
_SCOPE = "places"
_AROUND = re.compile(r"^(?:First block of|\d+ block of|\d+ to \d+ blocks of) | and nearby$")
_PRIVATE = 0o600
_UNKNOWN, _NOWHERE = -2, -1
"""In place of an address's place: it was not looked up yet; it has none."""


class PlacesFormError(ValueError):
    """A places file cannot be used as it is; the message says what to do about it."""


@dataclass(frozen=True)
class Places:
    """``table`` has the columns of FILE: every key with its unit. ``secret`` is what the keys are hashed with."""

    table: pl.DataFrame
    secret: bytes

    @classmethod
    def of(cls, built: pl.DataFrame, secret: bytes) -> Places:
        """Return the places of ``built`` (columns of BUILT)."""
        hashed = built.with_columns(_hashed(built["key"], secret).alias("key"), pl.lit(_check(secret)).alias("check"))
        # Numbers that follow the names would tell how a name begins that is not shown.
        hashed = hashed.with_columns(pl.col("key").min().over("unit").rank("dense").alias("unit") - 1)
        return cls(hashed.select(*FILE).cast(pl.Schema(FILE)).sort("key"), secret)

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
        return _Memory(self.table, self.secret)


class _Memory:
    """The addresses that were looked up so far: most of a batch stood in the batches before it.

    Each has a number, by which its place is found: the numbering lives as long as the memory, so that a batch costs its
    own rows and not those of the memory, as a join would.
    """

    def __init__(self, table: pl.DataFrame, secret: bytes) -> None:
        self._secret = secret
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
            keyed = address_keys(fresh["address"], self._block_size).select("address", "key").drop_nulls()
            keyed = keyed.with_columns(_hashed(keyed["key"], self._secret).alias("key"))
            learned = fresh.join(keyed.join(self._places, on="key", how="left"), on="address", how="left")
            known[learned["number"].to_numpy()] = learned["place"].cast(pl.Int64).fill_null(_NOWHERE).to_numpy()
            self._known = known
        places = pl.Series(known[numbers])
        return places.set(places < 0, None).cast(pl.UInt32)


def read_places(path: Path, secret: bytes) -> Places:
    """Read a places file; raise OSError or polars' errors where it cannot be read, ValueError where it is none.

    Raises PlacesFormError, whose message is for the operator, for a file of an older form or of another secret.
    """
    table = pl.read_parquet(path)
    if dict(table.schema) == BUILT:
        raise PlacesFormError(
            f"The places file {path.name} is of an older form, which keeps addresses as they were typed:"
            " `ckan cpdi init` converts it."
        )
    if dict(table.schema) != FILE:
        raise ValueError(f"{path} is no places file")
    if table.height and table["check"][0] != _check(secret):
        raise PlacesFormError(
            f"The places file {path.name} was made with another ckanext.cpdi.secret, so that no address finds its place"
            " in it: set that secret again, or make the file anew with `ckan cpdi places --from FILE --again`."
        )
    return Places(table, secret)


def convert_places(path: Path, secret: bytes) -> int | None:
    """Bring a places file of the older form into today's; return how many places lost their name, None where it is not
    of that form.

    Every address keeps its unit, its point and its team. A name that is no street's by its form was typed by somebody
    as likely as not: such a unit is left without one, and its rows show their team alone.
    """
    table = pl.read_parquet(path)
    if dict(table.schema) != BUILT:
        return None
    labels = table["label"].drop_nulls().unique()
    nameless = [label for label in labels.to_list() if not _is_streets(label)]
    lost = pl.col("label").is_in(nameless)
    bare = table.with_columns(pl.when(~lost).then("label").alias("label"))
    write_places(Places.of(bare, secret), path)
    return table.filter(lost)["unit"].n_unique()


def _is_streets(label: str) -> bool:
    """Return whether all names in a label are those of streets."""
    names = _AROUND.sub("", label).upper().split(" AND ")
    return all(is_street(canonical(name)) and not has_number(canonical(name)) for name in names)


def _hashed(keys: pl.Series, secret: bytes) -> pl.Series:
    return keys_of(secret, _SCOPE, keys)


def _check(secret: bytes) -> int:
    return int(_hashed(pl.Series([_SCOPE]), secret)[0])


def write_places(places: Places, path: Path) -> None:
    """Write a places file that only its owner may read; a reader sees the old file or the new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:  # noqa: PTH123  with a mode
        places.table.write_parquet(file)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

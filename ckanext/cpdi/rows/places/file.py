"""The places of a department: units, what finds them, and the file that they are kept in.

A places file is a zip of tables in Parquet. ``units`` is what may be published. ``keys`` finds a unit by an address:
they are hashes under the site's secret, since anything may have been typed in place of an address. ``cells`` finds it
by a point.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl
import xxhash

from ckanext.cpdi.errors import PortalError, Said
from ckanext.cpdi.rows.ground.cells import Plane, outlines
from ckanext.cpdi.rows.identity.keys import keys as keys_of
from ckanext.cpdi.whole_file import written

UNITS = {
    "unit": pl.Int64,
    "id": pl.String,
    "label": pl.String,
    "precision": pl.String,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "team": pl.String,
    "areas": pl.String,
    "addresses": pl.Int64,
    "width": pl.Float64,
    "has_ground": pl.Boolean,
    "valid_from": pl.Date,
    "valid_to": pl.Date,
}
"""``id``: a hash of what is published of the unit, the same as long as that is. ``areas``: the names of the other
areas, as JSON by layer. ``width``: how many metres apart its addresses are, at most. ``has_ground``: whether it is a
piece of ground, whose cells are known; crossings and streets by name are none."""
RETIRED = {**{name: dtype for name, dtype in UNITS.items() if name != "unit"}, "outline": pl.Binary}
"""Units that are in use no longer, with their outlines as WKB in degrees: they stay published until whoever has rows of
them can look them up."""
KEYS = {
    "key": pl.Int64,
    "unit": pl.Int64,
    "low": pl.Int64,
    "high": pl.Int64,
    "parity": pl.Int8,
    "share": pl.Float64,
}
"""Units by the hashed key of an address. ``low``, ``high`` and ``parity`` narrow a block to the house numbers that a
reference gives; ``share``: the unit's share of the addresses with this key."""
CELLS = {"cell": pl.Int64, "unit": pl.Int64, "crossed": pl.Boolean}
"""Units by the cells of the ground; a border of an area runs through one that is ``crossed``."""
CROWDS = {"longitude": pl.Float64, "latitude": pl.Float64}
"""Points, rounded to five decimals, that say nothing of a row: a geocoder's middle of a city or a ZIP code."""
HEAD = {"form": pl.Int64, "check": pl.Int64, "longitude": pl.Float64, "latitude": pl.Float64, "block_size": pl.Int64}
"""``check``: a hash by which the secret is known that the keys were made with; then the plane's origin."""
FORM = 3
TABLES = {"head": HEAD, "units": UNITS, "keys": KEYS, "cells": CELLS, "crowds": CROWDS, "retired": RETIRED}
_SCOPE = "places"
_PRIVATE = 0o600
_DAY = (1980, 1, 1, 0, 0, 0)
"""Members of the zip have no time of their own, so that the same places are the same bytes."""


class PlacesFormError(PortalError, ValueError):
    """A places file cannot be used as it is; the message says what to do about it."""


@dataclass(frozen=True, eq=False)
class Places:
    """The tables of a department's places; ``secret`` is what the keys are hashed with."""

    units: pl.DataFrame
    keys: pl.DataFrame
    cells: pl.DataFrame
    crowds: pl.DataFrame
    plane: Plane
    block_size: int
    secret: bytes = field(repr=False)
    retired: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RETIRED))

    @cached_property
    def version(self) -> str:
        """A hash of the content: rows that were masked with other places have another form."""
        digest = xxhash.xxh3_128()
        for name, table in self.tables().items():
            if name not in {"head", "retired"}:
                digest.update(table.select(pl.exclude("valid_from", "valid_to")).write_csv().encode())
        return digest.hexdigest()

    @property
    def is_empty(self) -> bool:
        """Whether there is no place at all."""
        return not self.units.height

    def polygons(self) -> pl.Series:
        """Return the polygon of each unit as WKB in degrees: the union of its cells; null where it has no ground."""
        cells, owners = self.cells["cell"].to_numpy(), self.cells["unit"].to_numpy()
        return pl.Series(outlines(cells, owners, self.units.height, self.plane), dtype=pl.Binary)

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables of the file by their names."""
        head = {
            "form": FORM,
            "check": _check(self.secret),
            "longitude": self.plane.longitude,
            "latitude": self.plane.latitude,
            "block_size": self.block_size,
        }
        return {
            "head": pl.DataFrame([head], schema=HEAD),
            "units": self.units,
            "keys": self.keys,
            "cells": self.cells,
            "crowds": self.crowds,
            "retired": self.retired,
        }


def hashed(keys: pl.Series, secret: bytes) -> pl.Series:
    """Return what stands for the keys of addresses in a places file."""
    return keys_of(secret, _SCOPE, keys)


def _check(secret: bytes) -> int:
    return int(hashed(pl.Series([_SCOPE]), secret)[0])


def read_places(path: Path, secret: bytes) -> Places:
    """Read a places file; raise OSError or polars' errors where it cannot be read, ValueError where it is none.

    Raises PlacesFormError, whose message is for the operator, for a file of an older form or of another secret.
    """
    if path.read_bytes()[:4] == b"PAR1":
        raise PlacesFormError(
            Said(
                "The places file {name} is of an older form, which knows no ground: make it anew "
                "with `ckan cpdi places --from FILE --again`.",
                name=path.name,
            )
        )
    try:
        with zipfile.ZipFile(path) as archive:
            tables = {name: pl.read_parquet(io.BytesIO(archive.read(f"{name}.parquet"))) for name in TABLES}
    except (zipfile.BadZipFile, KeyError) as error:
        raise ValueError(f"{path} is no places file") from error
    if any(dict(tables[name].schema) != schema for name, schema in TABLES.items()) or tables["head"].height != 1:
        raise ValueError(f"{path} is no places file")
    head = tables["head"].row(0, named=True)
    if head["check"] != _check(secret):
        raise PlacesFormError(
            Said(
                "The places file {name} was made with another ckanext.cpdi.secret, so that no "
                "address finds its place in it: set that secret again, or make the file anew with "
                "`ckan cpdi places --from FILE --again`.",
                name=path.name,
            )
        )
    return Places(
        **{name: table for name, table in tables.items() if name != "head"},
        plane=Plane(head["longitude"], head["latitude"]),
        block_size=head["block_size"],
        secret=secret,
    )


def write_places(places: Places, path: Path) -> None:
    """Write a places file that only its owner may read; a reader sees the old file or the new one."""
    with written(path, mode=_PRIVATE, durable=True) as fresh, zipfile.ZipFile(fresh, "w") as archive:
        for name, table in places.tables().items():
            buffer = io.BytesIO()
            table.write_parquet(buffer)
            archive.writestr(zipfile.ZipInfo(f"{name}.parquet", _DAY), buffer.getvalue())

"""Builds a department's places file at the operator's wish: from address points, or from years of a feed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.feeds import Reader, local, open_feed
from ckanext.cpdi.harvesters.places import points
from ckanext.cpdi.rows import HeaderError, Plan, build_places, write_places

_PARTS = {"address": "address", "longitude": "x", "latitude": "y", "team": "reported_team"}
"""A column of address points, and the input whose headers it may have."""


class PlacesError(ValueError):
    """No places can be made of a file; the message says what is missing."""


@dataclass(frozen=True)
class Built:
    """A places file with its number of places, and of the addresses that they stand for."""

    path: Path
    places: int
    addresses: int


def build_from(dataset: str, file: Path, profile: str = "", private: Path | None = None) -> Built:
    """Make the places file of the profile from ``file``: a feed of ``dataset``, or a CSV of address points in degrees.

    ``private`` is a text file of addresses, one a line, that get no place of their own. Raises FeedError for a file
    that cannot be read, PlacesError for one without addresses and points.
    """
    declared, department = config.library().dataset(dataset), config.profile(profile)
    with local(file) as spool:
        reader = open_feed(spool, department.feed(dataset))
        found = _points(reader, declared, department)
    hidden = pl.Series(private.read_text(encoding="utf-8").splitlines(), dtype=pl.String) if private else None
    built = build_places(found, department, hidden)
    path = config.places_path(department.name)
    write_places(built, path)
    return Built(path, built.units.height, int(built.units["addresses"].sum()))


def _points(reader: Reader, dataset: Dataset, profile: Profile) -> pl.DataFrame:
    """Return the addresses of a feed, or of address points where the file lacks what a feed has."""
    try:
        plan = Plan.of(dataset, profile, config.secret(), reader.headers)
    except HeaderError as error:
        return _address_points(reader, dataset, profile, str(error))
    return points(reader, plan)


def _address_points(reader: Reader, dataset: Dataset, profile: Profile, otherwise: str) -> pl.DataFrame:
    """Return a file's address points; raise PlacesError, with what a feed lacks, where a column is missing."""
    known = {header.casefold(): header for header in reader.headers}
    columns: dict[str, str] = {}
    for name, header in _PARTS.items():
        names = (name, *profile.feed(dataset.name).headers.get(header, ()), *_headers(dataset, header))
        column = next((known[one.casefold()] for one in names if one.casefold() in known), None)
        if column is None and name != "team":
            raise PlacesError(f"neither a feed ({otherwise}) nor address points (no column {name})")
        if column is not None:
            columns[name] = column
    frames = [
        batch.frame.select(
            pl.col(columns["address"]).alias("address"),
            pl.col(columns["longitude"]).cast(pl.Float64, strict=False).alias("longitude"),
            pl.col(columns["latitude"]).cast(pl.Float64, strict=False).alias("latitude"),
            (pl.col(columns["team"]) if "team" in columns else pl.lit(None, pl.String)).alias("team"),
        )
        for batch in reader.batches()
    ]
    return pl.concat(frames).unique()


def _headers(dataset: Dataset, name: str) -> tuple[str, ...]:
    """Return the headers by which feeds at large call an input."""
    return next((column.headers for column in dataset.rows.read if column.name == name), ())

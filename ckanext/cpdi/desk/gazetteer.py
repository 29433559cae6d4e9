"""Builds a department's places file at the operator's command: from address points, or from years of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.feeds import Reader, local, open_feed
from ckanext.cpdi.pipeline.places import PlacesError, points, read_stored
from ckanext.cpdi.rows import HeaderError, Places, build_places, convert_places, make_plan, write_places

_LOST_PLACES = (
    "; {n:,} places had a name that is no street's by its form, and show their team alone. If they were streets:"
    " `ckan cpdi places --from FILE --again` with address points"
)
_INPUTS = {"address": "address", "longitude": "x", "latitude": "y", "team": "reported_team"}
"""A column of address points, and the input whose headers it may have."""


@dataclass(frozen=True)
class Summary:
    """Counts of a places file: its places (``units``), their ``addresses``, the fewest addresses of a place.

    ``parts`` counts blocks, streets and intersections, ``merged`` those that share a place with a neighbour.
    """

    path: Path
    version: str
    units: int
    addresses: int
    smallest: int
    parts: int
    merged: int


def summary(profile: str = "") -> Summary | None:
    """Return the counts of the profile's places file; None where there is none.

    Raises PlacesError for a file that cannot be used.
    """
    path = config.places_path(config.profile(profile).name)
    places = read_stored(path)
    return _summary(path, places) if places is not None else None


def convert_old_files() -> list[str]:
    """Convert places files of the older form; return a message for each.

    A damaged file is skipped: its next run reports it.
    """
    messages: list[str] = []
    for path in sorted(config.places_path("any").parent.glob("*.parquet")):
        try:
            lost_places = convert_places(path, config.secret())
        except (OSError, ValueError, PolarsError, PanicException):
            continue
        if lost_places is not None:
            loss = _LOST_PLACES.format(n=lost_places) if lost_places else ""
            messages.append(f"{path.name} of hashed addresses{loss}")
    return messages


def build_from(
    dataset: str, files: Sequence[Path], profile: str = "", private: Path | None = None, *, again: bool = False
) -> Summary:
    """Make the places file of the profile from ``files``: feeds of ``dataset``, or CSVs of address points in degrees.

    ``private`` is a text file of addresses, one a line, that get no place of their own. Raises FeedError for a file
    that cannot be read, PlacesError for a file without addresses and points, for files that make no place, and where a
    places file exists, unless ``again`` replaces it.
    """
    declared, department = config.library().dataset(dataset), config.profile(profile)
    path = config.places_path(department.name)
    if path.exists() and not again:
        raise PlacesError(
            f"{path} is there. A new one changes the published places of every row, and somebody has to approve that;"
            " if it is wanted: --again"
        )
    address_sets = [_addresses(file, declared, department) for file in files]
    addresses = pl.concat([points for points, _ in address_sets]).unique()
    reference = pl.concat(
        [points["address"] for points, is_reference in address_sets if is_reference] or [pl.Series(dtype=pl.String)]
    )
    hidden = pl.Series(private.read_text(encoding="utf-8").splitlines(), dtype=pl.String) if private else None
    built = build_places(addresses, department, config.secret(), hidden, reference)
    if not built.table.height:
        fewest = department.places.minimum_addresses
        raise PlacesError(f"no place comes of it: there are not {fewest} addresses that lie together")
    write_places(built, path)
    return _summary(path, built)


def _summary(path: Path, places: Places) -> Summary:
    together = places.table.filter(pl.col("unit").is_duplicated()).height
    units = places.units
    fewest = units["addresses"].min()
    return Summary(
        path=path,
        version=places.version,
        units=units.height,
        addresses=int(units["addresses"].sum()),
        smallest=int(str(fewest or 0)),
        parts=places.table.height,
        merged=together,
    )


def _addresses(file: Path, dataset: Dataset, profile: Profile) -> tuple[pl.DataFrame, bool]:
    """Return the addresses of a file, and whether it is a reference: address points, not a feed."""
    with local(file) as spool:
        return _points(open_feed(spool, profile.feed(dataset.name)), dataset, profile)


def _points(reader: Reader, dataset: Dataset, profile: Profile) -> tuple[pl.DataFrame, bool]:
    """Return the addresses of a file, and True where it lacks a feed's columns, so that it has address points."""
    try:
        plan = make_plan(dataset, profile, config.secret(), reader.headers)
    except HeaderError as error:
        return _address_points(reader, dataset, profile, str(error)), True
    return points(reader, plan), False


def _address_points(reader: Reader, dataset: Dataset, profile: Profile, otherwise: str) -> pl.DataFrame:
    """Return a file's address points; raise PlacesError where a column is missing.

    ``otherwise`` says why the file is no feed either.
    """
    by_spelling = {header.casefold(): header for header in reader.headers}
    columns: dict[str, str] = {}
    for name, header in _INPUTS.items():
        names = (name, *profile.feed(dataset.name).headers.get(header, ()), *_headers(dataset, header))
        column = next((by_spelling[spelling] for spelling in map(str.casefold, names) if spelling in by_spelling), None)
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
        for batch in reader.batches(columns=columns.values())
    ]
    return pl.concat(frames).unique()


def _headers(dataset: Dataset, name: str) -> tuple[str, ...]:
    """Return the headers that feeds in general use for an input."""
    return next((column.headers for column in dataset.rows.read if column.name == name), ())

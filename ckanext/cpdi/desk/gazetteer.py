"""Builds a department's places file at the operator's wish: from address points, or from years of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from polars.exceptions import PanicException, PolarsError

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.feeds import Reader, local, open_feed
from ckanext.cpdi.pipeline.places import PlacesError, points, stored
from ckanext.cpdi.rows import HeaderError, Places, build_places, convert_places, make_plan, write_places

_LOST = (
    "; {n:,} places had a name that is no street's by its form, and show their team alone. If they were streets:"
    " `ckan cpdi places --from FILE --again` with address points"
)
_PARTS = {"address": "address", "longitude": "x", "latitude": "y", "team": "reported_team"}
"""A column of address points, and the input whose headers it may have."""


@dataclass(frozen=True)
class Summary:
    """A places file: ``units`` are the places, ``addresses`` what they stand for, ``smallest`` the fewest of one.

    ``merged`` are the blocks, streets and intersections that share a place with a neighbour, of all the ``parts``.
    """

    path: Path
    version: str
    units: int
    addresses: int
    smallest: int
    parts: int
    merged: int


def summary(profile: str = "") -> Summary | None:
    """Return what the places file of the profile holds; None where there is none.

    Raises PlacesError for one that cannot be used.
    """
    path = config.places_path(config.profile(profile).name)
    found = stored(path)
    return _summary(path, found) if found is not None else None


def converted() -> list[str]:
    """Bring places files of the older form into today's; return what was done, in words.

    What is damaged is told where it is used.
    """
    made: list[str] = []
    for path in sorted(config.places_path("any").parent.glob("*.parquet")):
        try:
            lost = convert_places(path, config.secret())
        except (OSError, ValueError, PolarsError, PanicException):
            continue
        if lost is not None:
            made.append(f"{path.name} of hashed addresses" + (_LOST.format(n=lost) if lost else ""))
    return made


def build_from(
    dataset: str, files: Sequence[Path], profile: str = "", private: Path | None = None, *, again: bool = False
) -> Summary:
    """Make the places file of the profile from ``files``: feeds of ``dataset``, or CSVs of address points in degrees.

    ``private`` is a text file of addresses, one a line, that get no place of their own. Raises FeedError for a file
    that cannot be read, PlacesError for one without addresses and points, for files that make no place, and for a
    places file that is there, unless it is to be made ``again``.
    """
    declared, department = config.library().dataset(dataset), config.profile(profile)
    path = config.places_path(department.name)
    if path.exists() and not again:
        raise PlacesError(
            f"{path} is there. A new one changes the published places of every row, and somebody has to approve that;"
            " if it is wanted: --again"
        )
    read = [_addresses(file, declared, department) for file in files]
    found = pl.concat([points for points, _ in read]).unique()
    reference = pl.concat(
        [points["address"] for points, is_reference in read if is_reference] or [pl.Series(dtype=pl.String)]
    )
    hidden = pl.Series(private.read_text(encoding="utf-8").splitlines(), dtype=pl.String) if private else None
    built = build_places(found, department, config.secret(), hidden, reference)
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
    """Return the addresses of one file, and whether it is a reference: address points, and no feed."""
    with local(file) as spool:
        return _points(open_feed(spool, profile.feed(dataset.name)), dataset, profile)


def _points(reader: Reader, dataset: Dataset, profile: Profile) -> tuple[pl.DataFrame, bool]:
    """Return the addresses of a feed, or of address points where the file lacks what a feed has, and which it is."""
    try:
        plan = make_plan(dataset, profile, config.secret(), reader.headers)
    except HeaderError as error:
        return _address_points(reader, dataset, profile, str(error)), True
    return points(reader, plan), False


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
        for batch in reader.batches(columns=columns.values())
    ]
    return pl.concat(frames).unique()


def _headers(dataset: Dataset, name: str) -> tuple[str, ...]:
    """Return the headers by which feeds at large call an input."""
    return next((column.headers for column in dataset.rows.read if column.name == name), ())

"""Builds a department's places file at the operator's command: from address points, or from years of a feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.desk.address_points import read_address_points
from ckanext.cpdi.desk.public_places import read_public
from ckanext.cpdi.desk.street_network import read_network
from ckanext.cpdi.feeds import Reader, local, open_feed
from ckanext.cpdi.pipeline.places import PlacesError, points, read_stored
from ckanext.cpdi.rows import Evidence, HeaderError, Places, build_places, make_plan, write_places
from ckanext.cpdi.rows.places import POINTS, succeeded, summed


@dataclass(frozen=True)
class Summary:
    """Counts of a places file: its places (``units``), and their ``addresses``.

    ``grounded`` counts places that are a piece of ground, ``smallest`` the fewest addresses of one that is no public
    place, ``wide`` those that are wider than the profile wants, since addresses are few there; ``crossings`` the
    crossings.
    """

    path: Path
    version: str
    units: int
    addresses: int
    grounded: int
    smallest: int
    wide: int
    crossings: int


def summary(profile: str = "") -> Summary | None:
    """Return the counts of the profile's places file; None where there is none.

    Raises PlacesError for a file that cannot be used.
    """
    path = config.places_path(config.profile(profile).name)
    places = read_stored(path)
    widest = config.profile(profile).places.widest_metres
    return _summary(path, places, widest) if places is not None else None


def build_from(
    dataset: str,
    files: Sequence[Path],
    profile: str = "",
    private: Path | None = None,
    *,
    network: Path | None = None,
    public: Path | None = None,
    again: bool = False,
    update: bool = False,
) -> Summary:
    """Make the places file of the profile from ``files``: feeds of ``dataset``, or CSVs of address points in degrees.

    ``network`` is a file of streets with address ranges, which places are then made of; ``files`` count the addresses
    on it. ``public`` is one of polygons with names, such as parks. ``private`` is a text file of addresses, one a line,
    that get no place of their own. With ``update`` the places that there are stay as they are, and what none of them
    has gets places beside them; with ``again`` all are made anew. Raises FeedError for a file that cannot be read,
    PlacesError for a file without addresses and points, for files that make no place, where a places file exists and
    neither is said, and where there is none to update.
    """
    declared, department = config.library().dataset(dataset), config.profile(profile)
    path = config.places_path(department.name)
    if path.exists() and not (again or update):
        raise PlacesError(
            f"{path} is there. --update adds places for new parts of town and leaves the others as they are; --again"
            " makes all of them anew, which changes the published places of every row. Somebody has to approve either."
        )
    before = _before(path, update=update)
    address_sets = [_addresses(file, declared, department) for file in files]
    addresses = summed(pl.concat([pl.DataFrame(schema=POINTS), *(points for points, _ in address_sets)]))
    reference = pl.concat(
        [points["address"] for points, is_reference in address_sets if is_reference] or [pl.Series(dtype=pl.String)]
    )
    hidden = pl.Series(private.read_text(encoding="utf-8").splitlines(), dtype=pl.String) if private else None
    streets = read_network(network, department.places.network) if network else None
    today = datetime.now(department.zone).date() if before else None
    built = build_places(
        Evidence(
            addresses,
            private=hidden,
            reference=reference,
            network=streets,
            public=read_public(public) if public else None,
        ),
        department,
        config.secret(),
        beside=before if update else None,
        today=today,
    )
    if built.is_empty:
        fewest = department.places.minimum_addresses
        raise PlacesError(f"no place comes of it: there are not {fewest} addresses that lie together")
    if before and today:
        built = succeeded(before, built, today)
    write_places(built, path)
    return _summary(path, built, department.places.widest_metres)


def _before(path: Path, *, update: bool) -> Places | None:
    """Return the places that there are; None for none, or, where they are not to be updated, for a damaged file."""
    try:
        before = read_stored(path)
    except PlacesError:
        if update:
            raise
        return None
    if before is None and update:
        raise PlacesError("there are no places yet that could be updated: leave --update out")
    return before


def _summary(path: Path, places: Places, widest: float) -> Summary:
    units = places.units
    grounded = units.filter("has_ground")
    fewest = grounded.filter(pl.col("addresses") > 0)["addresses"].min()
    return Summary(
        path=path,
        version=places.version,
        units=units.height,
        addresses=int(grounded["addresses"].sum()),
        grounded=grounded.height,
        smallest=int(str(fewest or 0)),
        wide=grounded.filter(pl.col("width") > widest).height,
        crossings=units.filter(pl.col("precision") == "intersection").height,
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
        return read_address_points(reader, dataset, profile, str(error)), True
    return points(reader, plan), False

"""How true places are that are made in each way, and how long that takes: the invented city's true points are known.

``python -m bench.places PROFILE FEED`` prints one JSON object by way: ``network`` (streets with address ranges, and
address points to count by), ``points`` (address points alone), ``history`` (the feed's own points), ``names`` (the feed
without points). ``python -m bench.places PROFILE --segments`` makes the places of a large network.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl
import shapely
from msgspec import structs

from bench.entry import Entry
from bench.feeds import ROOT, SEED, Feeds
from bench.process import Runner
from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.desk.street_network import read_network
from ckanext.cpdi.feeds import local, open_feed
from ckanext.cpdi.rows import Evidence, Places, Plan, build_places, make_plan, place_points
from ckanext.cpdi.rows.places import NONE, POINTS, Finder, summed, tally
from ckanext.cpdi.sample import write_addresses, write_streets

DATASET = "calls-for-service"
SECRET = b"bench" * 8
SEGMENTS = 500_000
BARS: dict[str, tuple[float, float]] = {"network": (90, 300), "points": (90, 300), "history": (120, 400)}
"""Metres between true and published point at most: the median, and that of 95 %."""
_FARTHER_TOWNS = 8
"""Copies of the city a row, half a degree apart, in the large network."""


def measure(runner: Runner, feeds: Feeds) -> Iterator[Entry]:
    """Yield the figures of each way, and time and memory of a large street network."""
    for way, figures in runner.module("bench.places", "charleston", str(feeds.first)).json().items():
        name = f"places by {way}:"
        median, p95 = BARS.get(way, (None, None))
        yield Entry(f"{name} addresses without one", figures["unplaced"], "%", bar=3)
        if median is not None:
            yield Entry(f"{name} shown away, median", figures["median"], "m", bar=median)
            yield Entry(f"{name} shown away, 95 %", figures["p95"], "m", bar=p95)
        yield Entry(f"{name} in another team than the true point", figures["team_wrong"], "%", bar=0.5)
        yield Entry(f"{name} units in two teams", figures["crossing"], "", bar=0)
        yield Entry(f"{name} blocks wider than declared", figures["wide"], "", bar=0)
        yield Entry(f"{name} units with too few true addresses", figures["few"], "", bar=0)
        yield Entry(f"{name} made in", figures["seconds"], "CPU s")
    large = runner.module("bench.places", "charleston", "--segments")
    yield Entry(f"places of {SEGMENTS:,} street segments", large.cpu, "CPU s", bar=60)
    yield Entry("its peak", large.peak_mb, "MB", bar=1024)


def main(profile: str, feed: str) -> None:
    """Print the figures of each way, or make the places of a large network."""
    library = read_library(ROOT / "schemas", [])
    department = read_profile(ROOT / "profiles" / f"{profile}.yaml", library.classes, library.datasets)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_streets(folder / "streets.geojson", department, SEED)
        write_addresses(folder / "houses.csv", department, SEED)
        network, reference = read_network(folder / "streets.geojson", {}), _reference(folder / "houses.csv")
    if feed == "--segments":
        no_teams = structs.replace(department, teams="")
        places = build_places(Evidence(pl.DataFrame(schema=POINTS), network=_large(network)), no_teams, SECRET)
        print(json.dumps({"units": places.units.height}))
        return
    with local(Path(feed)) as spool:
        reader = open_feed(spool, department.feed(DATASET))
        plan = make_plan(library.dataset(DATASET), department, SECRET, reader.headers)
        rows = summed(pl.concat([place_points(batch.frame, plan) for batch in reader.batches()]))
    nowhere = rows.with_columns(longitude=pl.lit(None, pl.Float64), latitude=pl.lit(None, pl.Float64))
    made_of: dict[str, tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame | None]] = {
        "network": (rows, reference, network),
        "points": (rows, reference, None),
        "history": (rows, rows, None),
        "names": (nowhere, nowhere, None),
    }
    print(json.dumps({way: _figures(plan, rows, reference, *evidence) for way, evidence in made_of.items()}))


def _figures(
    plan: Plan,
    rows: pl.DataFrame,
    reference: pl.DataFrame,
    seen: pl.DataFrame,
    evidence: pl.DataFrame,
    network: pl.DataFrame | None,
) -> dict[str, float]:
    """Return how true the places made of ``evidence`` are for ``rows``, of which a run would know what is ``seen``."""
    began = process_time()
    addresses = evidence["address"] if evidence is reference else None
    places = build_places(
        Evidence(evidence, reference=addresses, network=network),
        plan.profile,
        SECRET,
        jurisdiction=plan.jurisdiction,
    )
    seconds = process_time() - began
    finder = Finder(places, plan.jurisdiction.areas)
    match = finder.find(seen["address"], *_degrees(seen), trust_points=True)
    team = plan.jurisdiction.team(*_degrees(rows))
    every = np.ones(rows.height, dtype=bool)
    figures = tally(places, match, *_degrees(rows), team, every, every).figures()
    blocks = places.units.filter("has_ground", pl.col("precision") == "block")
    return {
        "unplaced": 100 * (1 - (figures.placed_share or 0)),
        "median": figures.median,
        "p95": figures.p95,
        "team_wrong": 100 * (1 - (figures.team_share or 0)) if figures.team_reported else 0,
        "wide": blocks.filter(pl.col("width") > plan.profile.places.widest_metres).height,
        "seconds": seconds,
        **_by_reference(plan, places, finder, reference),
    }


def _by_reference(plan: Plan, places: Places, finder: Finder, reference: pl.DataFrame) -> dict[str, int]:
    """Return how many units have ``few`` of the true houses, and how many some in another team (``crossing``)."""
    longitude, latitude = _degrees(reference)
    match = finder.find(reference["address"], longitude, latitude, trust_points=True)
    found = match.unit != NONE
    team = plan.jurisdiction.team(longitude, latitude).filter(pl.Series(found))
    houses = pl.DataFrame({"unit": match.unit[found], "team": team})
    counted = houses.group_by("unit").agg(pl.len().alias("houses"), pl.col("team").unique().alias("teams"))
    units = places.units.select("unit", "has_ground", own="team").join(counted, on="unit", how="left")
    grounded = units.filter("has_ground")
    other = grounded.explode("teams").filter(pl.col("teams").is_not_null() & (pl.col("teams") != pl.col("own")))
    fewest = plan.profile.places.minimum_addresses
    return {
        "few": grounded.filter(pl.col("houses").fill_null(0) < fewest).height,
        "crossing": other["unit"].n_unique(),
    }


def _degrees(points: pl.DataFrame) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    longitude, latitude = (points[axis].fill_null(np.nan).to_numpy() for axis in ("longitude", "latitude"))
    return longitude, latitude


def _reference(houses: Path) -> pl.DataFrame:
    """Return the true houses (columns of POINTS)."""
    table = pl.read_csv(houses)
    return table.select(
        address=pl.format("{} {}", "NUMBER", "STREET"),
        longitude="LON",
        latitude="LAT",
        team=pl.lit(None, pl.String),
        rows=pl.lit(1, pl.Int64),
    )


def _large(network: pl.DataFrame) -> pl.DataFrame:
    """Return SEGMENTS segments: copies of the city's, each elsewhere, with other names."""
    lines: Any = shapely.from_wkb(network["geometry"].to_numpy())
    towns: list[pl.DataFrame] = []
    for town in range(-(-SEGMENTS // network.height)):
        east, north = 0.5 * (town % _FARTHER_TOWNS), 0.5 * (town // _FARTHER_TOWNS)
        moved = shapely.to_wkb(shapely.transform(lines, lambda corners, by=(east, north): corners + by))
        name = pl.lit("".join(chr(ord("A") + town // 26**place % 26) for place in range(3)) + " ")
        towns.append(network.with_columns(name + pl.col("street"), geometry=pl.Series(moved, dtype=pl.Binary)))
    return pl.concat(towns).head(SEGMENTS)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Streets, address points and areas of the invented city: those that its calls lie in."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import shapely

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.sample import write_addresses, write_areas, write_calls, write_streets

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def profile():
    return read_profile(ROOT / "profiles" / "charleston.yaml", read_library(ROOT / "schemas", []).classes)


def features(path: Path) -> list:
    return json.loads(path.read_text(encoding="utf-8"))["features"]


def test_calls_of_a_seed_have_addresses_of_its_city(profile, tmp_path):
    write_addresses(tmp_path / "houses.csv", profile, 3)
    write_calls(tmp_path / "calls.csv", profile, 500, 3)
    houses = pl.read_csv(tmp_path / "houses.csv").select(pl.format("{} {}", "NUMBER", "STREET")).to_series()
    calls = pl.read_csv(tmp_path / "calls.csv", infer_schema=False)["Address"].drop_nulls()
    known = calls.str.strip_chars().str.to_uppercase().is_in(houses.str.to_uppercase().implode())
    assert known.sum() > 0.95 * len(calls)
    other = tmp_path / "other.csv"
    write_addresses(other, profile, 4)
    assert other.read_bytes() != (tmp_path / "houses.csv").read_bytes()


def test_every_house_lies_in_the_range_of_a_block_of_its_street(profile, tmp_path):
    write_addresses(tmp_path / "houses.csv", profile, 3)
    write_streets(tmp_path / "streets.geojson", profile, 3)
    ranges = {
        (street["FULLNAME"], number)
        for street in (feature["properties"] for feature in features(tmp_path / "streets.geojson"))
        for number in range(street["LFROMADD"], street["RTOADD"] + 1)
    }
    houses = pl.read_csv(tmp_path / "houses.csv").select("STREET", "NUMBER")
    assert set(houses.iter_rows()) <= ranges


def test_areas_share_the_boundary_without_overlap(profile, tmp_path):
    count = write_areas(tmp_path / "areas.geojson", profile, 3)
    listed = features(tmp_path / "areas.geojson")
    areas = [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in listed]
    assert count == len(listed) == len({feature["properties"]["name"] for feature in listed}) >= 4
    assert shapely.union_all(areas).area == pytest.approx(sum(area.area for area in areas), rel=1e-6)

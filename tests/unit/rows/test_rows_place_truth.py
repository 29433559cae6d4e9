"""How true published places are, how they grow, and what everybody sees of them."""

import json
from datetime import date

import numpy as np
import polars as pl
import pytest
import shapely
from rows_kit import ROW, SECRET, run, town
from test_rows_places import block, found, points, two_teams

from ckanext.cpdi.rows import Evidence, build_places, read_places, write_places
from ckanext.cpdi.rows.ground.cells import Plane, cells_of, outlines
from ckanext.cpdi.rows.places import PUBLIC, PlaceTally, succeeded
from ckanext.cpdi.rows.places.published import OUTLINE, published_places

TODAY = date(2026, 11, 29)
HERE = {"LONGITUDE": "-80.05", "LATITUDE": "32.75025", "Address": "1204 Quillfen St"}
"""A house in the middle of its block."""


@pytest.fixture
def profile(tmp_path):
    return town(tmp_path)


def figures(profile, *cells):
    return run(profile, *({**ROW, "Incident_Number": f"26-{at:06}", **row} for at, row in enumerate(cells, 1))).truth


def test_rows_are_counted_by_the_way_in_which_they_found_their_place(profile):
    by_point, by_address = {**HERE, "Address": None}, {**HERE, "LONGITUDE": None, "LATITUDE": None}
    nowhere = {**HERE, "Address": "9 Unheard Of Ln", "LONGITUDE": "-80.01", "LATITUDE": "32.79"}
    nothing = {"LONGITUDE": None, "LATITUDE": None, "Address": None}
    truth = figures(profile, HERE, by_point, by_address, nowhere, nothing).figures()
    assert (truth.rows, truth.placed, truth.by_address, truth.by_point) == (4, 3, 1, 1)
    assert truth.placed_share == 0.75


def test_a_row_that_may_show_no_place_is_not_counted(profile):
    assert figures(profile, {**HERE, "Problem": "Domestic Dispute"}).figures().rows == 0


def test_distances_are_those_between_the_true_and_the_published_point(profile):
    """0.0001 degrees of latitude are 11 metres."""
    north = {**HERE, "LATITUDE": "32.75035"}
    truth = figures(profile, HERE, HERE, north).figures()
    assert truth.measured == 3
    assert truth.median <= 3
    assert truth.greatest == pytest.approx(11, abs=3)
    assert truth.p95 == truth.greatest


def test_address_and_point_that_are_far_apart_are_counted(profile):
    assert figures(profile, {**HERE, "LATITUDE": "32.7441"}, HERE).figures().far_apart == 1


def test_tallies_add_up(profile):
    first, second = figures(profile, HERE), figures(profile, {**HERE, "LATITUDE": "32.75035"}, HERE)
    both = (PlaceTally() + first + second).figures()
    assert (both.rows, both.placed, both.measured) == (3, 3, 3)
    assert both.greatest == second.figures().greatest


def test_places_grow_beside_those_that_there_are(profile):
    """A new street gets a unit of its own; houses on known ground, or with a known name, make none."""
    king = block("King St", 1200, 9, -80.05, 32.75)
    before = build_places(Evidence(points(*king)), profile, SECRET)
    more = [*king, *block("Queen St", 100, 9, -80.02, 32.78), *block("Alley", 1, 9, -80.05, 32.75)]
    after = build_places(Evidence(points(*more)), profile, SECRET, beside=before, today=TODAY)
    assert after.units.head(before.units.height).equals(before.units)
    fresh = after.units.tail(after.units.height - before.units.height).filter("has_ground")
    assert fresh["label"].to_list() == ["100 block of Queen St"]
    assert fresh["valid_from"].to_list() == [TODAY]
    assert after.cells["cell"].is_unique().all()
    assert after.cells["cell"].is_sorted()
    again = build_places(Evidence(points(*more)), profile, SECRET, beside=after, today=TODAY)
    assert again.version == after.version


def test_units_that_are_in_use_no_longer_stay_published(profile, tmp_path):
    king, queen = block("King St", 1200, 9, -80.05, 32.75), block("Queen St", 100, 9, -80.02, 32.78)
    before = build_places(Evidence(points(*king, *queen)), profile, SECRET)
    after = succeeded(before, build_places(Evidence(points(*king)), profile, SECRET, today=TODAY), TODAY)
    write_places(after, tmp_path / "x.zip")
    table = published_places(read_places(tmp_path / "x.zip", SECRET))
    ended = table.filter(pl.col("valid_to").is_not_null(), pl.col(OUTLINE).is_not_null())
    assert ended["label"].to_list() == ["100 block of Queen St"]
    assert ended["valid_to"].to_list() == [TODAY]
    stays = table.filter(pl.col("label") == "1200 block of King St")
    assert stays.select("valid_from", "valid_to").row(0) == (None, None)
    assert (
        stays["place_id"].to_list() == before.units.filter(pl.col("label") == "1200 block of King St")["id"].to_list()
    )


def test_what_is_published_of_a_place_is_rounded_and_its_point_lies_in_its_outline(profile):
    places = build_places(Evidence(points(*block("King St", 1200, 9, -80.05, 32.75))), profile, SECRET)
    (row,) = published_places(places).filter(pl.col(OUTLINE).is_not_null()).to_dicts()
    assert (row["addresses"], row["width_metres"], row["location_precision"]) == ("8 to 15", 50, "block")
    assert shapely.contains(shapely.from_wkb(row[OUTLINE]), shapely.Point(row["longitude"], row["latitude"]))
    assert len(row["place_id"]) == 12


def test_a_row_names_its_place(profile):
    (row,) = run(profile, {**ROW, **HERE}).published.to_dicts()
    (coarse,) = run(profile, {**ROW, **HERE, "Problem": "Domestic Dispute"}).published.to_dicts() or [{}]
    assert len(row["place_id"]) == 12
    assert coarse.get("place_id") is None


def test_areas_of_the_profile_are_columns_of_their_own(tmp_path):
    from msgspec import structs

    profile = town(tmp_path)
    half = shapely.box(-80.10, 32.70, -80.0, 32.76)
    feature = {"type": "Feature", "properties": {"name": "Old Town"}, "geometry": shapely.geometry.mapping(half)}
    (tmp_path / "hoods.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    profile = structs.replace(profile, areas={"neighbourhood": "hoods.geojson"})
    rows = [*block("King St", 1200, 9, -80.05, 32.75), *block("Queen St", 100, 9, -80.02, 32.78)]
    table = published_places(build_places(Evidence(points(*rows)), profile, SECRET), ("neighbourhood",))
    named = dict(table.filter(pl.col(OUTLINE).is_not_null()).select("label", "neighbourhood").iter_rows())
    assert named == {"1200 block of King St": "Old Town", "100 block of Queen St": None}


def test_ground_that_touches_itself_at_a_corner_is_a_valid_outline():
    """Seven cells around a free one, of which two meet at a corner alone."""
    at = [(0, 0), (1, 0), (2, 0), (0, 1), (2, 1), (0, 2), (1, 2)]
    x, y = (np.array([25.0 * pair[axis] + 12 for pair in at]) for axis in (0, 1))
    (outline,) = outlines(np.sort(cells_of(x, y)), np.zeros(len(at), dtype=np.int64), 1, Plane(-80.0, 32.7))
    shape = shapely.from_wkb(outline)
    assert shapely.is_valid(shape)
    assert shape.area == pytest.approx(len(at) * 25 / 111_320 * 25 / (111_320 * np.cos(np.radians(32.7))), rel=1e-3)


def test_a_park_is_a_place_of_its_own_and_a_unit_in_each_team(tmp_path):
    profile = two_teams(tmp_path)
    park = shapely.box(-80.052, 32.75, -80.048, 32.753)
    public = pl.DataFrame({"name": ["Hampton Park"], "geometry": [shapely.to_wkb(park)]}, schema=PUBLIC)
    rows = [*block("King St", 1200, 9, -80.0515, 32.7515), *block("Queen St", 100, 9, -80.02, 32.78)]
    places = build_places(Evidence(points(*rows), public=public), profile, SECRET)
    parks = places.units.filter(pl.col("label") == "Hampton Park").sort("team")
    assert parks.select("team", "addresses", "precision").rows() == [("East", 0, "area"), ("West", 0, "area")]
    assert found(profile, places, None, -80.0515, 32.7515)[::2] == ("Hampton Park", "West")
    assert found(profile, places, None, -80.0485, 32.7515)[::2] == ("Hampton Park", "East")
    assert found(profile, places, "HAMPTON PARK", -80.0485, 32.7515)[::2] == ("Hampton Park", "East")
    assert found(profile, places, "103 Queen St")[0] == "100 block of Queen St"
    table = published_places(places).filter(pl.col("label") == "Hampton Park")
    assert table["addresses"].to_list() == ["public place"] * 2


def test_blocks_and_streets_in_place_of_addresses_are_kept_where_the_profile_says_so(tmp_path):
    """P7: a feed that is coarse already."""
    profile = town(tmp_path, fewest=1)
    rows = [(f"{at}00 Block King St", -80.05, 32.702 + at * 0.002, None) for at in range(1, 9)]
    units = build_places(Evidence(points(*rows)), profile, SECRET).units.filter("has_ground")
    assert sorted(units["label"]) == [f"{at}00 block of King St" for at in range(1, 9)]

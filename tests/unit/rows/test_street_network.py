"""Places made of a street network: true labels, houses counted where they stand, both sides of a street apart."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import shapely
from rows_kit import SECRET

from ckanext.cpdi.rows import Evidence, build_places
from ckanext.cpdi.rows.ground.areas import Areas
from ckanext.cpdi.rows.ground.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.places import POINTS, Finder
from ckanext.cpdi.rows.places.network import SEGMENTS, network_members

X, Y, BLOCK = -80.05, 32.75, 0.001


def segment(street, number, y, numbers=(0, 98, 1, 99), x=X):
    """A block that runs north from ``y``: street, numbers on the left and the right, line."""
    line = shapely.to_wkb(shapely.LineString([(x, y), (x, y + BLOCK)]))
    return (street, *(None if at is None else number + at for at in numbers), line)


def network(*segments):
    return pl.DataFrame(segments, schema=SEGMENTS, orient="row")


def points(*rows):
    return pl.DataFrame([(*row, None, 1) for row in rows], schema=POINTS, orient="row")


def label(profile, places, address, longitude=np.nan, latitude=np.nan):
    finder = Finder(places, Jurisdiction(profile).areas)
    number = int(
        finder.find(pl.Series([address]), np.array([longitude]), np.array([latitude]), trust_points=True).unit[0]
    )
    return places.units["label"][number] if number >= 0 else None


@pytest.fixture
def plane(profile):
    return Jurisdiction(profile).plane


def test_a_number_lies_on_one_stretch_of_its_side(plane):
    table = network_members(network(segment("King Street", 1200, Y)), None, Areas({}), plane, 100)
    for number in range(1200, 1300):
        here = table.filter(
            pl.col("low") <= number, pl.col("high") >= number, pl.col("parity").is_in([0, 2 - number % 2])
        )
        assert here.height == 1, number
        assert abs(here["latitude"][0] - (Y + (number - 1200) / 100 * BLOCK)) < BLOCK / 4
    assert set(table["street"]) == {"KING ST"}
    assert set(table["parity"]) == {1, 2}


def test_ranges_that_run_backwards_and_over_a_hundred_are_read(plane):
    table = network_members(network(segment("King St", 1000, Y, (298, 150, 299, 151))), None, Areas({}), plane, 100)
    assert (table["low"].min(), table["high"].max()) == (1150, 1299)
    assert set(table["block"]) == {1100, 1200}


def test_a_range_is_no_count_of_houses(plane):
    """A block of a hundred numbers and a hundred metres has no hundred houses; points say how many there are."""
    streets = network(segment("King St", 1200, Y))
    assert network_members(streets, None, Areas({}), plane, 100)["weight"].sum() <= 2 * 15
    houses = points(*[(f"{1200 + at * 4} King St", X, Y + at * 4e-5) for at in range(9)], ("7 Unknown Ln", X, Y + 1e-4))
    assert network_members(streets, houses, Areas({}), plane, 100)["weight"].sum() == 10


def test_a_block_of_the_network_is_a_unit_with_a_point_on_its_street(profile):
    streets = network(segment("King St", 1200, Y), segment("King St", 1300, Y + BLOCK))
    places = build_places(Evidence(points(), network=streets), profile, SECRET)
    grounded = places.units.filter("has_ground").sort("latitude")
    assert grounded["label"].to_list() == ["1200 block of King St", "1300 block of King St"]
    assert grounded["longitude"].to_list() == [X, X]
    assert grounded["addresses"].min() >= 8
    assert label(profile, places, "1277 King Street") == "1200 block of King St"
    assert label(profile, places, None, X + 1e-4, Y + BLOCK * 1.5) == "1300 block of King St"


def test_a_block_that_is_cut_is_found_by_its_numbers(profile):
    """Half of a block lies elsewhere: a house finds its half by its number alone."""
    streets = network(segment("King St", 1200, Y, (0, 48, 1, 49)), segment("King St", 1200, Y + 0.02, (50, 98, 51, 99)))
    places = build_places(Evidence(points(), network=streets), profile, SECRET)
    finder = Finder(places, Jurisdiction(profile).areas)
    none = np.full(2, np.nan)
    unit = finder.find(pl.Series(["1203 King St", "1288 King St"]), none, none, trust_points=True).unit
    assert places.units["latitude"].gather(unit).round(2).to_list() == [32.75, 32.77]


def test_a_street_without_numbers_is_ground_of_its_neighbour(profile):
    streets = network(segment("King St", 1200, Y), segment("Park Path", 0, Y, (None,) * 4, X + 5e-4))
    places = build_places(Evidence(points(), network=streets), profile, SECRET)
    assert label(profile, places, None, X + 5e-4, Y + BLOCK / 2) == "1200 block of King St and nearby"

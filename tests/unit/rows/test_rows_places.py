"""Places: addresses become units of eight or more, the same whatever the order, and nothing exact is kept."""

import json
import stat

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import structs
from rows_kit import ROW, SECRET, calls_feed, frame, one, places_of, plan_for, run, street, town

from ckanext.cpdi.declare.departments.profile import PlaceRules
from ckanext.cpdi.rows import (
    Evidence,
    PlacesFormError,
    build_places,
    place_points,
    read_places,
    write_places,
)
from ckanext.cpdi.rows.ground.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.places import POINTS, Finder
from ckanext.cpdi.rows.places.address import address_keys

SCHEMA = {"address": pl.String, "longitude": pl.Float64, "latitude": pl.Float64, "team": pl.String}


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("1234 King St", "KING ST|1200"),
        ("1234 KING STREET", "KING ST|1200"),
        ("1234 King St, Apt 3, Town, SC 29400", "KING ST|1200"),
        ("1234 King St Apt 3", "KING ST|1200"),
        ("1234 King St #3", "KING ST|1200"),
        ("1234A King St", "KING ST|1200"),
        ("1234 1/2 King St", "KING ST|1200"),
        ("1200-1298 King St", "KING ST|1200"),
        ("1200 block of King St", "KING ST|1200"),
        ("1200 BLK KING ST", "KING ST|1200"),
        ("12XX King St", "KING ST|1200"),
        ("74 King St", "KING ST|0"),
        ("12 North King Street", "N KING ST|0"),
        ("12 North St", "NORTH ST|0"),
        ("12 Saint Paul St", "ST PAUL ST|0"),
        ("300 5th Ave", "5TH AVE|300"),
        ("5th Ave", "5TH AVE"),
        ("1234 A St", "A ST|1200"),
        ("King St", "KING ST"),
        ("King St / Queen St", "KING ST / QUEEN ST"),
        ("QUEEN ST/KING STREET", "KING ST / QUEEN ST"),
        ("Queen St & King St", "KING ST / QUEEN ST"),
        ("Queen St @ King St", "KING ST / QUEEN ST"),
        ("Queen St and King St", "KING ST / QUEEN ST"),
        ("King St / King St", "KING ST"),
        ("1200 King St / Queen St", "KING ST / QUEEN ST"),
        ("Lands End Rd", "LANDS END RD"),
        ("=1+1", None),
        ("12345", None),
        ("--", None),
        ("@", None),
    ],
)
def test_an_address_has_the_key_of_its_block(address, key):
    assert address_keys(pl.Series([address]), 100)["key"].to_list() == [key]


def test_the_size_of_a_block_is_the_departments():
    assert address_keys(pl.Series(["1234 King St"]), 500)["key"].to_list() == ["KING ST|1000"]


def points(*rows, count=1):
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").with_columns(rows=pl.lit(count, pl.Int64))


def units_of(rows, profile, **more):
    """Return the units that have ground of their own."""
    units = build_places(Evidence(points(*rows), **more), profile, SECRET).units
    return units.filter("has_ground")


def found(profile, places, address, longitude=None, latitude=None):
    """Return the label, precision and team by which one row is placed; None where it is in no unit."""
    finder = Finder(places, Jurisdiction(profile).areas)
    at = [np.array([np.nan if value is None else value]) for value in (longitude, latitude)]
    number = int(finder.find(pl.Series([address], dtype=pl.String), *at, trust_points=True).unit[0])
    return places.units.select("label", "precision", "team").row(number) if number >= 0 else None


def block(name, hundred, houses, x, y, team="North"):
    return [(f"{hundred + house} {name}", x, y + house * 1e-5, team) for house in range(1, houses + 1)]


def test_a_block_of_eight_addresses_is_a_unit_with_label_point_and_team(profile):
    (unit,) = units_of(block("King St", 1200, 8, -80.05, 32.75), profile).to_dicts()
    assert unit["label"] == "1200 block of King St"
    assert unit["precision"] == "block"
    assert (unit["longitude"], unit["latitude"]) == (-80.05, pytest.approx(32.750045, abs=1e-5))
    assert (unit["team"], unit["addresses"], unit["width"]) == ("North", 8, 8)


def test_one_house_with_many_points_is_one_address(profile):
    rows = [("1234 King St", -80.05 + step / 10_000, 32.75, None) for step in range(20)]
    assert units_of(rows, profile).height == 0


def test_a_small_block_joins_its_neighbour_on_the_street(profile):
    rows = block("King St", 1200, 9, -80.05, 32.750) + block("King St", 1300, 3, -80.05, 32.752)
    rows += block("Queen St", 100, 9, -80.0531, 32.752)
    units = units_of(rows, profile)
    assert sorted(units["label"]) == ["100 block of Queen St", "1200 to 1300 blocks of King St"]
    assert sorted(units["addresses"]) == [9, 12]


def test_a_small_street_joins_the_nearest_and_is_not_named(profile):
    rows = block("King St", 1200, 9, -80.05, 32.75) + block("Tiny Ct", 0, 2, -80.0503, 32.75)
    (unit,) = units_of(rows, profile).to_dicts()
    assert (unit["label"], unit["precision"]) == ("1200 block of King St and nearby", "area")


def test_the_name_of_a_house_is_never_a_label(profile):
    shelter = [("Haven House", -80.05 + step / 5000, 32.75, None) for step in range(12)]
    units = build_places(Evidence(points(*shelter, *block("King St", 1200, 9, -80.05, 32.75))), profile, SECRET).units
    assert "Haven" not in units.write_csv()
    assert set(units["label"]) == {"1200 block of King St and nearby", "King St"}


@pytest.mark.parametrize("address", ["N 1234 King St", "Unit 4 12 King St", "John Doe 1234 King St", "1234 King St 5B"])
def test_a_number_that_stands_elsewhere_in_an_address_is_never_a_label(profile, address):
    house = [(address, -80.05 + step / 5000, 32.75, None) for step in range(12)]
    units = units_of([*house, *block("Queen St", 100, 9, -80.05, 32.75)], profile)
    assert {label for label in units["label"] if label} == {"100 block of Queen St and nearby"}


@pytest.mark.parametrize("street", ["5th Ave", "Highway 61", "US 17", "I26"])
def test_a_street_with_a_number_keeps_its_name(profile, street):
    (unit,) = units_of(block(street, 100, 9, -80.05, 32.75), profile).to_dicts()
    assert unit["label"].casefold() == f"100 block of {street}".casefold()


def test_an_address_on_the_private_list_never_stands_alone(profile):
    rows = block("King St", 1200, 9, -80.05, 32.750) + block("King St", 1300, 9, -80.05, 32.752)
    open_units = units_of(rows, profile)
    private = units_of(rows, profile, private=pl.Series(["1204 King St"]))
    assert (open_units.height, private.height) == (2, 1)


def test_a_crossing_is_a_place_of_its_own(profile):
    rows = [*block("King St", 1200, 9, -80.05, 32.75), ("King St / Queen St", -80.05, 32.7505, "North")]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    assert found(profile, places, "QUEEN ST & KING ST") == ("King St and Queen St", "intersection", "North")
    assert found(profile, places, "1205 King St") == ("1200 block of King St", "block", "North")


def test_blocks_far_apart_on_streets_of_one_name_are_not_joined(profile):
    rows = block("King St", 100, 3, -80.09, 32.71) + block("King St", 200, 9, -80.01, 32.79)
    rows += block("Near St", 100, 9, -80.0905, 32.71)
    units = units_of(rows, profile)
    assert sorted(units["label"]) == ["100 block of Near St and nearby", "200 block of King St"]


def test_two_streets_of_one_name_are_two_places_and_a_row_finds_its_own_by_its_point(profile):
    """P5: the same numbers on two streets; a row without a point is in neither."""
    rows = [(f"{100 + 2 * house} Oak St", -80.09 + house * 1e-4, 32.71, "South") for house in range(8)]
    rows += [(f"{100 + 2 * house} Oak St", -80.01 + house * 1e-4, 32.79, "North") for house in range(8)]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    assert found(profile, places, "104 Oak St", -80.0896, 32.71) == ("100 block of Oak St", "block", "South")
    assert found(profile, places, "104 Oak St", -80.0096, 32.79) == ("100 block of Oak St", "block", "North")
    assert found(profile, places, "104 Oak St") is None
    ends = units_of(rows, profile)["latitude"].sort().to_list()
    assert ends == [32.71, 32.79]


def test_what_is_far_from_everything_is_joined_to_nothing(profile):
    """P5: one house 3.5 km away would have moved the place of eight others."""
    rows = [*block("Oak St", 100, 8, -80.05, 32.70), ("3 Pier Rd", -80.02, 32.78, None)]
    assert units_of(rows, profile)["label"].to_list() == ["100 block of Oak St"]


def test_addresses_without_points_are_joined_by_house_number(profile):
    rows = [(f"{number} King St", None, None, None) for number in (*range(101, 110), 201, 301, *range(901, 910))]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    assert places.units.select("latitude").null_count().item() == 3
    assert found(profile, places, "305 King St")[0] == "100 to 300 blocks of King St"
    assert found(profile, places, "900 King St")[0] == "900 block of King St"


ALONE = ("9000 King St", "100 Aspen St", "6002 Birch Ave")


def test_crossings_and_houses_of_other_streets_are_never_joined(profile):
    """P2 and P3: crossings, and four houses far along a street."""
    rows = [(f"King St / {street}th St", None, None, None) for street in range(4, 11)]
    rows += [("9000 King St", None, None, None)]
    rows += [(f"{number} Aspen St", None, None, "North") for number in (100, 200, 2400)]
    rows += [("Aspen St / Birch Ave", None, None, "South")]
    rows += [(f"{6000 + 2 * house} Birch Ave", None, None, "South") for house in range(4)]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    assert found(profile, places, "King St / 7th St") == ("7th St and King St", "intersection", None)
    assert found(profile, places, "Aspen St / Birch Ave") == ("Aspen St and Birch Ave", "intersection", "South")
    assert [found(profile, places, address) for address in ("9000 King St", "100 Aspen St", "6002 Birch Ave")] == [
        None
    ] * 3


def test_a_label_is_that_of_where_the_rows_are(profile):
    """P4: a crossing with points, another without, and a house of a third street."""
    rows = [("Main St / Second Ave", -80.05 - step * 1e-5, 32.75, None) for step in range(6)]
    rows += [("Camel St / Second Ave", None, None, None), ("800 Camel St", None, None, None)]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    assert found(profile, places, "Main St / Second Ave")[:2] == ("Main St and Second Ave", "intersection")
    (crossing,) = places.units.filter(pl.col("label") == "Main St and Second Ave").to_dicts()
    assert (crossing["longitude"], crossing["latitude"]) == (pytest.approx(-80.05, abs=1e-4), 32.75)
    assert found(profile, places, "800 Camel St") is None


def test_a_street_without_numbers_is_its_own_place(profile):
    """P6: nothing but the name is known of nine rows."""
    rows = [("Kitsap Way", None, None, None)] * 9 + [
        ("11th St", None, None, None),
        ("11th St / Kitsap Way", None, None, None),
    ]
    rows += [("Once Ln", None, None, None)]
    rows += [(f"11th St / {letter} Ave", None, None, None) for letter in "ABCDEF"]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    assert found(profile, places, "KITSAP WAY")[:2] == ("Kitsap Way", "segment")
    assert found(profile, places, "11th St")[:2] == ("11th St", "segment")
    assert found(profile, places, "Once Ln") is None
    assert found(profile, places, "E Ave / 11th St")[:2] == ("11th St and E Ave", "intersection")


def test_a_direction_of_travel_is_no_street(profile):
    """P23: the slash of E/B is no crossing."""
    rows = [
        (f"MAIN STREET E/B / {name} AVE", -80.05, 32.71 + at / 50, None)
        for at, name in enumerate(("OAK", "PINE", "ELM"))
    ]
    labels = build_places(Evidence(points(*rows)), profile, SECRET).units["label"].sort().to_list()
    assert labels == ["Elm Ave and Main St", "Main St and Oak Ave", "Main St and Pine Ave"]


def test_what_stands_behind_a_number_is_no_address_for_being_one(profile):
    """P24: eight names typed behind numbers at one point are one spot, and nobody's place."""
    rows = [(f"{number} Doe Family Residence", -80.05, 32.75, None) for number in range(1, 9)]
    assert build_places(Evidence(points(*rows)), profile, SECRET).units.height == 0


def test_rows_with_a_point_alone_have_the_place_that_it_lies_in(profile):
    """P8, and houses that the places do not know."""
    places = build_places(Evidence(points(*block("King St", 1200, 9, -80.05, 32.75))), profile, SECRET)
    assert found(profile, places, None, -80.0501, 32.7501)[0] == "1200 block of King St"
    assert found(profile, places, "1 Unheard Of Ln", -80.0501, 32.7501)[0] == "1200 block of King St"
    assert found(profile, places, None, -80.06, 32.7501) is None


def test_where_address_and_point_are_far_apart_the_point_decides_if_it_is_trusted(profile):
    rows = block("King St", 1200, 9, -80.05, 32.75) + block("Queen St", 100, 9, -80.02, 32.78)
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    finder = Finder(places, Jurisdiction(profile).areas)
    at = pl.Series(["1203 King St"]), np.array([-80.02]), np.array([32.78])
    trusted, distrusted = (finder.find(*at, trust_points=trust) for trust in (True, False))
    labels = [places.units["label"][int(row.unit[0])] for row in (trusted, distrusted)]
    assert labels == ["100 block of Queen St", "1200 block of King St"]
    assert trusted.differs.all()
    assert distrusted.differs.all()


def test_a_point_at_which_many_streets_are_said_to_be_says_nothing(profile):
    """A geocoder's middle of the city."""
    rows = block("King St", 1200, 9, -80.05, 32.75)
    rows += [(f"{at} Lost{at} St", -80.04, 32.74, None) for at in range(1, 10)]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    assert units_of(rows, profile)["label"].to_list() == ["1200 block of King St"]
    assert found(profile, places, "1203 King St", -80.04, 32.74)[0] == "1200 block of King St"
    assert found(profile, places, "4 Lost4 St", -80.04, 32.74) is None


def test_a_unit_lies_in_one_team_and_its_point_on_its_own_ground(tmp_path):
    """A street of houses on both sides of a border: each side has its own units, and finds them by its own points."""
    profile = two_teams(tmp_path)
    rows = [(f"{1200 + at} King St", -80.05 + (2e-4 if at % 2 else -2e-4), 32.75 + at * 5e-5, None) for at in range(40)]
    places = build_places(Evidence(points(*rows)), profile, SECRET)
    grounded = places.units.filter("has_ground")
    assert set(grounded["team"]) == {"West", "East"}
    assert grounded["addresses"].min() >= 8
    polygons = places.polygons()
    for unit in grounded.to_dicts():
        assert shapely.contains(
            shapely.from_wkb(polygons[unit["unit"]]), shapely.Point(unit["longitude"], unit["latitude"])
        )
        assert (unit["longitude"] < -80.05) == (unit["team"] == "West")
    for address, longitude, latitude, _ in rows:
        team = "West" if longitude < -80.05 else "East"
        assert found(profile, places, address, longitude, latitude)[2] == team
        assert found(profile, places, address)[2] == team
        assert found(profile, places, None, longitude, latitude)[2] == team


def two_teams(folder):
    """The town, cut in two along a line of longitude."""
    profile = town(folder)
    halves = {"West": shapely.box(-80.10, 32.70, -80.05, 32.80), "East": shapely.box(-80.05, 32.70, -80.0, 32.80)}
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shapely.geometry.mapping(half)}
        for name, half in halves.items()
    ]
    (folder / "teams.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return structs.replace(profile, teams="teams.geojson")


def test_the_team_that_most_around_report_is_that_of_the_unit(profile):
    """P1: eight report North and one, in their midst, South."""
    rows = [*block("Quill St", 100, 8, -80.05, 32.80, "North"), ("120 Quill St", -80.05, 32.80009, "South")]
    (unit,) = units_of(rows, profile).to_dicts()
    assert (unit["team"], unit["addresses"]) == ("North", 9)


@given(seed=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_places_do_not_depend_on_the_order_of_the_addresses(profile, seed):
    rows = (
        street(blocks=12, houses=5).drop("rows").rows()
        + street("Umbelwick Ave", 9, 3).drop("rows").rows()
        + [("Odd Place", -80.05, 32.71, "South")]
    )
    shuffled = [*rows]
    seed.shuffle(shuffled)
    assert (
        build_places(Evidence(points(*shuffled)), profile, SECRET).version
        == build_places(Evidence(points(*rows)), profile, SECRET).version
    )


STRINGS = {
    "King St": (1, 2, 3, 100, 181, 182, 356, 1086, 1087, 1088, 1096),
    "Queen St": (1, 2, 100, 101, 504, 568, 900, 1091, 1092, 1094, 1268),
    "Wick Ave": (1, 2, 3, 4, 5, 6, 100, 708),
}
"""Three strings of eight to eleven addresses each, the smallest first to the nearest, and no two near enough to join;
though fifteen lie within 220 m."""


@example(houses=[(number, street) for street, numbers in STRINGS.items() for number in numbers], fewest=12)
@given(
    houses=st.lists(
        st.tuples(st.integers(1, 3000), st.sampled_from(["King St", "Queen St", "Wick Ave"])),
        min_size=30,
        max_size=90,
        unique=True,
    ),
    fewest=st.integers(2, 12),
)
@settings(max_examples=30, deadline=None)
def test_every_unit_has_enough_addresses_and_every_piece_of_ground_one_unit(profile, houses, fewest):
    rules = structs.replace(profile, places=PlaceRules(minimum_addresses=fewest))
    rows = [(f"{number} {name}", -80.05 + len(name) / 2000, 32.71 + number / 50_000, None) for number, name in houses]
    places = build_places(Evidence(points(*rows)), rules, SECRET)
    grounded = places.units.filter("has_ground")
    assert places.units.filter(pl.col("precision") != "intersection")["addresses"].min() >= fewest
    assert grounded["addresses"].sum() <= len(set(houses))
    assert places.cells["cell"].is_unique().all()
    assert set(places.cells["unit"]) == set(grounded["unit"])
    assert grounded["width"].max() <= 5 * rules.places.widest_metres
    assert most_left_out(rules, places, points(*rows)) < fewest


def most_left_out(profile, places, table):
    """Return of how many addresses that are in no unit, at most, one lies within the width of a unit of all."""
    areas = Jurisdiction(profile).areas
    at = (table["longitude"].to_numpy(), table["latitude"].to_numpy())
    lost = Finder(places, areas).find(table["address"], *at, trust_points=True).unit < 0
    x, y = places.plane.metres(*at)
    x, y = x[lost], y[lost]
    away = np.hypot(x[:, None] - x, y[:, None] - y)
    return int((away <= profile.places.widest_metres).sum(axis=1).max(initial=0))


def test_no_house_number_is_written_and_only_the_owner_may_read(profile, tmp_path):
    rows = [*block("King St", 1200, 9, -80.05, 32.75), *block("King St", 1200, 9, -80.01, 32.79)]
    places, path = build_places(Evidence(points(*rows)), profile, SECRET), tmp_path / "places.zip"
    write_places(places, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_places(path, SECRET).version == places.version
    written = "".join(table.select(pl.all()).write_csv() for table in places.tables().values())
    assert "1203" not in written


TYPED = [
    *[(f"{number} Doe Family Residence", -80.05, 32.75 + number * 1e-4, None) for number in range(1, 10)],
    *[(f"Jane Roe / Queen St {number}", -80.06, 32.75 + number * 1e-4, None) for number in range(1, 10)],
    *[(f"4711 Smith {number} Haven", -80.07, 32.75 + number * 1e-4, None) for number in range(1, 10)],
    ("King St / Roe Residence", -80.05, 32.7505, None),
]


@pytest.mark.parametrize("with_a_street", [True, False])
def test_nothing_that_somebody_typed_is_kept_or_shown(profile, tmp_path, with_a_street):
    """Names behind a number or beside a crossing, house numbers: the file has hashes, and labels of streets alone."""
    streets = block("King St", 1200, 9, -80.0501, 32.75) if with_a_street else []
    places = build_places(Evidence(points(*TYPED, *streets)), profile, SECRET)
    written = "".join(table.select(pl.all()).write_csv() for table in places.tables().values())
    for word in ("doe", "roe", "smith", "haven", "residence", "4711"):
        assert word not in written.casefold(), word
    labels = {label for label in places.units["label"] if label}
    assert labels <= {"1200 block of King St and nearby", "1200 block of King St", "King St", "Queen St"}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("Kitsap Way", True),
        ("Broad Street", True),
        ("Bay St Ext", True),
        ("Hwy 17", True),
        ("US Hwy 17 N", True),
        ("I-26", True),
        ("Broadway", False),
        ("Doe Family Residence", False),
        ("Durant Hall", False),
        ("My Sisters Haven", False),
        ("Oak Manor", False),
    ],
)
def test_a_name_is_shown_where_it_is_a_streets_by_its_form_or_by_a_reference(profile, address, shown):
    rows = [(f"{100 + house} {address}", -80.05, 32.75 + house * 2e-4, None) for house in range(1, 10)]
    labels = units_of(rows, profile)["label"].to_list()
    assert [label.casefold().startswith("100 block of ") for label in labels] == ([True] if shown else [])
    reference = points(*rows)["address"]
    (label,) = units_of(rows, profile, reference=reference)["label"].to_list()
    assert label.startswith("100 block of ")


def test_a_file_of_the_older_form_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "town.parquet"
    pl.DataFrame({"key": [1], "label": ["King St"]}).write_parquet(path)
    with pytest.raises(PlacesFormError, match="ckan cpdi places --from FILE --again"):
        read_places(path, SECRET)


def test_a_file_of_another_secret_is_refused_rather_than_finding_no_place(profile, tmp_path):
    path = tmp_path / "places.parquet"
    write_places(places_of(profile), path)
    with pytest.raises(PlacesFormError, match=r"another ckanext\.cpdi\.secret"):
        read_places(path, b"x" * 32)


def test_a_file_that_holds_no_places_is_refused(tmp_path):
    path = tmp_path / "other.zip"
    for content in (b"", b"PK\x03\x04 and no more", b"a,b"):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="no places file"):
            read_places(path, SECRET)


def test_another_point_makes_another_version(profile):
    rows = block("King St", 1200, 9, -80.05, 32.75)
    moved = [(address, x, y + 0.001, team) for address, x, y, team in rows]
    before, after = (build_places(Evidence(points(*some)), profile, SECRET) for some in (rows, moved))
    assert before.version != after.version


GEOGRAPHY = ("block_address", "team", "latitude", "longitude", "location_precision")


@given(
    house=st.integers(1200, 1299),
    shift=st.floats(-2e-4, 2e-4),
    team=st.sampled_from(["", "North", "South", "PLANTED"]),
    problem=st.sampled_from(["Traffic Stop", "Noise Complaint"]),
)
@settings(max_examples=40, deadline=None)
def test_two_raw_points_of_one_unit_have_one_published_geography(profile, house, shift, team, problem):
    usual = one(profile, Team="North")
    other = one(
        profile,
        Address=f"{house} Quillfen St",
        LONGITUDE=str(-80.05 + shift),
        LATITUDE=str(32.7502 + shift),
        Team=team,
        Problem=problem,
    )
    assert [other[name] for name in GEOGRAPHY] == [usual[name] for name in GEOGRAPHY]


def test_places_that_are_empty_place_nothing(profile):
    nowhere = build_places(Evidence(points()), profile, SECRET)
    assert nowhere.is_empty
    assert found(profile, nowhere, "1234 Quillfen St", -80.05, 32.75) is None


def test_an_address_of_no_unit_shows_its_team_alone_where_the_profile_knows_it(tmp_path):
    profile = town(tmp_path, calls_feed(values={"reported_team": {"S": "South"}}))
    row = one(profile, Address="9 Nowhere Ln", LONGITUDE="-80.01", Team="S")
    assert [row[name] for name in GEOGRAPHY] == [None, "South", None, None, "area"]
    nowhere = {"Address": "9 Nowhere Ln", "LONGITUDE": "-80.01", "Team": "PLANTED"}
    assert one(profile, **nowhere)["team"] is None
    assert one(town(tmp_path), **nowhere)["team"] is None


def test_a_team_that_the_feed_reports_gives_way_to_its_polygon(tmp_path):
    profile = town(tmp_path)
    area = json.loads((tmp_path / "boundary.geojson").read_text())
    feature = {"type": "Feature", "properties": {"name": "Midtown"}, "geometry": area}
    features = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "teams.geojson").write_text(json.dumps(features), encoding="utf-8")
    teams = structs.replace(profile, teams="teams.geojson")
    assert one(teams, Address="9 Nowhere Ln", LONGITUDE="-80.01", Team="South")["team"] == "Midtown"
    nowhere = {"Address": "9 Nowhere Ln", "LONGITUDE": "", "LATITUDE": ""}
    assert one(teams, Team="Midtown", **nowhere)["team"] == "Midtown"
    assert one(teams, Team="PLANTED", **nowhere)["team"] is None


def test_the_history_of_a_feed_gives_its_addresses_once_without_what_lies_outside(profile):
    batch = frame([ROW, ROW, {**ROW, "LATITUDE": "10"}, {**ROW, "Address": ""}])
    found = place_points(batch, plan_for(profile, batch))
    assert found.schema == POINTS
    assert found.sort("rows").rows()[-1] == ("1234 Quillfen St", -80.0501, 32.7501, None, 2)
    assert found.height == 3


def test_what_a_history_publishes_is_what_its_places_say(profile):
    rows = [{**ROW, "Incident_Number": str(house), "Address": f"{1200 + house} Quillfen St"} for house in range(1, 9)]
    label, _, _ = found(profile, places_of(profile), "1201 Quillfen Street")
    published = run(profile, *rows).published
    assert published["block_address"].unique().to_list() == [label]
    assert published["latitude"].n_unique() == 1

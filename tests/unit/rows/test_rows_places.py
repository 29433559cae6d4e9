"""Places: addresses become units of eight or more, the same whatever the order, and nothing exact is kept."""

import json
import stat

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from rows_kit import ROW, SECRET, calls_feed, frame, one, places_of, plan_for, run, street, town

from ckanext.cpdi.declare.departments.profile import Places as PlaceRules
from ckanext.cpdi.rows import (
    Places,
    PlacesFormError,
    build_places,
    convert_places,
    place_points,
    read_places,
    write_places,
)
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


def points(*rows):
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def block(name, hundred, houses, x, y, team="North"):
    return [(f"{hundred + house} {name}", x, y + house * 1e-5, team) for house in range(1, houses + 1)]


def test_a_block_of_eight_addresses_is_a_unit_with_label_point_and_team(profile):
    unit = build_places(points(*block("King St", 1200, 8, -80.05, 32.75)), profile, SECRET).units.row(0, named=True)
    assert unit["label"] == "1200 block of King St"
    assert unit["precision"] == "block"
    assert (unit["longitude"], unit["latitude"]) == (-80.05, pytest.approx(32.750045, abs=1e-5))
    assert (unit["team"], unit["addresses"]) == ("North", 8)


def test_one_house_with_many_points_is_one_address(profile):
    rows = [("1234 King St", -80.05 + step / 10_000, 32.75, None) for step in range(20)]
    assert build_places(points(*rows), profile, SECRET).units.height == 0


def test_a_small_block_joins_its_neighbour_on_the_street(profile):
    rows = block("King St", 1200, 9, -80.05, 32.750) + block("King St", 1300, 3, -80.05, 32.752)
    rows += block("Queen St", 100, 9, -80.0501, 32.752)
    units = build_places(points(*rows), profile, SECRET).units
    assert sorted(units["label"]) == ["100 block of Queen St", "1200 to 1300 blocks of King St"]
    assert sorted(units["addresses"]) == [9, 12]


def test_a_small_street_joins_the_nearest_and_is_not_named(profile):
    rows = block("King St", 1200, 9, -80.05, 32.75) + block("Tiny Ct", 0, 2, -80.0503, 32.75)
    unit = build_places(points(*rows), profile, SECRET).units.row(0, named=True)
    assert (unit["label"], unit["precision"]) == ("1200 block of King St and nearby", "area")


def test_the_name_of_a_house_is_never_a_label(profile):
    shelter = [("Haven House", -80.05 + step / 5000, 32.75, None) for step in range(12)]
    units = build_places(points(*shelter, *block("King St", 1200, 9, -80.05, 32.75)), profile, SECRET).units
    assert units.height == 1
    assert "Haven" not in units.write_csv()


@pytest.mark.parametrize("address", ["N 1234 King St", "Unit 4 12 King St", "John Doe 1234 King St", "1234 King St 5B"])
def test_a_number_that_stands_elsewhere_in_an_address_is_never_a_label(profile, address):
    house = [(address, -80.05 + step / 5000, 32.75, None) for step in range(12)]
    units = build_places(points(*house, *block("Queen St", 100, 9, -80.05, 32.75)), profile, SECRET).units
    assert units["label"].to_list() == ["100 block of Queen St and nearby"]


@pytest.mark.parametrize("street", ["5th Ave", "Highway 61", "US 17", "I26"])
def test_a_street_with_a_number_keeps_its_name(profile, street):
    unit = build_places(points(*block(street, 100, 9, -80.05, 32.75)), profile, SECRET).units.row(0, named=True)
    assert unit["label"].casefold() == f"100 block of {street}".casefold()


def test_an_address_on_the_private_list_never_stands_alone(profile):
    rows = block("King St", 1200, 9, -80.05, 32.750) + block("King St", 1300, 9, -80.05, 32.752)
    open_units = build_places(points(*rows), profile, SECRET).units
    private = build_places(points(*rows), profile, SECRET, pl.Series(["1204 King St"])).units
    assert (open_units.height, private.height) == (2, 1)


def test_an_intersection_joins_a_block_of_one_of_its_streets(profile):
    rows = [*block("King St", 1200, 9, -80.05, 32.75), ("King St / Queen St", -80.05, 32.7505, None)]
    unit = build_places(points(*rows), profile, SECRET).units.row(0, named=True)
    assert (unit["label"], unit["addresses"]) == ("1200 block of King St", 10)


def test_blocks_far_apart_on_streets_of_one_name_are_not_joined(profile):
    rows = block("King St", 100, 3, -80.09, 32.71) + block("King St", 200, 9, -80.01, 32.79)
    rows += block("Near St", 100, 9, -80.0905, 32.71)
    units = build_places(points(*rows), profile, SECRET).units
    assert sorted(units["label"]) == ["100 block of Near St and nearby", "200 block of King St"]


def test_addresses_without_points_are_joined_by_house_number(profile):
    rows = [(f"{number} King St", None, None, None) for number in (*range(101, 110), 201, 301, *range(901, 910))]
    units = build_places(points(*rows), profile, SECRET).units
    assert sorted(units["label"]) == ["100 to 300 blocks of King St", "900 block of King St"]
    assert units["latitude"].null_count() == 2


@given(seed=st.randoms(use_true_random=False))
@settings(max_examples=15, deadline=None)
def test_places_do_not_depend_on_the_order_of_the_addresses(profile, seed):
    rows = (
        street(blocks=12, houses=5).rows()
        + street("Umbelwick Ave", 9, 3).rows()
        + [("Odd Place", -80.05, 32.71, "South")]
    )
    shuffled = [*rows]
    seed.shuffle(shuffled)
    assert (
        build_places(points(*shuffled), profile, SECRET).version == build_places(points(*rows), profile, SECRET).version
    )


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
def test_every_unit_has_enough_addresses_and_every_key_one_unit(profile, houses, fewest):
    rules = structs.replace(profile, places=PlaceRules(minimum_addresses=fewest))
    rows = [(f"{number} {name}", -80.05 + len(name) / 2000, 32.71 + number / 50_000, None) for number, name in houses]
    places = build_places(points(*rows), rules, SECRET)
    assert places.units["addresses"].min() >= fewest
    assert places.keys["key"].is_unique().all()
    assert places.units["addresses"].sum() == len(set(houses))


def test_no_house_number_is_written_and_only_the_owner_may_read(profile, tmp_path):
    places = build_places(points(*block("King St", 1200, 9, -80.05, 32.75)), profile, SECRET)
    path = tmp_path / "places.parquet"
    write_places(places, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_places(path, SECRET).version == places.version
    assert places.table.height == 1
    assert "1203" not in places.table.write_csv()


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
    places = build_places(points(*TYPED, *streets), profile, SECRET)
    write_places(places, tmp_path / "places.parquet")
    written = places.table.write_csv() + (tmp_path / "places.parquet").read_bytes().decode("latin-1")
    for word in ("doe", "roe", "smith", "haven", "residence", "4711"):
        assert word not in written.casefold(), word
    label = "1200 block of King St and nearby" if with_a_street else "King St and nearby"
    assert places.units["label"].to_list() == [label]
    found = places.look_up(pl.Series(["8 Doe Family Residence", "9 Doe Family Residence"]))["label"].to_list()
    assert found == [label, label]
    alone = build_places(points(*TYPED[:9]), profile, SECRET)
    assert alone.look_up(pl.Series(["8 Doe Family Residence"]))["label"].to_list() == [None]


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
    rows = points(*block(address, 100, 9, -80.05, 32.75))
    found = build_places(rows, profile, SECRET).units["label"].to_list()
    assert [label.casefold().startswith("100 block of ") for label in found] == ([True] if shown else [])
    known = build_places(rows, profile, SECRET, reference=rows["address"]).units["label"].to_list()
    assert [label.startswith("100 block of ") for label in known] == [True]


def older(places, keys, path):
    """The file as it was written before: with the keys in plain."""
    table = places.table.sort("label").with_columns(pl.Series("key", keys)).drop("check")
    table.select("key", "unit", "block_size", "label", "precision", "latitude", "longitude", "team", "addresses").cast(
        {"unit": pl.UInt32}
    ).write_parquet(path)


def test_a_file_of_the_older_form_is_refused_until_it_is_converted_and_loses_no_place(profile, tmp_path):
    rows = block("King St", 1200, 9, -80.05, 32.750) + block("Queen St", 100, 9, -80.01, 32.752)
    places, path = build_places(points(*rows), profile, SECRET), tmp_path / "town.parquet"
    older(places, ["QUEEN ST|100", "KING ST|1200"], path)
    with pytest.raises(PlacesFormError, match="`ckan cpdi init` converts it"):
        read_places(path, SECRET)
    assert convert_places(path, SECRET) == 0
    assert read_places(path, SECRET).table.equals(places.table)
    assert convert_places(path, SECRET) is None
    assert b"KING ST|" not in path.read_bytes()


def test_a_typed_name_is_lost_when_a_file_is_converted_and_its_place_shows_no_label(profile, tmp_path):
    rows = block("King St", 1200, 9, -80.05, 32.750) + block("Queen St", 100, 9, -80.01, 32.752)
    places, path = build_places(points(*rows), profile, SECRET), tmp_path / "town.parquet"
    named = pl.col("label").replace({"100 block of Queen St": "First block of Doe Residence and nearby"})
    older(Places(places.table.with_columns(named), SECRET), ["KING ST|1200", "DOE RESIDENCE|0"], path)
    assert convert_places(path, SECRET) == 1
    found = read_places(path, SECRET).look_up(pl.Series(["3 Doe Residence", "1204 King St"]))
    assert found["label"].to_list() == [None, "1200 block of King St"]
    assert b"oe" not in path.read_bytes()


def test_a_file_of_another_secret_is_refused_rather_than_finding_no_place(profile, tmp_path):
    path = tmp_path / "places.parquet"
    write_places(places_of(profile), path)
    with pytest.raises(PlacesFormError, match=r"another ckanext\.cpdi\.secret"):
        read_places(path, b"x" * 32)


def test_a_file_that_holds_no_places_is_refused(tmp_path):
    path = tmp_path / "other.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(path)
    with pytest.raises(ValueError, match="no places file"):
        read_places(path, SECRET)


def test_another_point_makes_another_version(profile):
    rows = block("King St", 1200, 9, -80.05, 32.75)
    moved = [*rows[:-1], (rows[-1][0], -80.06, 32.75, "North")]
    assert build_places(points(*rows), profile, SECRET).version != build_places(points(*moved), profile, SECRET).version


GEOGRAPHY = ("block_address", "team", "latitude", "longitude", "location_precision")


@given(
    house=st.integers(1200, 1299),
    shift=st.floats(-0.02, 0.02),
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
        LATITUDE=str(32.75 + shift),
        Team=team,
        Problem=problem,
    )
    assert [other[name] for name in GEOGRAPHY] == [usual[name] for name in GEOGRAPHY]


def test_places_that_are_empty_place_nothing(profile):
    nowhere = build_places(points(), profile, SECRET)
    assert nowhere.look_up(pl.Series(["1234 Quillfen St", None]))["label"].to_list() == [None, None]


def test_an_address_of_no_unit_shows_its_team_alone_where_the_profile_knows_it(tmp_path):
    profile = town(tmp_path, calls_feed(values={"reported_team": {"S": "South"}}))
    row = one(profile, Address="9 Nowhere Ln", Team="S")
    assert [row[name] for name in GEOGRAPHY] == [None, "South", None, None, "area"]
    assert one(profile, Address="9 Nowhere Ln", Team="PLANTED")["team"] is None
    assert one(town(tmp_path), Address="9 Nowhere Ln", Team="PLANTED")["team"] is None


def test_a_team_that_the_feed_reports_gives_way_to_its_polygon(tmp_path):
    profile = town(tmp_path)
    area = json.loads((tmp_path / "boundary.geojson").read_text())
    feature = {"type": "Feature", "properties": {"name": "Midtown"}, "geometry": area}
    features = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "teams.geojson").write_text(json.dumps(features), encoding="utf-8")
    teams = structs.replace(profile, teams="teams.geojson")
    assert one(teams, Address="9 Nowhere Ln", Team="South")["team"] == "Midtown"
    nowhere = {"Address": "9 Nowhere Ln", "LONGITUDE": "", "LATITUDE": ""}
    assert one(teams, Team="Midtown", **nowhere)["team"] == "Midtown"
    assert one(teams, Team="PLANTED", **nowhere)["team"] is None


def test_the_history_of_a_feed_gives_its_addresses_once_without_what_lies_outside(profile):
    batch = frame([ROW, ROW, {**ROW, "LATITUDE": "10"}, {**ROW, "Address": ""}])
    found = place_points(batch, plan_for(profile, batch))
    assert found.schema == SCHEMA
    assert found.sort("longitude", nulls_last=True).rows()[0] == ("1234 Quillfen St", -80.0501, 32.7501, None)
    assert found.height == 2


def test_what_a_history_publishes_is_what_its_places_say(profile):
    rows = [{**ROW, "Incident_Number": str(house), "Address": f"{1200 + house} Quillfen St"} for house in range(1, 9)]
    unit = places_of(profile).look_up(pl.Series(["1201 Quillfen Street"])).row(0, named=True)
    published = run(profile, *rows).published
    assert published["block_address"].unique().to_list() == [unit["label"]]
    assert published["latitude"].unique().to_list() == [unit["latitude"]]

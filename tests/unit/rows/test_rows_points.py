"""Points: every way of writing them, and what is repaired, missing or outside."""

import numpy as np
import polars as pl
import pytest
from pyproj import Transformer
from rows_kit import ROW, calls_feed, one, reason, run, town

from ckanext.cpdi.declare.departments.cells import Coordinates
from ckanext.cpdi.rows.ground.jurisdiction import Jurisdiction
from ckanext.cpdi.rows.values.points import read_points

X, Y = -80.0501, 32.7501


@pytest.fixture(scope="module")
def jurisdiction(tmp_path_factory):
    return Jurisdiction(town(tmp_path_factory.mktemp("jurisdiction")))


def read(x, y, jurisdiction, **reading):
    texts = (pl.Series([value], dtype=pl.String) for value in (x, y))
    return read_points(*texts, Coordinates(**reading), jurisdiction)


def test_degrees_are_taken_as_they_are(jurisdiction):
    points = read(str(X), str(Y), jurisdiction)
    assert (points.longitude[0], points.latitude[0]) == (X, Y)
    assert not (points.swapped | points.mirrored | points.missing | points.outside)[0]


@pytest.mark.parametrize(
    ("x", "y", "swapped", "mirrored"),
    [(str(Y), str(X), True, False), (str(-X), str(Y), False, True), (str(Y), str(-X), True, True)],
)
def test_a_swapped_or_mirrored_point_is_repaired_where_that_brings_it_home(jurisdiction, x, y, swapped, mirrored):
    points = read(x, y, jurisdiction)
    assert (points.longitude[0], points.latitude[0]) == (X, Y)
    assert (points.swapped[0], points.mirrored[0], points.outside[0]) == (swapped, mirrored, False)


@pytest.mark.parametrize(("x", "y"), [("-122.4", "37.7"), ("-80.05", "33.5"), ("1e300", "1"), ("-80.05", "32.5")])
def test_a_point_that_no_repair_brings_home_is_outside(jurisdiction, x, y):
    assert read(x, y, jurisdiction).outside[0]


def test_the_surroundings_reach_as_far_as_declared(jurisdiction):
    # The town's southern edge lies at 32.70; ten kilometres are 0.0898 degrees.
    assert not read("-80.05", "32.612", jurisdiction).outside[0]
    assert read("-80.05", "32.608", jurisdiction).outside[0]


@pytest.mark.parametrize(("x", "y"), [("0", "0"), ("0.0", "32.75"), (None, "32.75"), (None, None)])
def test_zero_or_nothing_is_no_point(jurisdiction, x, y):
    points = read(x, y, jurisdiction)
    assert points.missing[0]
    assert not points.outside[0]
    assert np.isnan(points.longitude[0])


@pytest.mark.parametrize("x", ["NaN", "inf", "-Infinity", "west", "80,05"])
def test_what_is_no_number_is_no_point_and_said_so(jurisdiction, x):
    points = read(x, "32.75", jurisdiction)
    assert points.missing[0]
    assert points.unreadable[0]


def test_tritechs_unsigned_integers_are_millionths_of_a_degree(jurisdiction):
    points = read("80050100", "32750100", jurisdiction, reading="tritech")
    assert (points.longitude[0], points.latitude[0]) == (X, Y)
    assert not points.mirrored[0]


@pytest.mark.parametrize("code", ["EPSG:2273", "EPSG:6570", "ESRI:102733"])
def test_state_plane_feet_become_degrees(jurisdiction, code):
    east, north = Transformer.from_crs("EPSG:4326", code, always_xy=True).transform(X, Y)
    points = read(str(east), str(north), jurisdiction, reading="projected", epsg=int(code.split(":")[1]))
    assert points.longitude[0] == pytest.approx(X, abs=1e-6)
    assert points.latitude[0] == pytest.approx(Y, abs=1e-6)


def test_the_international_and_the_survey_foot_are_not_the_same(jurisdiction):
    east, north = Transformer.from_crs("EPSG:4326", "EPSG:2273", always_xy=True).transform(X, Y)
    points = read(str(east), str(north), jurisdiction, reading="projected", epsg=102733)
    assert abs(points.longitude[0] - X) > 1e-5


def test_degrees_in_a_projected_feed_are_left_alone(jurisdiction):
    points = read(str(X), str(Y), jurisdiction, reading="projected", epsg=2273)
    assert points.longitude[0] == X


def test_rows_are_flagged_or_quarantined(profile):
    assert reason(profile, LONGITUDE="-122.4", LATITUDE="37.7") == ("quarantined", "coordinates_outside", "")
    assert one(profile, LONGITUDE="0", LATITUDE="0")["data_flags"] == "no_coordinates"
    assert one(profile, LONGITUDE="80.0501")["data_flags"] == "longitude_sign"
    assert one(profile, LONGITUDE=str(Y), LATITUDE=str(X))["data_flags"] == "coordinates_swapped"
    assert one(profile, LONGITUDE="inf")["data_flags"] == "no_coordinates;unreadable_coordinates"


def test_the_profiles_first_pair_is_filled_from_the_second(tmp_path):
    profile = town(tmp_path, calls_feed(headers={"x": ("LONGITUDE", "X"), "y": ("LATITUDE", "Y")}))
    row = {**ROW, "LONGITUDE": "", "LATITUDE": "", "X": str(X), "Y": str(Y)}
    assert run(profile, row).published["data_flags"].to_list() == [None]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("2,327,326.86", "344,312.56"),
        ("2,327,327", "344,313"),
        ("+2,327,326.86", "344312.56"),
        ("2327326.86", "344,312."),
    ],
)
def test_a_comma_that_can_only_be_a_thousands_sign_is_one(jurisdiction, x, y):
    points = read(x, y, jurisdiction, reading="projected", epsg=2273)
    assert not points.unreadable[0]
    assert points.longitude[0] == pytest.approx(-79.935, abs=0.0001)
    assert points.latitude[0] == pytest.approx(32.775, abs=0.0001)


@pytest.mark.parametrize("x", ["-80,05", "-80,050", "2327,326.86", "2,32,326.86", "2,327,326,86", ",327,326.86"])
def test_a_comma_that_may_be_a_decimal_sign_is_none(jurisdiction, x):
    assert read(x, "32.75", jurisdiction).unreadable[0]


def test_thousands_signs_stand_in_millionths_of_a_degree_too(jurisdiction):
    assert read("79,935,000", "32,775,000", jurisdiction, reading="tritech").latitude[0] == 32.775

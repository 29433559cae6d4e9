"""A department whose file is written quite differently goes through by its profile alone: Burlington, Vermont."""

from collections import Counter
from datetime import UTC, datetime

import polars as pl
import pytest
from rows_kit import EMPTY_STATE, ROOT, SECRET, library

from ckanext.cpdi.declare import read_profile
from ckanext.cpdi.rows import Evidence, build_places, make_plan, place_points, process

FILE = ROOT.parent / "shared" / "data" / "police-incidents-2022.csv"
NOW = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the shared data folder is not on this machine")


@pytest.fixture(scope="module")
def feed():
    return pl.read_csv(FILE, infer_schema=False).with_row_index("_line", offset=2)


@pytest.fixture(scope="module")
def outcome(feed):
    profile = read_profile(ROOT / "profiles" / "burlington.yaml", library().classes)
    headers = tuple(name for name in feed.columns if name != "_line")
    plan = make_plan(library().dataset("calls-for-service"), profile, SECRET, headers)
    return process(feed, plan, build_places(Evidence(place_points(feed, plan)), profile, plan.secret), EMPTY_STATE, NOW)


@pytest.fixture(scope="module")
def published(outcome, feed):
    return outcome.published.join(feed.select("_line", "Hour", "mental_health", "dv_related", "Street"), on="_line")


def test_every_row_is_accounted_for(outcome, feed):
    assert feed.height == 10_830
    outcomes = Counter(outcome.rejects["outcome"])
    assert outcome.published.height + outcomes["withheld"] + outcomes["quarantined"] == 10_830
    assert outcome.published["incident_number"].is_unique().all()


def test_every_reason_is_named(outcome):
    reasons = {(one, other) for one, other in outcome.rejects.select("outcome", "reason").iter_rows()}
    assert reasons == {
        ("withheld", "withheld_class"),
        ("withheld", "missing_value"),
        ("quarantined", "coordinates_outside"),
    }


def test_local_times_are_those_of_the_files_hour(published):
    exact = published.filter(pl.col("time_precision").is_in(["minute", "hour"]))
    local = pl.col("call_datetime").dt.convert_time_zone("America/New_York")
    hours = exact.select(local.dt.strftime("%-I %P")).to_series()
    assert exact.height > 6000
    assert hours.equals(exact["Hour"].alias(hours.name))


def test_no_row_that_the_file_flags_has_a_street_a_point_or_a_minute(published):
    flagged = published.filter((pl.col("mental_health") == "1") | (pl.col("dv_related") == "1"))
    assert flagged.height > 900
    for name in ("block_address", "team", "latitude", "longitude", "problem", "priority", "closed_datetime"):
        assert flagged[name].null_count() == flagged.height, name
    assert set(flagged["time_precision"]) == {"month"}
    assert flagged["incident_number"].str.starts_with("K").all()


def test_the_types_are_the_declared_ones(outcome):
    assert outcome.published.schema["call_datetime"] == pl.Datetime("us", "UTC")
    assert outcome.published.schema["latitude"] == pl.Float64
    sources = set(outcome.published["call_source"])
    assert {"911", "nonemergency", "online", "officer", "in_person"} <= sources


def test_no_raw_point_is_published(outcome, feed):
    raw = set(feed["Latitude"].cast(pl.Float64, strict=False).drop_nulls())
    shown = outcome.published["latitude"].drop_nulls()
    assert len(shown) > 5000
    assert not raw & set(shown)
    areas = outcome.published.filter(pl.col("location_precision") != "intersection")
    assert areas["latitude"].n_unique() < 300


def test_a_street_of_one_or_two_calls_is_never_named(outcome, feed):
    rare = feed.group_by("Street").len().filter(pl.col("len") <= 2)["Street"]
    streets = {name for name in rare if name.endswith((" Ct", " Ln")) and "/" not in name}
    labels = set(outcome.published["block_address"].drop_nulls())
    assert len(streets) > 20
    assert not streets & labels

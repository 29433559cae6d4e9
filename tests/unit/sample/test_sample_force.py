"""Synthetic force and complaints: those of one seed are of the same incidents, and their awkward rows show nothing."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from helpers import force
from helpers.documents import ROOT

from ckanext.cpdi.declare import read_library, read_profile
from ckanext.cpdi.rows import Evidence, build_places, make_plan, process
from ckanext.cpdi.rows.identity.known import STATE
from ckanext.cpdi.sample import FEEDS

LIBRARY = read_library(ROOT / "schemas")
BY_TABLE = {feed.table: feed for feed in FEEDS}
SECRET = b"0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
INCIDENTS = 400
ADDRESSES = {"address": pl.String, "longitude": pl.Float64, "latitude": pl.Float64, "team": pl.String, "rows": pl.Int64}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("force")


@pytest.fixture(scope="module")
def profile(folder):
    return read_profile(force.profile(folder), LIBRARY.classes, LIBRARY.by_name)


@pytest.fixture(scope="module")
def feeds(folder, profile) -> dict[str, pl.DataFrame]:
    """Return the five feeds of one seed."""
    read = {}
    for table in force.FILES:
        path = folder / f"{table}.csv"
        BY_TABLE[table].write(path, profile, INCIDENTS, 3)
        read[table] = pl.read_csv(path, infer_schema=False).fill_null("")
    return read


@pytest.fixture(scope="module")
def outcomes(profile, feeds):
    """Return what the engine makes of them."""
    made, nowhere = {}, build_places(Evidence(pl.DataFrame(schema=ADDRESSES)), profile, SECRET)
    for table, feed in feeds.items():
        plan = make_plan(LIBRARY.dataset(table), profile, SECRET, tuple(feed.columns))
        batch = feed.with_row_index("_line", offset=2)
        made[table] = process(batch, plan, nowhere, pl.DataFrame(schema=STATE), NOW)
    return made


@pytest.mark.parametrize("table", force.FILES)
def test_the_same_seed_gives_the_same_bytes_and_another_gives_others(table, profile, tmp_path):
    contents = []
    for seed in (1, 1, 2):
        path = tmp_path / f"{len(contents)}.csv"
        assert BY_TABLE[table].write(path, profile, 50, seed) == pl.read_csv(path, infer_schema=False).height
        contents.append(path.read_bytes())
    assert contents[0] == contents[1] != contents[2]


def test_people_officers_and_allegations_are_of_the_incidents_and_complaints_of_their_seed(feeds):
    for first, others, number in (
        ("use-of-force", ("use-of-force-subjects", "use-of-force-officers"), "Incident_Number"),
        ("complaints", ("complaints-allegations",), "Case_Number"),
    ):
        numbers = set(feeds[first][number].str.strip_chars())
        for other in others:
            known = feeds[other][number].str.strip_chars().is_in(list(numbers))
            assert known.mean() > 0.97
            assert feeds[other].height > INCIDENTS


@pytest.mark.parametrize("table", force.FILES)
def test_most_rows_are_published_and_every_other_one_has_its_reason(table, feeds, outcomes):
    made, rows = outcomes[table], feeds[table].height
    assert made.published.height + made.rejects.height == rows
    assert made.published.height > 0.9 * rows
    reasons = set(made.rejects["reason"])
    assert {"time_missing", "time_unreadable"} <= reasons
    # Of a key of several columns one may be empty.
    assert ("key_missing" in reasons) == (table in ("use-of-force", "complaints"))


@pytest.mark.parametrize("table", force.FILES)
def test_nothing_that_was_typed_or_names_somebody_is_published(table, outcomes):
    text = outcomes[table].published.write_csv()
    for secret in ("SAMPLE", "Whatever", "Person", "Officer ", "nobody may publish", "=1+1", "HYPERLINK", "see file"):
        assert secret not in text, secret


def test_who_may_be_under_18_shows_no_incident_and_no_age(feeds, outcomes):
    people, feed = outcomes["use-of-force-subjects"].published, feeds["use-of-force-subjects"]
    young = pl.col("Age").is_in(["Juv", "17 1/2"]) | pl.col("Age").cast(pl.Int64, strict=False).lt(18)
    lines = feed.with_row_index("_line", offset=2).filter(young)["_line"].to_list()
    shown = people.filter(pl.col("_line").is_in(lines))
    assert shown.height > 10
    assert shown["incident_id"].null_count() == shown["subject_age_range"].null_count() == shown.height
    assert people["subject_age_range"].drop_nulls().n_unique() > 3


def test_each_table_has_one_feed_and_each_kind_one_name():
    assert len(BY_TABLE) == len({feed.kind for feed in FEEDS}) == len(FEEDS)
    assert set(BY_TABLE) <= set(LIBRARY.by_name)

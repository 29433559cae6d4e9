"""A sample of citations through the real harvester: what is published of each, what is not, and what the page says."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import datetime

import pytest
from helpers import harvest

from ckanext.cpdi import config
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.sample import write_citations

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

NAME = "electronic-citations"
DEMOGRAPHICS = ("subject_race", "subject_ethnicity", "subject_sex", "subject_age_range")
PLACE = ("block_address", "team", "latitude", "longitude")


@pytest.fixture
def feed(folders):
    """The rows of the sample's feed, of two years."""
    path = folders["drop"] / "citations.csv"
    write_citations(path, config.profile(), rows=2_000, seed=5, end=datetime(2026, 3, 1), days=400)
    return list(csv.DictReader(io.StringIO(path.read_text())))


@pytest.fixture
def night(feed):
    """One night of it; gives its run in the ledger."""
    source = harvest.source("drop:citations.csv", "", source_type="cpdi_citations", name="tickets", title="Sample")
    job_id = harvest.start(source)
    Worker().run(drain=True)
    assert harvest.messages(job_id) == []
    with config.store() as store:
        return store.ledger.runs(NAME)[0]


@pytest.fixture
def rows(night, app):
    """The published rows, as the file of all years has them."""
    return list(csv.DictReader(io.StringIO(app.get(f"/data/{NAME}/all.csv").body)))


def reasons(run):
    with config.store() as store:
        return {one.reason: one.rows for one in store.ledger.reasons(run.id)}


def test_every_row_is_accounted_for_and_only_electronic_ones_with_a_place_are_published(feed, night, rows):
    assert night.read == len(feed) == night.published + night.withheld + night.quarantined
    assert len(rows) == night.published
    paper = sum(row["Electronic"] == "N" for row in feed)
    placeless = sum(row["Electronic"] == "Y" and row["X"] in ("", "0") for row in feed)
    assert (reasons(night)["not_electronic"], reasons(night)["no_place"]) == (paper, placeless)
    assert paper > 50
    assert placeless > 20


def test_the_page_counts_what_is_left_out_in_tens(app, night):
    page = app.get(f"/dataset/{NAME}").body
    for title, reason in (("Paper citations", "not_electronic"), ("Citations without a place", "no_place")):
        exact = reasons(night)[reason]
        assert f"{title}: about {(exact + 5) // 10 * 10}" in page
        assert exact % 10 == 0 or f"{title}: about {exact}<" not in page


def test_no_number_no_minute_and_no_age_leaves_the_portal(feed, rows):
    assert all(row["citation_key"].startswith("K") for row in rows)
    assert all(row["violation_date"][13:19] == ":00:00" for row in rows)
    assert {row["time_precision"] for row in rows} == {"hour", "date"}
    text = repr(rows)
    assert "SAMPLE" not in text
    units = {row["Unit"] for row in feed}
    assert not any(repr(unit) in text for unit in units)
    assert {row["subject_age_range"] for row in rows} <= {"", "18-24", "25-34", "35-44", "45-54", "55-64", "65+"}


def test_under_18_shows_the_day_and_the_violation_alone(feed, rows):
    minors = [row for row in rows if row["time_precision"] == "date"]
    assert minors
    for row in minors:
        assert row["violation"]
        assert row["violation_date"][11:19] == "00:00:00"
        assert row["location_precision"] == "none"
        hidden = (*DEMOGRAPHICS, *PLACE, "encounter_key", "light_condition", "last_modified")
        assert {row[name] for name in hidden} == {""}
    # A minor's citation without a point is no more published than anybody else's.
    young = [row for row in feed if row["Age"] and int(row["Age"]) < 18]
    shown = {row["Citation_Number"] for row in young if row["Electronic"] == "Y" and row["X"] not in ("", "0")}
    assert len(minors) <= len(shown)
    assert len(minors) >= len(shown) - 3  # doubled numbers, and the last days' embargo


def test_one_key_a_stop_and_none_across_stops_or_years(rows):
    stops = defaultdict(list)
    for row in rows:
        if row["encounter_key"]:
            stops[row["encounter_key"]].append(row)
    several = [found for found in stops.values() if len(found) > 1]
    assert len(several) > 50
    for found in several:
        assert len({(row["violation_date"], row["subject_age_range"], row["block_address"]) for row in found}) == 1
    assert len({row["violation_date"][:4] for row in rows}) == 2


def test_light_says_of_an_hour_what_was_so_for_all_of_it(rows):
    """The same hour of the clock is dark in winter and light in summer; while the sun rises or sets it is neither."""
    hours, moments = defaultdict(set), defaultdict(set)
    for row in rows:
        if row["time_precision"] == "hour":
            moments[row["violation_date"]].add(row["light_condition"])
            hours[row["violation_date"][11:13]].add(row["light_condition"])
    assert all(len(found) == 1 for found in moments.values())
    assert any({"day", "dark", None} <= {one or None for one in found} for found in hours.values())
    assert not any("twilight" in found for found in hours.values())

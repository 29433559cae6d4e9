"""A department whose exports are as awkward as real ones goes through by its profile alone."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from ckan.tests.helpers import call_action
from click.testing import CliRunner
from helpers import larkhaven

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.cli import cpdi

CALLS, CITATIONS = "calls-for-service", "electronic-citations"

pytestmark = pytest.mark.usefixtures("portal")


def load(dataset, path, *options):
    """Load a feed of the department; give what was printed."""
    done = CliRunner().invoke(cpdi, ["load", dataset, str(path), "--profile", str(larkhaven.PROFILE), *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def records(dataset):
    found = call_action("datastore_search", resource_id=resource_id(dataset), limit=100, sort="_id")
    return found["records"]


def test_calls_of_a_workbook_without_record_numbers(tmp_path):
    feed = larkhaven.write_calls(tmp_path / "calls.xlsx")
    answer = json.loads(load(CALLS, feed, "--json"))
    assert (answer["state"], answer["read"], answer["published"]) == ("published", 17, 14)
    assert answer["quarantined"] == {"time_unreadable": 2}
    assert answer["withheld"] == 1
    rows = records(CALLS)
    assert len({row["incident_number"] for row in rows}) == 14
    assert all(row["incident_number"].startswith("K") for row in rows)
    stops = [row for row in rows if row["problem"] == "Traffic stop"]
    # A day without a time shows no priority.
    shown = Counter((row["priority"], row["time_precision"]) for row in stops)
    assert shown == {("High", "minute"): 9, (None, "date"): 1}
    assert {row["call_datetime"][:16] for row in stops} == {"2024-04-01T07:07", "2024-04-02T05:00"}
    thefts = [row for row in rows if row["problem"] == "Theft"]
    assert {row["call_datetime"][:16] for row in thefts} == {"2024-04-01T19:00", "2024-04-01T05:00"}
    assert len(thefts) == 3
    (domestic,) = [row for row in rows if row["time_precision"] == "month"]
    assert (domestic["problem"], domestic["latitude"], domestic["priority"]) == (None, None, None)
    assert {row["closed_datetime"] for row in rows} == {None}
    assert not load(CALLS, feed, "--force").count("added 1")


def test_citations_of_an_answer_with_a_row_a_charge(tmp_path):
    feed = larkhaven.write_tickets(tmp_path / "tickets.json")
    said = load(CITATIONS, feed)
    assert "read 4 = published 4 + withheld 0 + quarantined 0" in said
    assert "6 rows of the feed are 4 records, as the profile says under collapse." in said
    rows = records(CITATIONS)
    shown = [(row["violation"], row["statute"], row["subject_race"], row["subject_ethnicity"]) for row in rows]
    assert Counter(shown) == {
        ("Speeding", "321.285", "white", "not_hispanic"): 1,
        ("Speeding", "321.285", None, "hispanic"): 1,
        # One of two persons may be a minor.
        ("Speeding", "321.285", None, None): 1,
        ("Speeding; No insurance", "321.285", "white", "not_hispanic"): 1,
    }
    assert {(row["violation_date"][:10], row["latitude"], row["location_precision"]) for row in rows} == {
        ("2024-04-01", None, "none")
    }


def test_a_denied_number_takes_every_record_whose_key_begins_with_it(tmp_path):
    load(CITATIONS, larkhaven.write_tickets(tmp_path / "tickets.json"))
    denied = CliRunner().invoke(cpdi, ["deny", CITATIONS, "--why", "expunged", "--yes"], input="E-1\n")
    assert denied.exit_code == 0, denied.output
    assert Counter(row["violation"] for row in records(CITATIONS)) == {"Speeding": 2}
    # Nor does it come back.
    assert "read 2 = published 2" in load(CITATIONS, larkhaven.write_tickets(tmp_path / "again.json"), "--force")


def test_values_that_nobody_judged_are_named_as_the_profile_makes_them(tmp_path):
    feed = larkhaven.write_calls(tmp_path / "calls.xlsx")
    options = ["--feed", str(feed), "--profile", str(larkhaven.PROFILE)]
    done = CliRunner().invoke(cpdi, ["risk", CALLS, *options])
    assert done.exit_code == 1, done.output
    assert "Traffic / Chase" in done.output
    # Record numbers that are made of several cells have no form that could be proposed.
    assert "incident_number" not in done.output


def test_a_workbook_is_fetched_from_the_drop_folder(folders):
    from ckanext.cpdi.jobs import load as loads

    larkhaven.write_calls(folders["drop"] / "calls.xlsx")
    report = loads.run(CALLS, "drop:calls.xlsx", str(larkhaven.PROFILE), label="drop")
    assert (report.state, report.published) == ("published", 14), report.message

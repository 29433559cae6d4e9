"""Denied records: what comes of a feed is what would come if it had never had them."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, PROBLEMS, ROW, SECRET, frame, library, places_of, plan_for, town

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.rows import process, record_keys

CALLS = "calls-for-service"
CITATIONS = library().dataset("electronic-citations")


def calls(*numbers, **cells):
    return [{**ROW, "Incident_Number": number, **cells} for number in numbers]


def outcome_of(profile, rows, denied=(), state=EMPTY_STATE):
    batch = frame(rows)
    keys = {CALLS: record_keys(SECRET, CALLS, denied)} if denied else {}
    return process(batch, plan_for(profile, batch), places_of(profile), state, NOW, keys)


def told(outcome):
    """All that an outcome says of its rows, beside the lines they stood in."""
    return (
        outcome.published.drop("_line").sort("_key").to_dicts(),
        outcome.rejects.drop("line").sort(pl.all()).to_dicts(),
        outcome.held.to_dicts(),
        outcome.classes,
        outcome.next_due,
        outcome.shares.sort(pl.all()).to_dicts(),
    )


@pytest.mark.parametrize("problem", [*PROBLEMS, "Nobody Knows"])
@pytest.mark.parametrize("closed", ["2026-01-10T14:01:00", ""])
def test_a_denied_row_leaves_no_trace_whatever_it_was(profile, problem, closed):
    others = calls("1", "2") + calls("3", Problem="Juvenile Record")
    denied = calls("9", Problem=problem, Time_CallClosed=closed)
    with_it = outcome_of(profile, [others[0], *denied, *others[1:]], ["9"])
    assert told(with_it) == told(outcome_of(profile, others))
    assert with_it.denied == 1


def test_a_damaged_row_is_dropped_too_and_two_of_one_key(profile):
    rows = [*calls("1"), *calls("9", Call_Datetime="soon"), *calls("9", Problem="Domestic Dispute")]
    found = outcome_of(profile, rows, ["9"])
    assert (found.denied, found.published.height, found.rejects.height, found.held.height) == (2, 1, 0, 0)


def test_what_the_table_knew_of_it_changes_nothing(profile):
    state = pl.DataFrame(
        {"_key": record_keys(SECRET, CALLS, ["9"]), "_fingerprint": [1], "_classes": [1], "_id": [7], "due": [None]},
        schema=EMPTY_STATE.schema,
    )
    found = outcome_of(profile, calls("9", Problem="Domestic Dispute"), ["9"], state)
    assert (found.published.height, found.held.height, found.next_due) == (0, 0, None)


@given(denied=st.sets(st.integers(0, 11)), kinds=st.lists(st.sampled_from([*PROBLEMS]), min_size=12, max_size=12))
@settings(max_examples=25, deadline=None)
def test_any_list_gives_what_the_feed_without_them_gives(profile, denied, kinds):
    rows = [{**ROW, "Incident_Number": f"N{at}", "Problem": kind} for at, kind in enumerate(kinds)]
    left = [row for at, row in enumerate(rows) if at not in denied]
    found = outcome_of(profile, rows, [f"N{at}" for at in sorted(denied)])
    assert found.denied == len(denied)
    if left:
        assert told(found) == told(outcome_of(profile, left))


def test_a_number_is_hashed_as_the_feed_writes_it_and_once():
    plain = record_keys(SECRET, CALLS, ["26-000017"]).to_list()
    assert record_keys(SECRET, CALLS, [" 26-000017\r", "", "26-000017", "\t"]).to_list() == plain
    assert record_keys(SECRET, "electronic-citations", ["26-000017"]).to_list() != plain
    assert record_keys(b"y" * 32, CALLS, ["26-000017"]).to_list() != plain


@pytest.fixture(scope="module")
def tickets(tmp_path_factory):
    feed = Feed(default_class="residential")
    return structs.replace(town(tmp_path_factory.mktemp("tickets")), datasets={CITATIONS.name: feed})


def ticket(number, incident):
    cells = {"ViolationDate": "01/10/2026 13:37", "Address": "1234 Quillfen St", "X": "-80.05", "Y": "32.75"}
    return {"Citation_Number": number, "Incident_Number": incident, **cells}


def test_a_row_that_carries_a_denied_number_of_another_dataset_goes_as_well(tickets):
    batch = frame([ticket("E1", "26-1"), ticket("E2", "26-2"), ticket("E3", "")])
    denied = {CALLS: record_keys(SECRET, CALLS, ["26-2"])}
    found = process(batch, plan_for(tickets, batch, CITATIONS), places_of(tickets), EMPTY_STATE, NOW, denied)
    left = record_keys(SECRET, CITATIONS.name, ["E1", "E3"])
    assert found.denied == 1
    assert sorted(found.published["_key"]) == sorted(left)
    assert found.links.to_dicts() == [
        {"_key": left[0], "owner": CALLS, "link": record_keys(SECRET, CALLS, ["26-1"])[0]}
    ]
    assert "26-1" not in found.published.write_csv()


def test_a_table_that_shares_no_number_has_no_links(profile):
    assert outcome_of(profile, calls("1")).links.is_empty()

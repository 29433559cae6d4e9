"""One record of several rows: by declared rules, as strict as the strictest of them, and every row accounted for."""

from types import MappingProxyType

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, SECRET, calls_feed, frame, library, places_of, plan_for, run, town

from ckanext.cpdi.declare import Code, CodeList, Feed
from ckanext.cpdi.declare.departments.cells import Codes, Collapse
from ckanext.cpdi.feeds import FeedError, local, open_feed
from ckanext.cpdi.pipeline.accumulator import Accumulator
from ckanext.cpdi.rows import process
from ckanext.cpdi.rows.masking.denied import record_keys
from ckanext.cpdi.store import Changes

CALLS = "calls-for-service"
ROW = {
    "Incident_Number": "26-000017",
    "Call_Datetime": "2026-01-10T13:37:42",
    "Problem": "Traffic Stop",
    "Call_Disposition": "LA_Arrest Made",
    "Address": "1234 Quillfen St",
    "LONGITUDE": "-80.0501",
    "LATITUDE": "32.7501",
    "Time_CallClosed": "2026-01-10T14:01:00",
    "Priority": "2",
    "Last_Modified": "2026-01-11T02:00:00",
}


def outcome(tmp_path, *rows, dataset=None, denied=MappingProxyType({}), **columns):
    """Send the rows of one record through the engine."""
    profile = town(tmp_path, calls_feed(collapse=Collapse(by=("Incident_Number",), columns=columns)))
    batch = together([{**ROW, **row} for row in rows])
    return process(batch, plan_for(profile, batch, dataset), places_of(profile), EMPTY_STATE, NOW, denied)


def together(rows):
    """Return rows as the reader gives them: those of one number under the line of the first."""
    return frame(rows).with_columns(pl.col("_line").min().over("Incident_Number"))


def record(tmp_path, *rows, **columns):
    (found,) = outcome(tmp_path, *rows, **columns).published.to_dicts()
    return found


def test_rows_that_agree_are_one_record_and_the_others_are_counted(tmp_path):
    made = outcome(tmp_path, {}, {}, {"Incident_Number": "26-000018"})
    assert (made.published.height, made.collapsed, made.rejects.height) == (2, 1, 0)
    assert made.published["_line"].to_list() == [2, 4]
    alone = run(town(tmp_path, calls_feed()), ROW).published.drop("_line")
    assert made.published.drop("_line").row(0) == alone.row(0)


def test_what_does_not_agree_is_empty_and_flagged(tmp_path):
    row = record(tmp_path, {"Priority": "2"}, {"Priority": "3"}, {"Priority": ""})
    assert (row["priority"], row["data_flags"]) == (None, "rows_differ")
    assert record(tmp_path, {"Priority": ""}, {"Priority": "3"})["priority"] == "3"
    assert record(tmp_path, {"Priority": "2"}, {"Priority": "3"}, priority="first")["priority"] == "2"


def test_a_column_that_is_not_published_may_differ(tmp_path):
    assert record(tmp_path, {"District": "North"}, {"District": "South"})["data_flags"] is None


def test_a_record_has_the_classes_of_all_its_rows(tmp_path):
    mild = record(tmp_path, {"Problem": "Traffic Stop"}, {"Problem": "Noise Complaint"})
    assert mild["problem"] == "Noise Complaint"
    for rule in ("strictest", "first", "list"):
        strict = record(tmp_path, {"Problem": "Traffic Stop"}, {"Problem": "Domestic Dispute"}, problem=rule)
        assert (strict["time_precision"], strict["latitude"], strict["problem"]) == ("month", None, None), rule


def test_an_outcome_of_one_person_decides_for_all(tmp_path):
    strict = record(tmp_path, {"Call_Disposition": ""}, {"Call_Disposition": "LE_Escort Domestic"})
    assert strict["time_precision"] == "month"


def test_codes_of_all_rows_may_be_listed(tmp_path):
    row = record(tmp_path, {"Problem": "Noise Complaint"}, {"Problem": "Traffic Stop"}, problem="list")
    assert (row["problem"], row["problem_code"]) == ("Noise Complaint; Traffic Stop", "NO; TR")


def test_a_value_that_nobody_judged_withholds_the_record(tmp_path):
    made = outcome(tmp_path, {}, {"Problem": "Alien"})
    assert made.published.is_empty()
    assert made.rejects.select("outcome", "reason", "field").rows() == [("withheld", "unmapped_value", "problem")]
    assert made.rejects.height + made.collapsed == 2


def test_a_row_that_cannot_be_used_is_quarantined_and_the_others_are_the_record(tmp_path):
    made = outcome(tmp_path, {"Call_Datetime": "soon"}, {"Priority": "3"}, {"Priority": "3"})
    assert made.rejects.select("outcome", "reason").rows() == [("quarantined", "time_unreadable")]
    assert (made.published["priority"].to_list(), made.collapsed) == (["3"], 1)


def test_the_time_is_the_first_and_the_closing_the_latest(tmp_path):
    early, late = "2026-01-10T13:37:42", "2026-01-10T13:50:00"
    row = record(
        tmp_path,
        {"Call_Datetime": early, "Time_CallClosed": "2026-01-10T14:00:00"},
        {"Call_Datetime": late, "Time_CallClosed": "2026-01-10T15:00:00"},
    )
    assert row["call_datetime"].strftime("%H:%M") == "18:37"
    assert row["closed_datetime"].strftime("%H:%M") == "20:00"


def test_the_place_is_that_of_a_row_that_has_one(tmp_path):
    nowhere = {"Address": "", "LONGITUDE": "", "LATITUDE": ""}
    row = record(tmp_path, nowhere, {})
    assert (row["location_precision"], row["data_flags"]) == ("block", "no_coordinates")


def test_a_copy_beside_an_event_is_an_event(tmp_path):
    row = record(tmp_path, {"Call_Disposition": "LDC_Duplicate Call"}, {})
    assert (row["counts_as_event"], row["not_event_reason"]) == (True, None)


def test_a_denied_number_takes_the_whole_record(tmp_path):
    denied = {CALLS: record_keys(SECRET, CALLS, ["26-000017"])}
    made = outcome(tmp_path, {}, {}, {"Incident_Number": "26-000018"}, denied=denied)
    assert (made.denied, made.published.height, made.rejects.height, made.collapsed) == (1, 1, 0, 1)


def test_a_row_that_cannot_be_used_is_counted_once_though_its_record_is_masked_again(tmp_path):
    rows = ({"Call_Datetime": "soon"}, {}, {"Problem": "Alien", "Incident_Number": "26-000018"})
    made = outcome(tmp_path, *rows)
    total = Accumulator()
    total.add(3, made.rejects.clear(), made)
    total.add_remasked(outcome(tmp_path, *rows[:2]))
    summary = total.summary(Changes(0, 0, 0, 0, 0, pl.DataFrame(schema={"line": pl.Int64})), {}, 0)
    assert {reason.reason: reason.rows for reason in summary.reasons()} == {"time_unreadable": 1, "unmapped_value": 1}


CITATION = {
    "Incident_Number": "26-1",
    "Citation_Number": "E-0001",
    "ViolationDate": "01/10/2026 13:37",
    "Violation": "Speeding",
    "Race": "W",
    "Age": "34",
    "X": "-80.05",
    "Y": "32.75",
}


def citations(folder, *rows, denied=MappingProxyType({}), **columns):
    made = town(folder)
    feed = Feed(
        default_class="residential",
        codes={"violation": Codes(list="violations")},
        values={"subject_race": {"W": "white", "B": "black"}},
        collapse=Collapse(by=("Citation_Number",), columns=columns),
    )
    speeding = Code(value="Speeding", meaning="Speeding", category="things", privacy="residential")
    profile = structs.replace(
        made, datasets={"electronic-citations": feed}, lists={"violations": CodeList("violations", (speeding,))}
    )
    batch = frame([{**CITATION, **row} for row in rows]).with_columns(pl.lit(2, pl.UInt32).alias("_line"))
    plan = plan_for(profile, batch, library().dataset("electronic-citations"))
    return process(batch, plan, places_of(profile), EMPTY_STATE, NOW, denied)


@pytest.mark.parametrize(
    ("ages", "race"),
    [(("34", "34"), "white"), (("34", "16"), None), (("34", ""), None), (("34", "Juv"), None), (("Juv", "34"), None)],
)
def test_demographics_show_only_where_every_person_is_an_adult(tmp_path, ages, race):
    (row,) = citations(tmp_path, *({"Age": age} for age in ages)).published.to_dicts()
    assert row["subject_race"] == race


@pytest.mark.parametrize("ages", [("34", "16"), ("Juv", "34")])
def test_a_minor_among_adults_makes_the_record_a_minors(tmp_path, ages):
    adults, mixed = (citations(tmp_path, *({"Age": age} for age in of)) for of in (("34", "50"), ages))
    assert (adults.classes, mixed.classes) == ({"residential": 1}, {"minor": 1})


def test_a_call_that_is_denied_takes_a_record_in_which_any_row_names_it(tmp_path):
    denied = {CALLS: record_keys(SECRET, CALLS, ["26-2"])}
    made = citations(tmp_path, {"Incident_Number": "26-1"}, {"Incident_Number": "26-2"}, denied=denied)
    assert (made.denied, made.published.height) == (1, 0)
    kept = citations(tmp_path, {"Incident_Number": "26-1"}, {"Incident_Number": "26-2"})
    assert sorted(kept.links["link"]) == sorted(record_keys(SECRET, CALLS, ["26-1", "26-2"]))
    assert kept.links["_key"].unique().to_list() == kept.published["_key"].to_list()


@pytest.mark.parametrize("rows", [1, 3, 100])
def test_rows_of_one_record_come_together_wherever_they_stand(tmp_path, rows):
    path = tmp_path / "feed.csv"
    numbers = ["1", "2", "3", "1", "4", " 2", "1", "5", "x"]
    path.write_text("No,Who\n" + "".join(f"{no},{at}\n" for at, no in enumerate(numbers)) + "bad\n", encoding="utf-8")
    reader = open_feed(local(path), Feed(collapse=Collapse(by=("no",))))
    batches = list(reader.batches(rows, columns=["Who"]))
    assert sum(batch.rejects.height for batch in batches) == 1
    lines = pl.concat([batch.frame for batch in batches]).sort("Who")["_line"].to_list()
    assert lines == [2, 3, 4, 2, 6, 3, 2, 9, 10]
    for line in (2, 3):
        assert sum(batch.frame["_line"].is_in([line]).any() for batch in batches) == 1


def test_a_feed_without_what_tells_records_apart_is_refused(tmp_path):
    path = tmp_path / "feed.csv"
    path.write_text("A,B\n1,2\n", encoding="utf-8")
    with pytest.raises(FeedError, match="no column No, by which the department's profile groups rows"):
        open_feed(local(path), Feed(collapse=Collapse(by=("No",))))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["1", "2", ""]), st.booleans()), max_size=30))
def test_every_row_is_in_one_place(tmp_path_factory, rows):
    cells = [
        {"Incident_Number": f"26-{no}", "Priority": priority, "Call_Datetime": ROW["Call_Datetime"] if good else "x"}
        for no, priority, good in rows
    ] or [{}]
    made = outcome(tmp_path_factory.mktemp("rows"), *cells)
    assert made.published.height + made.rejects.height + made.collapsed == len(cells)
    assert made.published["_key"].is_unique().all()

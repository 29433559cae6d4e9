"""Codes: lists in one cell, cells cut at a length, what counts as an event, who started a call."""

from datetime import timedelta

import pytest
from msgspec import structs
from rows_kit import NOW, ROW, calls_feed, classes, library, one, reason, run, town

from ckanext.cpdi.declare import CodeList
from ckanext.cpdi.declare.departments.cells import Codes, Flag


def test_a_problem_shows_its_code_text_category_and_common_type(profile):
    row = one(profile)
    assert (row["problem_code"], row["problem"], row["call_category"]) == ("TR", "Traffic Stop", "Things")
    assert row["incident_type_common"] == "STD"


def test_several_dispositions_in_one_cell_are_all_shown(profile):
    row = one(profile, Call_Disposition="LA_Arrest Made,LX_Cancelled")
    assert row["disposition_codes"] == "LA;LX"
    assert row["disposition"] == "Arrest Made; Cancelled"


def test_a_row_has_the_classes_of_all_its_codes(profile):
    row = one(profile, Problem="Noise Complaint", Call_Disposition="LA_Arrest Made,LW_Warrant Arrest")
    assert classes().names(row["_classes"]) == ("open", "residential", "operational")


def test_a_code_that_the_feed_cut_is_completed(profile):
    whole = "LDC_Duplicate Call,LX_Cancelled,LE_Escort Domestic"
    row = one(profile, Call_Disposition=whole[:30])
    assert row["disposition_codes"] == "LDC;LX"
    assert row["time_precision"] == "minute"


@pytest.mark.parametrize("cell", ["LA_Arrest Made,LX_Cancelled,LE", "LA_Arrest Made,LX_Cancelled, L"])
def test_a_cut_code_has_every_class_that_it_could_have(profile, cell):
    assert len(cell) == 30
    row = one(profile, now=NOW + timedelta(days=30), Call_Disposition=cell)  # operational ones wait a month
    assert "sensitive" in classes().names(row["_classes"])
    assert (row["block_address"], row["disposition"]) == (None, None)


def test_a_cut_cell_that_ends_with_a_separator_hides_a_code_and_is_withheld(profile):
    text = "LA_Arrest Made ,LX_Cancelled ,"
    assert len(text) == 30
    assert reason(profile, Call_Disposition=text) == ("withheld", "unmapped_value", "dispositions")


def test_a_cell_that_was_cut_at_a_blank_hides_a_code_as_well(profile):
    text = "LA_Arrest Made, LX_Cancelled, "
    assert len(text) == 30
    assert reason(profile, Call_Disposition=text) == ("withheld", "unmapped_value", "dispositions")


@pytest.mark.parametrize("text", ["LA_Arrest", "LA_Arrest Made,LQ", "la_arrest made"])
def test_a_shorter_cell_is_not_completed(profile, text):
    assert reason(profile, Call_Disposition=text) == ("withheld", "unmapped_value", "dispositions")


def test_a_problem_that_nobody_judged_is_withheld_without_its_value(profile):
    outcome = run(profile, {**ROW, "Problem": "PLANTED-PROBLEM"})
    assert outcome.rejects.row(0)[1:] == ("withheld", "unmapped_value", "problem")
    assert "PLANTED" not in outcome.rejects.write_csv()


def test_an_empty_problem_is_withheld_and_an_empty_disposition_is_not(profile):
    assert reason(profile, Problem="") == ("withheld", "missing_value", "problem")
    assert one(profile, Call_Disposition="")["disposition"] is None


@pytest.mark.parametrize(
    ("cell", "counts", "why"),
    [
        ("LA_Arrest Made", True, None),
        ("LX_Cancelled", False, "cancelled"),
        ("LA_Arrest Made,LX_Cancelled", True, None),
        ("LA_Arrest Made,LDC_Duplicate Call", False, "duplicate"),
        ("LX_Cancelled,LDC_Duplicate Call", False, "duplicate"),
        ("", True, None),
    ],
)
def test_duplicates_and_cancelled_calls_are_no_events(profile, cell, counts, why):
    row = one(profile, Call_Disposition=cell)
    assert (row["counts_as_event"], row["not_event_reason"]) == (counts, why)


def test_tests_are_no_part_of_the_record(profile):
    assert reason(profile, Call_Disposition="LTEST_Test") == ("withheld", "test_row", "dispositions")
    assert reason(profile, Call_Disposition="LA_Arrest Made,LTEST_Test")[1] == "test_row"


def test_the_source_is_recorded_or_inferred_or_unknown(tmp_path):
    profile = town(tmp_path, calls_feed(values={"reported_source": {"Phone": "nonemergency", "E911": "911"}}))
    recorded = one(profile, Call_Source="Phone")
    assert (recorded["call_source"], recorded["call_source_basis"]) == ("nonemergency", "recorded")
    inferred = one(profile, Call_Source="")
    assert (inferred["call_source"], inferred["call_source_basis"]) == ("officer", "inferred")
    unknown = one(profile, Call_Source="", Problem="Noise Complaint")
    assert (unknown["call_source"], unknown["call_source_basis"]) == ("unknown", None)


def test_a_source_that_the_profile_does_not_name_is_flagged_and_never_shown(tmp_path):
    profile = town(tmp_path, calls_feed(values={"reported_source": {"Phone": "nonemergency"}}))
    row = one(profile, Call_Source="PLANTED")
    assert (row["call_source"], row["data_flags"]) == ("officer", "unknown_value")


def test_a_source_that_the_table_does_not_allow_is_not_published(profile):
    row = one(profile, Call_Source="Carrier pigeon")
    assert row["call_source"] is None
    assert row["data_flags"] == "unknown_value"


def test_the_feeds_own_flags_decide_the_class(tmp_path):
    flag = Flag("dv_related", {"0": "open", "1": "sensitive", "": "sensitive"})
    profile = town(tmp_path, calls_feed(flags=(flag,)))
    assert one(profile, DV_Related="0")["time_precision"] == "minute"
    for cell in ("1", "", None, " 1 "):
        assert one(profile, DV_Related=cell)["time_precision"] == "month"
    assert reason(profile, DV_Related="Y") == ("withheld", "unmapped_value", "dv_related")


def test_a_row_without_any_class_is_withheld(tmp_path):
    profile = structs.replace(
        town(tmp_path, calls_feed(codes={"problem": Codes(list="none"), "dispositions": Codes(list="none")})),
        lists={"none": CodeList("none", ())},
    )
    dataset = library().dataset("calls-for-service")
    table = structs.replace(
        dataset.rows, inputs=tuple(structs.replace(one, required=False) for one in dataset.rows.inputs)
    )
    row = {**ROW, "Problem": "", "Call_Disposition": ""}
    outcome = run(profile, row, dataset=structs.replace(dataset, table=table))
    assert outcome.rejects["reason"].to_list() == ["no_class"]


def test_a_class_for_all_rows_is_joined_with_their_own(tmp_path):
    profile = town(tmp_path, calls_feed(default_class="residential"))
    assert classes().names(one(profile)["_classes"]) == ("open", "residential")
    assert one(profile)["time_precision"] == "hour"


def test_response_minutes_are_those_of_the_exact_times(profile):
    assert one(profile)["response_minutes"] == 7.5
    assert one(profile, Problem="Noise Complaint")["response_minutes"] == 7.5
    late = one(profile, First_Arrival="2026-01-10T13:00:00")
    assert (late["response_minutes"], late["data_flags"]) == (None, "implausible_response")

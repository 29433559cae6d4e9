# ruff: noqa: E501  tables of cases
"""Tables that are declared in YAML alone: with a month or a quarter, without places, several on one record number."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, ROOT, SECRET, frame, places_of, town

from ckanext.cpdi.declare import DeclarationError, Feed, read_library
from ckanext.cpdi.declare.departments.cells import Codes, RecordKey, Times
from ckanext.cpdi.rows import make_plan, process

TABLES = ROOT / "tests" / "tables"
ODD = "found-property"
LATE = datetime(2026, 12, 1, 12, tzinfo=UTC)


def library():
    return read_library(ROOT / "schemas", [TABLES])


def outcome(name: str, tmp_path, *rows: dict[str, Any], now: datetime = NOW, **feed: Any):
    profile = structs.replace(town(tmp_path), datasets={name: Feed(**{"default_class": "open", **feed})})
    batch = frame(list(rows))
    plan = make_plan(library().dataset(name), profile, SECRET, tuple(one for one in batch.columns if one != "_line"))
    return process(batch, plan, places_of(profile), EMPTY_STATE, now)


def published(name: str, tmp_path, *rows: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    return (
        outcome(name, tmp_path, *rows, **more)
        .published.drop("_key", "_classes", "_fingerprint", "_rank", "_line")
        .to_dicts()
    )


@pytest.mark.parametrize(
    "written", ["2025-03", "03/2025", "3/2025", "March 2025", "Mar 2025", "2025-03-17", "3/17/2025 14:05"]
)
def test_a_table_shows_no_more_than_the_month_that_it_says_at_most(tmp_path, written):
    (row,) = published(ODD, tmp_path, {"Tag": "FP-0001", "Handed_In": written, "Pieces": "2"})
    assert (str(row["handed_in"]), row["time_precision"], row["pieces"]) == ("2025-03-01", "month", 2)
    assert row["tag"].startswith("K")


def test_a_month_of_the_profiles_own_form_is_read_and_no_other(tmp_path):
    rows = [
        {"Tag": "FP-0001", "Handed_In": "032025", "Pieces": "1"},
        {"Tag": "FP-0002", "Handed_In": "2025-03", "Pieces": "1"},
    ]
    result = outcome(ODD, tmp_path, *rows, times=Times(formats=("%m%Y",)))
    assert [str(day) for day in result.published["handed_in"]] == ["2025-03-01"]
    assert result.rejects["reason"].to_list() == ["time_unreadable"]


def test_a_feed_that_knows_the_month_alone_shows_it_in_any_table(tmp_path):
    row = {"Incident_Number": "1", "Call_Datetime": "2025-03", "Problem": "Traffic Stop"}
    (call,) = published("calls-for-service", tmp_path, row, codes={"problem": Codes(list="problems")})
    assert (call["time_precision"], call["call_datetime"].isoformat()) == ("month", "2025-03-01T05:00:00+00:00")
    assert call["incident_number"].startswith("K")


def test_rows_of_a_month_wait_for_the_first_of_a_month_at_which_all_of_it_is_due(tmp_path):
    row = {"Tag": "FP-0001", "Handed_In": "2026-10-03", "Pieces": "1"}
    result = outcome(ODD, tmp_path, row, now=datetime(2026, 11, 29, 12, tzinfo=UTC))
    assert result.published.is_empty()
    assert result.rejects["reason"].to_list() == ["embargo"]
    assert outcome(ODD, tmp_path, row, now=LATE).published.height == 1


CASE = {"Case_Number": "IA-26-0007", "Received": "2025-05-17", "Source": "Citizen"}


def complaint(tmp_path, now=NOW, **cells):
    values = {"complaint_source": {"Citizen": "external", "Chief": "internal"}}
    return outcome("complaints", tmp_path, {**CASE, **cells}, now=now, values=values)


def test_a_complaint_shows_its_quarter_and_a_stand_in(tmp_path):
    (row,) = complaint(tmp_path).published.to_dicts()
    assert (str(row["quarter"]), row["time_precision"], row["complaint_source"]) == (
        "2025-04-01",
        "quarter",
        "external",
    )
    assert row["case_id"].startswith("L")
    assert len(row["case_id"]) == 17


def test_complaints_of_a_quarter_come_out_together_after_it(tmp_path):
    early, late = {"Received": "2026-07-02"}, {"Received": "2026-09-29"}
    before, after = datetime(2026, 10, 31, 12, tzinfo=UTC), datetime(2026, 11, 2, 12, tzinfo=UTC)
    assert [complaint(tmp_path, now=before, **cells).published.height for cells in (early, late)] == [0, 0]
    assert [complaint(tmp_path, now=after, **cells).published.height for cells in (early, late)] == [1, 1]


def test_the_tables_of_a_dataset_share_their_stand_ins_and_no_other_dataset_does(tmp_path):
    incident = {"Incident_Number": "26-000123", "Date": "2025-05-17"}
    subject = {**incident, "Subject_ID": "S-1", "Age": "34", "Force_Type": "physical", "Race": "white"}
    officer = {**incident, "Officer_ID": "O-1", "Force_Type": "physical"}
    key = {"subjects": "Subject_ID", "officers": "Officer_ID"}
    (first,) = published("use-of-force", tmp_path, incident)
    links = {first["incident_id"]}
    for name, row in (("subjects", subject), ("officers", officer)):
        composed = RecordKey(columns=("Incident_Number", key[name]))
        for more in ({}, {"key": composed}):
            (shown,) = published(f"use-of-force-{name}", tmp_path, row, **more)
            links.add(shown["incident_id"])
            assert (str(shown["month"]), shown["time_precision"]) == ("2025-05-01", "month")
    assert len(links) == 1
    (case,) = complaint(tmp_path, Case_Number="26-000123").published["case_id"]
    assert case not in links
    assert "26-000123" not in str(links)


def test_nothing_joins_a_person_who_may_be_under_18_with_an_incident(tmp_path):
    row = {"Incident_Number": "26-000123", "Date": "2025-05-17", "Subject_ID": "S-1", "Race": "white", "Sex": "male"}
    for age in ("16", "Juv", "17.5"):
        (shown,) = published("use-of-force-subjects", tmp_path, {**row, "Age": age, "Force_Type": "physical"})
        assert {name: value for name, value in shown.items() if value is not None} == {
            "month": shown["month"],
            "time_precision": "month",
        }
    (unknown,) = published("use-of-force-subjects", tmp_path, {**row, "Age": "", "Force_Type": "physical"})
    assert (unknown["subject_age_range"], unknown["force_type"]) == (None, "physical")


def test_a_denied_incident_takes_its_people_and_officers_with_it(tmp_path):
    assert [table.name for table in library().sharing("use-of-force")] == [
        "use-of-force",
        "use-of-force-subjects",
        "use-of-force-officers",
    ]
    assert [table.name for table in library().sharing("complaints")] == ["complaints", "complaints-allegations"]


@pytest.mark.parametrize("name", ["complaints", "complaints-allegations"])
def test_a_complaint_row_has_no_word_of_a_person(name):
    fields = library().dataset(name).rows.fields
    assert {field.name for field in fields} <= {
        "case_id", "quarter", "time_precision", "complaint_source", "allegation", "allegation_group", "finding",
    }  # fmt: skip
    assert not [field for field in fields if field.mask in ("person", "place", "exact")]


def changed(tmp_path, change):
    dataset = yaml.safe_load((TABLES / f"{ODD}.yaml").read_text(encoding="utf-8"))
    dataset["name"] = "changed"
    change(dataset["table"])
    (tmp_path / "changed.yaml").write_text(yaml.safe_dump(dataset), encoding="utf-8")
    return read_library(ROOT / "schemas", [tmp_path])


def field(**more: Any) -> dict[str, Any]:
    words = {"title": {"en": "F", "es": "F"}, "description": {"en": "F"}, "cpdi:headers": ["F"], "cpdi:mask": "public"}
    return {"name": "f", "type": "string", "cpdi:shapefile": "F", **words, **more}


KINDS = {"constraints": {"enum": ["cash", "keys"]}}
TITLES = {"cpdi:values": {"cash": {"en": "Cash", "es": "Efectivo"}, "keys": {"en": "Keys", "es": "Llaves"}}}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({**KINDS}, "table.fields.f: cpdi:values: cash has no title; write cash: {en: …, es: …}"),
        ({**KINDS, "cpdi:values": {**TITLES["cpdi:values"], "keys": {"en": "Keys"}}}, "values.keys: the title of a value is"),
        ({**KINDS, "cpdi:values": {**TITLES["cpdi:values"], "kees": {"en": "K", "es": "K"}}}, "did you mean keys?"),
        ({**KINDS, **TITLES, "title": {"en": "F"}}, "table.fields.f: title: a boolean, and a field with an enum, has"),
        ({"type": "boolean", "title": {"en": "F"}}, "table.fields.f: title: a boolean"),
        ({**KINDS, **TITLES, "cpdi:mask": "link"}, "cpdi:mask: link is for the table's key, and for a record number"),
        ({"type": "integer", "cpdi:mask": "link"}, "cpdi:mask: link writes stand-ins, so the type is string"),
        ({"type": "integer", "cpdi:mask": ""}, "cpdi:mask"),
    ],
)  # fmt: skip
def test_what_a_declaration_leaves_out_is_said(tmp_path, more, message):
    with pytest.raises(DeclarationError) as caught:
        changed(tmp_path, lambda table: table["fields"].append(field(**more)))
    assert message in str(caught.value)


def test_an_enum_and_a_boolean_with_their_titles_are_right(tmp_path):
    kinds = field(**KINDS, **TITLES)
    assert changed(tmp_path, lambda table: table["fields"].append(copy.deepcopy(kinds))).dataset("changed")
    assert changed(tmp_path, lambda table: table["fields"].append(field(type="boolean"))).dataset("changed")


@pytest.mark.parametrize(
    ("at_most", "message"),
    [
        ({"time": "week"}, "time"),
        ({"times": "month"}, "did you mean time?"),
    ],
)
def test_a_limit_that_nobody_knows_is_refused(tmp_path, at_most, message):
    with pytest.raises(DeclarationError) as caught:
        changed(tmp_path, lambda table: table.update(at_most=at_most))
    assert message in str(caught.value)


def test_two_tables_of_one_name_are_refused(tmp_path):
    dataset = yaml.safe_load((TABLES / f"{ODD}.yaml").read_text(encoding="utf-8"))
    dataset["name"] = "use-of-force-subjects"
    (tmp_path / "again.yaml").write_text(yaml.safe_dump(dataset), encoding="utf-8")
    with pytest.raises(DeclarationError, match="there is another 'use-of-force-subjects'"):
        read_library(ROOT / "schemas", [tmp_path])

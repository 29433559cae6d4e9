"""An export whose columns have other names than usual: what is made of it, and what a person is asked."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exports import SECRET, calls, decisions, drafted, instants, library, loaded, shipped, text

from ckanext.cpdi.declare import Text
from ckanext.cpdi.drafting.check import effect_of
from ckanext.cpdi.drafting.draft import Department, Draft, draft
from ckanext.cpdi.drafting.file.dialect import DraftError
from ckanext.cpdi.drafting.values.events import event_of
from ckanext.cpdi.drafting.values.precedents import Proposal

HEADER = ["Inc #", "Rpt Date", "Rpt Time", "Nature", "House", "Street Name", "X_COORD", "Y_COORD", "Beat", "Pri"]
HEADER += ["Dispo", "Reporting Party", "Cleared"]
OUTCOMES = ("RPT", "NR", "CXL", "ARR", "UTL")


def extract(rows: int = 600) -> list[list[object]]:
    """Return rows of a dispatch extract whose day, time of day and clearing are written in three ways."""
    _, plain = calls(rows)
    return [
        [
            f"25-{at:06}",
            f"{time:%m/%d/%y}",
            str(time.hour * 100 + time.minute),
            plain[at][2],
            100 + at % 900,
            "Quill St",
            plain[at][4],
            plain[at][5],
            f"B{at % 3}",
            ("Low", "High")[at % 2],
            OUTCOMES[at % 5],
            f"Invented {at % 4}",
            f"{time:%m/%d/%y %H:%M}",
        ]
        for at, time in enumerate(instants(rows))
    ]


def asked(made: Draft) -> str:
    return "\n".join(decisions(made))


def test_the_dataset_is_the_one_that_explains_most_columns(tmp_path: Path):
    made, _ = drafted(tmp_path / "calls.csv", text(HEADER, extract(), ";"))
    assert [feed.dataset.name for feed in made.feeds] == ["calls-for-service"]
    first = decisions(made)[0]
    assert "is taken for calls-for-service, which explains 10 of its 13 columns" in first
    assert "use-of-force" in first
    assert "--dataset" in first


def test_a_dataset_that_was_said_is_not_asked_about(tmp_path: Path):
    path = tmp_path / "calls.csv"
    path.write_text(text(HEADER, extract(), ";"))
    made = draft([path], library(), shipped(), Department(), "calls-for-service")
    assert "is taken for" not in decisions(made)[0]
    assert made.feeds[0].header("call_datetime") == "Rpt Date"


def test_a_time_of_another_name_is_proposed_by_its_contents(tmp_path: Path):
    made, path = drafted(tmp_path / "calls.csv", text(HEADER, extract(), ";"))
    feed = loaded(path).feed("calls-for-service")
    assert feed.headers["call_datetime"] == ("Rpt Date",)
    assert feed.times.clocks == {"call_datetime": ("Rpt Time",)}
    assert "No column has a name of call_datetime" in asked(made)


def test_a_code_of_another_name_is_proposed_by_its_contents(tmp_path: Path):
    header, rows = calls()
    header = ["Fallart" if name == "Problem" else name for name in header]
    made, path = drafted(tmp_path / "calls.csv", text(header, rows))
    assert loaded(path).feed("calls-for-service").headers["problem"] == ("Fallart",)
    assert "No column has a name of problem" in asked(made)


def test_a_date_of_birth_is_no_time_of_an_event(tmp_path: Path):
    header, rows = calls(200)
    header = ["Birth_Date" if name == "Call_Datetime" else name for name in header]
    path = tmp_path / "calls.csv"
    path.write_text(text(header, rows))
    with pytest.raises(DraftError, match=r"Like dates look: Birth_Date\..*headers in the profile") as refusal:
        draft([path], library(), shipped(), Department(), "calls-for-service")
    assert "2025" not in str(refusal.value)


def test_patterns_are_those_of_every_column_of_times(tmp_path: Path):
    made, path = drafted(tmp_path / "calls.csv", text(HEADER, extract(), ";"))
    assert set(loaded(path).feed("calls-for-service").times.formats) == {"%m/%d/%y", "%m/%d/%y %H:%M"}
    assert made.feeds[0].times.formats.share == 1.0
    assert "can be read as times" not in asked(made)


def test_a_column_of_few_times_has_its_pattern_too(tmp_path: Path):
    rows = [[*row[:-1], row[-1] if at % 300 == 0 else ""] for at, row in enumerate(extract())]
    _, path = drafted(tmp_path / "calls.csv", text(HEADER, rows, ";"))
    assert "%m/%d/%y %H:%M" in loaded(path).feed("calls-for-service").times.formats


def test_a_column_that_is_half_unreadable_is_asked_about(tmp_path: Path):
    rows = [[*row[:-1], row[-1] if at % 5 > 1 else "see remarks"] for at, row in enumerate(extract())]
    made, _ = drafted(tmp_path / "calls.csv", text(HEADER, rows, ";"))
    assert "Cleared: only 60% of its filled cells can be read as times" in asked(made)


def test_a_time_of_day_that_is_read_is_not_said_to_be_unread(tmp_path: Path):
    header = ["Call Date" if name == "Rpt Date" else "CallTime" if name == "Rpt Time" else name for name in HEADER]
    made, _ = drafted(tmp_path / "calls.csv", text(header, extract(), ";"))
    assert made.feeds[0].clocks == {"call_datetime": "CallTime"}
    assert made.feeds[0].matches.refused
    assert "CallTime" not in "".join(line for line in decisions(made) if "not read" in line)


def test_a_time_of_day_that_is_left_out_is_asked_about(tmp_path: Path):
    rows = [[*row, row[2]] for row in extract()]
    made, _ = drafted(tmp_path / "calls.csv", text([*HEADER, "Enroute Time"], rows, ";"))
    assert "Enroute Time looks like a time of day, and is not read." in asked(made)


def test_columns_that_are_joined_are_not_said_to_be_unread(tmp_path: Path):
    _, path = drafted(tmp_path / "calls.csv", text([*HEADER, "Extra"], [[*row, ""] for row in extract()], ";"))
    dataset = library().dataset("calls-for-service")
    effect = effect_of(
        (tmp_path / "calls.csv",), dataset, loaded(path), SECRET, None, datetime(2026, 11, 1, tzinfo=UTC)
    )
    assert loaded(path).feed("calls-for-service").columns["address"].join == ("House", "Street Name")
    assert not {"House", "Street Name"} & {*effect.ignored}


@pytest.mark.parametrize(
    ("value", "event"),
    [
        ("TEST CALL", ("no", "test")),
        ("CXL", ("no", "cancelled")),
        ("Cancelled by caller", ("no", "cancelled")),
        ("DUP", ("no", "duplicate")),
        ("BREATH TEST", ("yes", "")),
        ("NOISE", ("yes", "")),
    ],
)
def test_what_is_no_event_is_told_by_its_words(value: str, event: tuple[str, str]):
    assert event_of(value, Proposal("withheld", "other", Text(""), None)) == event


def test_a_drafted_list_has_columns_for_what_is_published_of_a_value(tmp_path: Path):
    _, path = drafted(tmp_path / "calls.csv", text(HEADER, extract(), ";"))
    with (path.parent / "quillport" / "dispositions.csv").open(encoding="utf-8") as file:
        lines = {line["value"]: line for line in csv.DictReader(file)}
    assert (lines["CXL"]["event"], lines["CXL"]["event_reason"]) == ("no", "cancelled")
    assert all((line["code"], line["text"]) == ("", "") for line in lines.values())


def test_the_list_ends_with_what_the_proposals_would_publish(tmp_path: Path):
    made, _ = drafted(tmp_path / "calls.csv", text(HEADER, extract(), ";"))
    assert made.feeds[0].outlook.published == 0
    last = decisions(made)[-1]
    assert "about 0 of 600 rows would be published" in last
    assert "the values of Dispo alone would withhold about 600" in last


def test_rows_that_proposals_would_publish_are_counted(tmp_path: Path):
    made, _ = drafted(tmp_path / "calls.csv", text(*calls()))
    _, rows = calls()
    unknown = sum(row[2] == "Zzyx Detail" for row in rows)
    assert made.feeds[0].outlook.published == 1200 - unknown
    assert f"about {1200 - unknown:,} of 1,200 rows would be published, by their codes alone" in decisions(made)[-1]

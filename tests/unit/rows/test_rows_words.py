"""What a department has in words or columns of its own, or not at all: R12, R21, citations without points."""

from __future__ import annotations

from msgspec import structs
from rows_kit import EMPTY_STATE, NOW, ROW, calls_feed, frame, library, one, places_of, plan_for, run, town

from ckanext.cpdi.declare import Code, CodeList, Feed
from ckanext.cpdi.declare.departments.cells import Codes
from ckanext.cpdi.rows import process

CITATIONS = library().dataset("electronic-citations")
CITATION = {
    "Citation_Number": "E-0001",
    "ViolationDate": "01/10/2026 13:37",
    "Violation": "Speeding",
    "Race": "H",
    "Age": "34",
}


def test_words_of_the_department_for_a_priority(tmp_path):
    words = {"High": "High", "Non-Emergency": "Low", "n/a": ""}
    profile = town(tmp_path, calls_feed(values={"priority": words}))
    shown = [one(profile, Priority=word) for word in (*words, "Whatever")]
    assert [row["priority"] for row in shown] == ["High", "Low", None, None]
    assert ["unknown_value" in (row["data_flags"] or "") for row in shown] == [False, False, False, True]


def citations(folder, *rows, **written):
    """Send citations of the town through the engine, whose feed is ``written`` so."""
    made = town(folder)
    feed = Feed(default_class="residential", codes={"violation": Codes(list="violations")}, **written)
    speeding = Code(value="Speeding", meaning="Speeding", category="things", privacy="residential")
    lists = {"violations": CodeList("violations", (speeding,))}
    profile = structs.replace(made, datasets={"electronic-citations": feed}, lists=lists)
    batch = frame(rows)
    return process(batch, plan_for(profile, batch, CITATIONS), places_of(profile), EMPTY_STATE, NOW)


def test_race_and_ethnicity_in_one_column(tmp_path):
    race = {"W": "white", "H": "", "O": "other"}
    ethnicity = {"W": "not_hispanic", "H": "hispanic", "O": "unknown"}
    outcome = citations(
        tmp_path,
        *({**CITATION, "Citation_Number": f"E-{code}1", "Race": code} for code in "WHO"),
        optional=("point", "x", "y"),
        headers={"subject_race": ("Race",), "subject_ethnicity": ("Race",)},
        values={"subject_race": race, "subject_ethnicity": ethnicity},
    )
    shown = outcome.published.select("subject_race", "subject_ethnicity").rows()
    assert shown == [("white", "not_hispanic"), (None, "hispanic"), ("other", "unknown")]


def test_citations_without_points_are_published_where_the_profile_says_so(tmp_path):
    outcome = citations(tmp_path, CITATION, optional=("point", "x", "y"))
    (row,) = outcome.published.to_dicts()
    assert (row["latitude"], row["longitude"], row["location_precision"]) == (None, None, "none")


def test_a_point_that_is_optional_for_rows_is_still_read(tmp_path):
    with_point = {**CITATION, "Citation_Number": "E-2", "X": "-80.05", "Y": "32.75", "Address": "1234 Quillfen St"}
    without = {**CITATION, "X": "", "Y": "", "Address": ""}
    outcome = citations(tmp_path, with_point, without, optional=("point",))
    assert outcome.published["location_precision"].to_list() == ["block", "none"]
    required = citations(tmp_path, with_point, without)
    assert required.rejects["reason"].to_list() == ["no_place"]


def test_a_default_header_is_switched_off(tmp_path):
    profile = town(tmp_path, calls_feed(headers={"closed_datetime": ()}))
    outcome = run(profile, {**ROW, "Time_CallClosed": "Y"})
    assert outcome.published["closed_datetime"].to_list() == [None]
    assert outcome.rejects.is_empty()

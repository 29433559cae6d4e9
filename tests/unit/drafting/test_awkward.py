"""Exports that are awkward in several ways at once, drafted and sent through the engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exports import SECRET, calls, decisions, drafted, instants, library, loaded, points, shipped, text, workbook
from test_draft import judge

from ckanext.cpdi.drafting.check import Effect, effect_of
from ckanext.cpdi.drafting.draft import Department, draft
from ckanext.cpdi.errors import PortalError

NOW = datetime(2026, 11, 1, tzinfo=UTC)
VIOLATIONS = ("Speeding", "Seat belt violation")
PRIORITIES = ("High", "Non-Emergency", "Routine")


def effect(path: Path, profile: Path, dataset: str = "calls-for-service") -> Effect:
    for codes in (profile.parent / profile.stem).glob("*.csv"):
        judge(codes, "open")
    return effect_of((path,), library().dataset(dataset), loaded(profile), SECRET, None, NOW)


def apart(rows: int = 1200) -> tuple[list[str], list[list[object]]]:
    """Return calls with day and time apart, in feet of the State Plane, the house apart, priorities in words."""
    _, plain = calls(rows, epsg=2273)
    header = ["Call No.", "Date", "Time", "Call Type", "House No", "Street Name", "X Coord", "Y Coord", "Priority"]
    cells: list[list[object]] = []
    for at, (row, time) in enumerate(zip(plain, instants(rows), strict=True)):
        house, _, street = str(row[3]).partition(" ")
        clock = f"{time:%H%M}".lstrip("0") or "0"
        kind = f"{row[2]} – Peñón"
        cells.append(
            [row[0], f"{time.month}/{time.day}/{time:%y}", clock, kind, house, street, *row[4:], PRIORITIES[at % 3]]
        )
    return header, cells


def test_titles_semicolons_windows_1252_day_and_time_apart_feet_and_words(tmp_path: Path):
    header, rows = apart()
    content = "Quillport Police;;;\r\nCalls for service, 2025\r\n\r\n" + text(header, rows, ";") + "Total: 1200\r\n"
    made, path = drafted(tmp_path / "calls.csv", content, encoding="cp1252")
    feed = loaded(path).feed("calls-for-service")
    assert (feed.header_line, feed.notes) == (4, ("Total",))
    assert feed.headers["call_datetime"] == ("Date",)
    assert feed.times.clocks == {"call_datetime": ("Time",)}
    assert feed.times.short_clocks
    assert feed.times.formats == ("%m/%d/%y",)
    assert (feed.times.reading, feed.coordinates.epsg) == ("local", 2273)
    assert feed.columns["address"].join == ("House No", "Street Name")
    asked = "\n".join(decisions(made))
    assert "Is Time the time of day of Date?" in asked
    assert "3 words of Priority (priority) stand for nothing yet" in asked
    outcome = effect(tmp_path / "calls.csv", path)
    assert (outcome.rows, outcome.published, outcome.quarantined) == (1200, 1200, {})
    assert outcome.precisions["time_precision"] == {"minute": 1200}


def test_a_workbook_with_a_title_and_another_sheet(tmp_path: Path):
    header, rows = calls(300)
    path = tmp_path / "calls.xlsx"
    workbook(
        path, {"Read me": [["Prepared by the records division"]], "Calls": [["Calls for service"], [], header, *rows]}
    )
    made, profile = drafted(path, None)
    feed = loaded(profile).feed("calls-for-service")
    assert (feed.sheet, feed.header_line) == ("Calls", 3)
    assert made.feeds[0].contents.rows == 300
    assert effect(path, profile).published == 300


@pytest.mark.parametrize("form", ["({1}, {0})", '{{"latitude": "{1}", "longitude": "{0}"}}', "POINT ({0} {1})"])
def test_a_point_in_a_cell(tmp_path: Path, form: str):
    _, rows = calls(300)
    cells = [[*row[:3], form.format(row[4], row[5])] for row in rows]
    _, path = drafted(tmp_path / "calls.csv", text(["Incident_Number", "Call_Datetime", "Problem", "Location"], cells))
    feed = loaded(path).feed("calls-for-service")
    assert (feed.columns["y"].latitude, feed.columns["x"].longitude) == ("Location", "Location")
    assert "coordinates_outside" not in {reason for reason, _ in effect(tmp_path / "calls.csv", path).quarantined}


@pytest.mark.parametrize(
    ("wrapped", "way"), [(lambda rows: rows, ""), (lambda rows: {"answer": {"calls": rows}}, "answer.calls")]
)
def test_json_records(tmp_path: Path, wrapped, way: str):
    header, rows = calls(200)
    records = [dict(zip(header, row, strict=True)) for row in rows]
    _, path = drafted(tmp_path / "calls.json", json.dumps(wrapped(records)))
    assert loaded(path).feed("calls-for-service").records == way
    assert effect(tmp_path / "calls.json", path).published == 200


def test_a_feed_that_nothing_in_it_says_the_class_of_is_withheld_and_asked_about(tmp_path: Path):
    header, rows = calls(200)
    content = text([name for name in header if name != "Problem"], [[*row[:2], *row[3:]] for row in rows])
    made, path = drafted(tmp_path / "calls.csv", content)
    assert loaded(path).feed("calls-for-service").optional == ("problem",)
    assert any("Nothing in the feed says how sensitive a row is" in question for question in decisions(made))
    assert effect(tmp_path / "calls.csv", path).withheld == {("no_class", ""): 200}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "empty"),
        ("header.csv", b"Incident_Number,Call_Datetime,Problem\n", "has a header and no rows"),
        ("report.pdf", b"%PDF-1.4 " * 99, "PDF"),
        ("page.csv", b"<!doctype html><html><body>Sign in</body></html>", "web page"),
        ("bytes.csv", bytes(range(256)) * 40, "like none of the datasets"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, name: str, content: bytes, words: str):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PortalError, match=words):
        drafted(tmp_path / name, None)


def citations(rows: int, race: Sequence[str]) -> tuple[list[str], list[list[object]]]:
    header = ["Citation_Number", "Violation_Date", "Violation", "Race", "Sex", "Age"]
    stamps = [f"{time:%m/%d/%Y %H:%M}" for time in instants(rows)]
    cells: list[list[object]] = [
        [f"T{at:07}", stamps[at], VIOLATIONS[at % 2], race[at % len(race)], "MF"[at % 2], 20 + at % 9]
        for at in range(rows)
    ]  # fmt: skip
    return header, cells


def test_citations_without_points_and_with_hispanic_among_the_races(tmp_path: Path):
    path = tmp_path / "citations.csv"
    made, profile = drafted(path, text(*citations(400, ("W", "B", "H", "Zed"))))
    assert made.feeds[0].dataset.name == "electronic-citations"
    feed = loaded(profile).feed("electronic-citations")
    assert set(feed.optional) == {"point", "x", "y"}
    assert feed.values["subject_race"] == {"B": "black", "W": "white", "H": ""}
    assert feed.values["subject_ethnicity"] == {"H": "hispanic", "B": "", "W": ""}
    assert any("1 words of Race" in question for question in decisions(made))
    assert effect(path, profile, "electronic-citations").published == 400


def test_rows_of_officers_get_a_key_of_both(tmp_path: Path):
    header, rows = calls(300)
    twice = [[*row, officer] for row in rows for officer in ("U1", "U2")]
    _, path = drafted(tmp_path / "calls.csv", text([*header, "Unit_ID"], twice))
    feed = loaded(path).feed("calls-for-service")
    assert feed.key.columns == ("Incident_Number", "Unit_ID")
    assert effect(tmp_path / "calls.csv", path).published == 600


def test_a_file_without_an_end_is_said_to_be_so(tmp_path: Path):
    _, path = drafted(tmp_path / "calls.csv", text(*calls(100)).removesuffix("\r\n"))
    assert loaded(path).feed("calls-for-service").final_newline == "optional"
    assert effect(tmp_path / "calls.csv", path).published == 100


def test_points_that_land_nowhere_are_asked_about(tmp_path: Path):
    header, rows = calls(200)
    x, y = points(200, 3857)
    moved = [[*row[:4], f"{x[at] / 7:.1f}", f"{y[at] * 3:.1f}"] for at, row in enumerate(rows)]
    made, _ = drafted(tmp_path / "calls.csv", text(header, moved))
    assert any("Only 0% of the points land in the department" in question for question in decisions(made))


def test_the_words_of_another_table_are_known_by_their_spelling(tmp_path: Path):
    times = instants(200)
    force = ("Impact Weapon", "Canine", "Zed")
    rows = [[f"F{at:05}", f"{times[at]:%m/%d/%Y}", force[at % 3], 20 + at % 9] for at in range(200)]
    path = tmp_path / "force.csv"
    path.write_text(text(["Subject_Number", "Incident_Date", "Force_Type", "Age"], rows))
    made = draft([path], library(), shipped(), Department(city="Quillport", state="SC"), "use-of-force-subjects")
    (words,) = (words for words in made.feeds[0].words if words.column == "force_type")
    assert words.known == {"Impact Weapon": "impact_weapon", "Canine": "canine"}
    assert "Zed" in words.open

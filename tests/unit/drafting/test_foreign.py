"""An export whose headers say nothing: what is proposed by what stands in it, and what only a person may say."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from exports import (
    SECRET,
    calls,
    decisions,
    drafted,
    instants,
    library,
    loaded,
    points,
    shipped,
    text,
)
from test_draft import judge

from ckanext.cpdi.drafting.check import effect_of
from ckanext.cpdi.drafting.document import files_of
from ckanext.cpdi.drafting.draft import Department, draft
from ckanext.cpdi.drafting.errors import DraftError
from ckanext.cpdi.drafting.questions import questions

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEADER = ["Fld1", "UDF_07", "Fld2", "UDF_09", "Fld3", "Fld4", "UDF_11", "UDF_12", "Fld5", "Fld6", "UDF_20"]
OUTCOMES = ("Report Taken", "Unfounded", "Citation Issued", "Gone On Arrival")
SOURCES = ("911", "Phone", "Officer")
VIOLATIONS = ("Speeding", "Seat belt violation", "Driving under suspension")
DRIVERS = ("Avery Quill", "Jordan Marsh", "Casey Lowcountry")


def foreign(rows: int = 800) -> list[list[object]]:
    """Return calls: record, outcome, clearing, kind, time, address, y, x in feet, priority, source, a name."""
    _, plain = calls(rows, epsg=2273)
    chance = random.Random(7)
    return [
        [
            row[0],
            chance.choice(OUTCOMES),
            f"{time + timedelta(minutes=40):%m/%d/%Y %H:%M}",
            row[2],
            f"{time:%m/%d/%Y %H:%M}",
            row[3],
            row[5],
            row[4],
            f"P{at % 3 + 1}",
            SOURCES[at % 3],
            DRIVERS[at % 3],
        ]
        for at, (row, time) in enumerate(zip(plain, instants(rows), strict=True))
    ]


def citations(rows: int = 600) -> tuple[list[str], list[list[object]]]:
    """Return citations under headers that say nothing, with ages, births and licences of drivers beside."""
    chance = random.Random(11)
    x, y = points(rows)
    header = [f"C{number:02}" for number in range(1, 11)]
    cells: list[list[object]] = [
        [
            f"T{100000 + at * 7}",
            f"{time:%Y-%m-%d %H:%M}",
            VIOLATIONS[at % 3],
            f"{x[at]:.6f}",
            f"{y[at]:.6f}",
            chance.randint(17, 80),
            "MF"[at % 2],
            f"{1940 + chance.randrange(65)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}",
            f"{chance.choice(('White', 'Black', 'Asian'))}",
            f"{100 + at % 900} Quill St",
        ]
        for at, time in enumerate(instants(rows))
    ]
    chance.shuffle(cells)
    return header, cells


def test_headers_that_say_nothing_give_a_draft_that_reads_the_file(tmp_path: Path):
    made, path = drafted(tmp_path / "dump.csv", text(HEADER, foreign()))
    feed = loaded(path).feed("calls-for-service")
    assert dict(feed.headers) == {
        "call_datetime": ("Fld3",),
        "problem": ("UDF_09",),
        "dispositions": ("UDF_07",),
        "address": ("Fld4",),
        "x": ("UDF_12",),
        "y": ("UDF_11",),
        "priority": ("Fld5",),
        "reported_source": ("Fld6",),
    }
    assert feed.coordinates.epsg == 2273
    assert feed.key is not None
    assert feed.key.columns == ("Fld1",)
    for codes in (path.parent / "quillport").glob("*.csv"):
        judge(codes, "open")
    dataset = library().dataset("calls-for-service")
    effect = effect_of((tmp_path / "dump.csv",), dataset, loaded(path), SECRET, None, NOW)
    assert (effect.published, effect.unjudged) == (800, {})
    shown = "\n".join(decisions(made))
    assert "No column has a name of problem. UDF_09 is taken for it by its contents: 6 different values" in shown
    assert "100% of the pairs are points in the department" in shown
    assert "No column has a name of address. Fld4 is taken for it by its contents: 100% of its cells" in shown


@pytest.mark.parametrize("clock", [lambda time: f"{time:%H:%M}", lambda time: str(time.hour * 100 + time.minute)])
def test_a_file_that_is_awkward_in_every_way(tmp_path: Path, clock: Callable[[datetime], str]):
    header = ["Fld1", "Fld2", "Fld3", *HEADER[3:4], *HEADER[5:], "UDF_30"]
    rows = [
        [
            row[0],
            f"{time:%m/%d/%y}",
            clock(time),
            row[3],
            *row[5:],
            ("n/a", "see file")[at % 2],
        ]
        for at, (row, time) in enumerate(zip(foreign(), instants(800), strict=True))
    ]
    content = "Quillport – CAD dump;;\r\nPrinted 03/01/2026; CONFIDENTIAL\r\n" + text(header, rows, ";")
    made, path = drafted(tmp_path / "dump.csv", content + "Total: 800\r\n", encoding="cp1252")
    feed = loaded(path).feed("calls-for-service")
    assert (feed.header_line, feed.notes) == (3, ("Total",))
    assert feed.headers["call_datetime"] == ("Fld2",)
    assert feed.times.clocks == {"call_datetime": ("Fld3",)}
    assert (feed.headers["problem"], feed.headers["address"]) == (("UDF_09",), ("Fld4",))
    assert feed.coordinates.epsg == 2273
    for codes in (path.parent / "quillport").glob("*.csv"):
        judge(codes, "open")
    dataset = library().dataset("calls-for-service")
    effect = effect_of((tmp_path / "dump.csv",), dataset, loaded(path), SECRET, None, NOW)
    assert (effect.rows, effect.published) == (800, 800)
    shown = "\n".join(decisions(made))
    assert "Is Fld3 the time of day of Fld2?" in shown
    assert all(question.es and question.es != question.en for question in questions(made))
    assert "Nada lee estas columnas: UDF_20 (sobre personas, o texto libre)" in "".join(decisions(made, "es"))
    assert "Nothing reads these columns: UDF_20 (about people, or free text), UDF_30 (2 different values)" in shown


def test_a_number_before_streets_without_one_is_that_of_the_house(tmp_path: Path):
    _, rows = calls(400)
    apart = [[*row[:3], *str(row[3]).split(" ", 1), *row[4:]] for row in rows]
    _, path = drafted(tmp_path / "dump.csv", text(["A", "B", "C", "D", "E", "F", "G"], apart))
    assert loaded(path).feed("calls-for-service").columns["address"].join == ("D", "E")


def test_a_number_by_its_contents_is_the_key_and_is_not_shown(tmp_path: Path):
    made, path = drafted(tmp_path / "dump.csv", text(HEADER, foreign()))
    assert "incident_number" not in loaded(path).feed("calls-for-service").headers
    assert "# incident_number: [Fld1]" in path.read_text()
    assert "a stand-in is shown in its place" in "\n".join(decisions(made))
    for codes in (path.parent / "quillport").glob("*.csv"):
        judge(codes, "open")
    dataset = library().dataset("calls-for-service")
    effect = effect_of((tmp_path / "dump.csv",), dataset, loaded(path), SECRET, None, NOW)
    assert all(row["incident_number"].startswith("K") for row in effect.sample)


def test_nobodys_name_is_written_of_a_file_without_names(tmp_path: Path):
    made, path = drafted(tmp_path / "dump.csv", text(HEADER, foreign()))
    written = "".join(file.read_text() for file in path.parent.rglob("*") if file.is_file())
    written += "\n".join([*decisions(made), *decisions(made, "es")])
    for name in DRIVERS:
        assert name not in written
    assert "Quill St" not in written


def test_values_that_could_be_names_become_no_list(tmp_path: Path):
    surnames = ("Wandering", "Oysterman", "Palmettos", "Quillfeather")
    rows = [[*row[:2], surnames[at % 4], *row[3:]] for at, row in enumerate(calls()[1])]
    path = tmp_path / "dump.csv"
    path.write_text(text(["A", "B", "C", "D", "E", "F"], rows))
    made = draft([path], library(), shipped(), Department(city="Quillport", state="SC"), "calls-for-service")
    written = "".join(files_of(made).values()) + "".join(decisions(made))
    assert not any(name in written for name in surnames)
    assert "C may be problem: 4 different values" in written


def test_an_age_is_hinted_at_and_not_read(tmp_path: Path):
    made, path = drafted(tmp_path / "dump.csv", text(*citations()))
    assert [feed.dataset.name for feed in made.feeds] == ["electronic-citations"]
    headers = loaded(path).feed("electronic-citations").headers
    assert "age" not in headers
    assert headers["violation_date"] == ("C02",)  # C08 holds births
    assert (headers["x"], headers["y"], headers["violation"]) == (("C04",), ("C05",), ("C03",))
    assert (headers["subject_sex"], headers["subject_race"]) == (("C07",), ("C09",))
    assert "# age: [C06]" in path.read_text()
    assert (
        "C06 may be age: whole numbers, spread as ages are. It is not read, since more is shown of adults"
        in "\n".join(decisions(made))
    )


def test_births_are_no_times_of_events(tmp_path: Path):
    header, rows = citations()
    kept = [place for place in range(len(header)) if place != 1]
    path = tmp_path / "dump.csv"
    path.write_text(text([header[place] for place in kept], [[row[place] for place in kept] for row in rows]))
    with pytest.raises(DraftError, match="no column that could be violation_date"):
        draft([path], library(), shipped(), Department(state="SC"), "electronic-citations")


def test_letters_alone_are_no_races(tmp_path: Path):
    rows = [[*row, "ABP"[at % 3]] for at, row in enumerate(citations()[1])]
    rows = [[*row[:8], *row[9:]] for row in rows]
    _, path = drafted(tmp_path / "dump.csv", text([f"C{number:02}" for number in range(1, 11)], rows))
    assert "subject_race" not in loaded(path).feed("electronic-citations").headers


def test_what_stands_in_a_file_of_something_else_is_no_dataset(tmp_path: Path):
    rows = [[at, f"2025-03-{1 + at % 28:02}", ("Vanilla", "Mango", "Plum")[at % 3], at % 7] for at in range(300)]
    path = tmp_path / "ices.csv"
    path.write_text(text(["A", "B", "C", "D"], rows))
    with pytest.raises(DraftError, match="is like none of the datasets"):
        draft([path], library(), shipped(), Department(state="SC"))

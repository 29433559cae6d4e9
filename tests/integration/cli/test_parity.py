"""An old portal's yearly file beside our table: what differs, and why, without a value of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from helpers.feeds import CITATION, write_citations

from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.jobs import load

pytestmark = pytest.mark.usefixtures("portal")

NAME = "electronic-citations"


def row(number: int, month: int = 3, year: int = 2018, **cells: str) -> dict[str, str]:
    return {"Citation_Number": f"E-{number:04}", "ViolationDate": f"{month:02}/10/{year} 13:37", **cells}


@pytest.fixture
def run():
    def invoke(*arguments, code=0):
        result = CliRunner().invoke(cpdi, ["parity", *map(str, arguments)])
        assert result.exit_code == code, result.output
        return result.output

    return invoke


@pytest.fixture
def table(tmp_path):
    """Our table: ten citations of March 2018, two of April, one of 2019."""
    rows = [row(number) for number in range(10)] + [row(20, 4), row(21, 4), row(30, 1, 2019)]
    feed = write_citations(tmp_path / "feed.csv", rows)
    assert load.run(NAME, str(feed), label="feed.csv", trusted_path=True).published == 13


@pytest.fixture
def old(tmp_path):
    """The old file of 2018: another header for the date, columns of its own, and rows that we would not publish."""
    rows = [row(number) for number in range(8)]
    rows += [row(20, 4), row(21, 4, Violation="Speeding by John Q. Public, born 1 May 1980")]
    rows += [row(40, 5), row(41, 5, X="", Y=""), row(42, 5, Electronic="N"), row(43, 5, ViolationDate="soon")]
    rows = [{"Electronic": "Y", "FID": "1", "Officer_Notes": "called John Q. Public", **one} for one in rows]
    return _renamed(write_citations(tmp_path / "citations-2018.csv", rows))


def _renamed(path):
    path.write_text(path.read_text().replace("ViolationDate", "Citation_D").replace("Citation_Number", "TicketNo"))
    return path


def test_rows_are_counted_on_both_sides_and_explained(run, table, old):
    found = json.loads(run(NAME, old, "--json"))
    assert (found["there"], found["here"], found["both"]) == (14, 12, 9)
    assert (found["missing"], found["only_here"]) == (1, 3)
    assert found["withheld"] == {"not_electronic": 1, "no_place": 1, "unmapped_value": 1}
    assert found["quarantined"] == {"time_unreadable": 1}
    assert found["years"] == [2018, 2018]
    assert found["months"] == [
        {"name": "(no time)", "there": 1, "here": 0},
        {"name": "2018-03", "there": 8, "here": 10},
        {"name": "2018-04", "there": 2, "here": 2},
        {"name": "2018-05", "there": 3, "here": 0},
    ]
    assert found["categories"] == [
        {"name": "(other values)", "there": 1, "here": 0},
        {"name": "Speeding", "there": 13, "here": 12},
    ]


def test_columns_are_matched_through_the_headers_of_the_years(run, table, old):
    columns = json.loads(run(NAME, old, "--json"))["columns"]
    matched = dict(columns["matched"])
    assert matched["TicketNo"] == ["citation_key"]
    assert matched["Citation_D"] == ["violation_date"]
    assert matched["Age"] == ["subject_age_range"]
    assert "block_address" in matched["Address"]
    assert columns["unpublished"] == ["Electronic"]
    assert columns["only_there"] == ["FID", "Officer_Notes"]
    assert "subject_ethnicity" in columns["only_here"]


def test_no_value_of_the_old_file_is_printed(run, table, old):
    for output in (run(NAME, old), run(NAME, old, "--json")):
        assert "John" not in output
        assert "E-00" not in output
        assert "soon" not in output


def test_people_read_why(run, table, old):
    text = run(NAME, old, "--year", 2018)
    assert "14 rows in citations-2018.csv, 12 here" in text
    assert "1 are withheld here: Citations without a place" in text
    assert "1 are withheld here: Paper citations" in text
    assert "2018-05" in text


def test_one_year_of_a_file_of_several(run, table, tmp_path):
    feed = write_citations(tmp_path / "all.csv", [row(0), row(30, 1, 2019)])
    found = json.loads(run(NAME, feed, "--year", 2019, "--json"))
    assert (found["there"], found["here"], found["both"], found["only_here"]) == (1, 1, 1, 0)


def test_an_old_file_without_coordinates_can_still_be_compared(run, table, tmp_path):
    path = tmp_path / "old.csv"
    cells = {name: cell for name, cell in {**CITATION, **row(0)}.items() if name not in ("X", "Y")}
    path.write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    found = json.loads(run(NAME, path, "--json"))
    assert found["withheld"] == {"no_place": 1}


def test_geojson_is_read_too(run, table, tmp_path):
    properties = {name: cell for name, cell in {**CITATION, **row(0)}.items() if name not in ("X", "Y")}
    point = {"type": "Point", "coordinates": [-79.935, 32.775]}
    feature = {"type": "Feature", "properties": properties, "geometry": point}
    path = tmp_path / "old.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    assert json.loads(run(NAME, path, "--json"))["both"] == 1


def test_what_cannot_be_compared_is_said_in_words(run, old, tmp_path):
    assert "no table yet" in run(NAME, old, code=1)
    page = tmp_path / "page.csv"
    page.write_text("<html><body>Sign in</body></html>")
    assert "web page" in run(NAME, page, code=1)
    page.write_text("a,b\n1,2\n")
    assert "no column for violation" in run(NAME, page, code=1)
    assert "cannot be read" in run(NAME, tmp_path / "missing.csv", code=1)

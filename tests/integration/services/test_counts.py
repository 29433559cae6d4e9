"""Counts under a filter: every number is a count of the public CSV, whatever the filter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from helpers import counted
from helpers.feeds import DATASET, HEADER

from ckanext.cpdi.services import explorer
from ckanext.cpdi.services.tiles.kept import Kept

COUNTS = f"/data/{DATASET}/counts"
DIMENSIONS = (
    "time_precision",
    "counts_as_event",
    "problem",
    "call_category",
    "priority",
    "call_source",
    "disposition",
    "team",
    "location_precision",
)
NIGHT = "filter=" + quote("hour(call_datetime) >= 22 OR hour(call_datetime) < 4")
WEEKEND = "filter=" + quote("weekday(call_datetime) IN (0, 6)")
PLACE = "-79.95,32.76,-79.92,32.80"
CIRCLE = "filter=" + quote("S_DWITHIN(geometry, POINT(-79.935 32.785), 1500, 'm')")
AWKWARD = [
    "",
    "from={day}&to={day}",
    "from={early}&to={late}",
    "from={early}",
    "to={early}",
    "from=1900-01-01&to=2999-12-31",
    "team=Team 1&team=Team 3",
    "team__empty=yes",
    "location_precision=none&from={early}&to={late}",
    "time_precision=month",
    "time_precision=date&time_precision=hour&from={early}&to={late}",
    "counts_as_event=no",
    f"{NIGHT}",
    f"{NIGHT}&from={{early}}&to={{late}}",
    f"{WEEKEND}&{NIGHT}&team=Team 2",
    f"bbox={PLACE}&call_source=officer",
    f"{CIRCLE}&team=Team 1",
    "q=traffic&from={early}",
    "datetime={early}T06:00:00/{late}",
    "call_datetime__gt={early}&call_datetime__lte={late}&priority__empty=yes",
    "call_category=O'Brien%3B drop table&team=Team 1",
    "response_minutes__empty=yes&problem__empty=no",
    "filter=" + quote("call_category LIKE 'T%' OR team = 'Team 1'"),
]


@pytest.fixture
def sample(once) -> Any:
    return once(counted.load_spread)


@pytest.fixture
def everything(sample, app) -> list[counted.Row]:
    return counted.rows_of(app.get(f"/data/{DATASET}.csv?limit=99999").body)


@pytest.fixture
def chosen(sample, app) -> Callable[[str], list[counted.Row]]:
    """The rows of the CSV that a link chooses."""
    return lambda link: counted.rows_of(app.get(f"/data/{DATASET}.csv?{link}&limit=99999").body)


@pytest.fixture
def filled(everything) -> Callable[[str], str]:
    """A link with days of the table in it: one, and two some months apart."""
    days = sorted(row[counted.TIME][:10] for row in everything if row[counted.PRECISION] == "minute")
    known = {"day": days[len(days) // 2], "early": days[len(days) // 3], "late": days[len(days) * 2 // 3]}
    return lambda link: link.format(**known)


def without(link: str, *names: str) -> str:
    """Return ``link`` without parameters."""
    pairs = parse_qsl(link, keep_blank_values=True)
    return urlencode([pair for pair in pairs if pair[0].partition("__")[0] not in names])


def without_clock(link: str) -> str:
    pairs = parse_qsl(link, keep_blank_values=True)
    return urlencode([pair for pair in pairs if not pair[1].startswith(("hour(", "weekday("))])


@pytest.mark.parametrize("link", AWKWARD)
def test_every_number_is_a_count_of_the_public_rows(app, everything, chosen, filled, link):
    link = filled(link)
    answer = app.get(f"{COUNTS}?{link}").json
    rows = chosen(link)
    counted.check_total(answer, rows)
    counted.check_unplaced(answer, rows)
    counted.check_days(answer, chosen(without(link, "from", "to", "datetime", "call_datetime")), everything)
    counted.check_hours(answer, chosen(without_clock(link)))
    assert tuple(one["name"] for one in answer["dimensions"]) == DIMENSIONS
    for name in DIMENSIONS:
        own = without(link, name)
        counted.check_dimension(answer, name, rows if own == without(link) else chosen(own))


def test_links_of_these_tests_choose_some_rows_and_leave_some_out(everything, chosen, filled):
    numbers = [len(chosen(filled(link))) for link in AWKWARD]
    assert len(everything) > 1000
    assert len({row[counted.TIME][:10] for row in everything}) > 400
    assert sum(0 < number < len(everything) for number in numbers) > 15
    assert 0 in numbers


def test_a_value_that_is_asked_for_is_counted_apart(app, everything):
    rare = min(
        (row["problem"] for row in everything if row["problem"]),
        key=lambda name: (sum(row["problem"] == name for row in everything), name),
    )
    first = counted.dimension(app.get(COUNTS).json, "problem")
    asked = counted.dimension(app.get(f"{COUNTS}?problem={quote(rare)}").json, "problem")
    assert (rare in first["values"], rare in asked["values"]) == (False, True)
    assert len(first["values"]) == len(asked["values"]) == 30


def test_a_period_beyond_the_table_has_no_bins_and_the_timeline_stays(app, sample):
    answer = app.get(f"{COUNTS}?from=2999-01-01").json
    assert (answer["rows"], answer["period"], answer["bins"]) == (0, None, 0)
    assert sum(answer["days"]["counts"]) > 0
    assert "dimensions" not in answer


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("from=yesterday", "is no day such as"),
        ("from=2025-02-01&to=2025-01-01", "ends before it begins"),
        ("colour=blue", "there is no parameter 'colour'"),
        ("limit=10", "there is no parameter 'limit'"),
        ("filter=team%20%3D", "filter: "),
    ],
)
def test_a_wrong_link_is_refused_in_words(app, sample, link, words):
    answer = app.get(f"{COUNTS}?{link}", headers={"Accept": "application/json"})
    assert (answer.status_code, words in answer.json["error"]) == (400, True), answer.body
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("accept", "language", "words"),
    [
        ("application/json", "es", "no es un d"),
        ("application/json", "de", "is no day such as"),
        ("application/json", "", "is no day such as"),
        ("*/*", "es", "is no day such as"),  # a browser's own, and the address has another language
    ],
)
def test_a_program_is_refused_in_the_language_that_it_names(app, sample, accept, language, words):
    answer = app.get(f"{COUNTS}?from=yesterday", headers={"Accept": accept, "Accept-Language": language})
    assert words in answer.body


def test_what_a_mail_adds_to_a_link_asks_for_nothing(app, sample):
    assert app.get(f"{COUNTS}?utm_source=mail&fbclid=1").json == app.get(COUNTS).json


def test_an_answer_has_the_version_and_is_made_once(app, sample, monkeypatch):
    monkeypatch.setattr(explorer, "_kept", Kept())
    first = app.get(f"{COUNTS}?team=Team 1")
    assert first.headers["ETag"].startswith(f'W/"{first.json["version"]}-')
    assert first.headers["Cpdi-Version"] == first.json["version"]
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    again = app.get(f"{COUNTS}?team=Team 1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.body) == (304, "")
    monkeypatch.setattr(explorer, "_counted", None)
    assert app.get(f"{COUNTS}?team=Team 1").json == first.json


def test_a_table_that_nobody_may_see_is_not_there(app, sample):
    for name in ("nothing", "electronic-citations"):
        assert app.get(f"/data/{name}/counts").status_code in (404, 503)
    assert app.get("/data/nothing/counts").status_code == 404


LATE = f"""{HEADER}
25-000001,03/09/2025 01:59:00,Traffic Stop,100 Queen St,LPA_Patrol Area,03/09/2025 04:00:00,-79.93,32.77
25-000002,03/09/2025 03:00:00,Traffic Stop,101 Queen St,LPA_Patrol Area,03/09/2025 04:00:00,-79.93,32.77
25-000003,11/02/2025 01:30:00,Traffic Stop,102 Queen St,LPA_Patrol Area,11/02/2025 04:00:00,-79.93,32.77
25-000004,11/02/2025 23:59:00,Traffic Stop,103 Queen St,LPA_Patrol Area,11/03/2025 00:10:00,-79.93,32.77
25-000005,11/03/2025 00:00:00,Traffic Stop,104 Queen St,LPA_Patrol Area,11/03/2025 00:20:00,-79.93,32.77
"""


def test_days_of_23_and_25_hours_are_whole(portal, app, tmp_path: Path, monkeypatch):
    path = tmp_path / "late.csv"
    path.write_text(LATE, encoding="utf-8")
    counted.load_file(path)
    monkeypatch.setattr(explorer, "_kept", Kept())
    everything = counted.rows_of(app.get(f"/data/{DATASET}.csv?limit=99").body)
    assert len(everything) == 5
    for link in ("", "from=2025-03-09&to=2025-03-09", "from=2025-11-02&to=2025-11-02", "from=2025-11-03"):
        rows = counted.rows_of(app.get(f"/data/{DATASET}.csv?{link}&limit=99").body)
        answer = app.get(f"{COUNTS}?{link}").json
        counted.check_total(answer, rows)
        counted.check_hours(answer, rows)
        counted.check_days(answer, everything, everything)

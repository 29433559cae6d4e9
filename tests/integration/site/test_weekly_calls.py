"""The weekly summary of calls: what SQL counts is what plain Python counts in the public file, on awkward weeks too."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ckan.tests.helpers import call_action

pytestmark = pytest.mark.usefixtures("with_plugins", "calls")
SERIES, TABLE = "compstat-reports", "calls-for-service"
PAGE, FILE = f"/reports/{SERIES}/calls", f"/reports/{SERIES}/calls.csv"
ZONE = ZoneInfo("America/New_York")
TEAMS = ("Team 1", "Team 2", "Team 10", None)
CATEGORIES = ("Traffic", "Alarm", "Animal", None)
FIRST, LAST = date(2019, 11, 4), date(2021, 2, 28)
COUNT = 6_000


@pytest.fixture
def calls(once):
    once(lambda _folder: publish())


def publish() -> None:
    """Publish calls as a run leaves them, at random times and around each midnight that ends a week."""
    import polars as pl

    from ckanext.cpdi import config
    from ckanext.cpdi.catalog.parts import resource_id
    from ckanext.cpdi.pipeline import publish as files
    from ckanext.cpdi.store import RunSummary

    table = config.library().dataset(TABLE).rows
    picks = random.Random(1)
    begin = datetime.combine(FIRST, datetime.min.time(), ZONE).astimezone(UTC)
    seconds = int((datetime.combine(LAST + timedelta(days=2), datetime.min.time(), ZONE) - begin).total_seconds())
    times = [begin + timedelta(seconds=picks.randrange(seconds)) for _ in range(COUNT)]
    sundays = [FIRST + timedelta(days=7 * week + 6) for week in range(68)]
    edges = [datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=ZONE) for day in sundays]
    times += [at.astimezone(UTC) + timedelta(seconds=second) for at in edges for second in (0, 1)]
    made = {
        "call_category": [picks.choice(CATEGORIES) for _ in times],
        "team": [picks.choice(TEAMS) for _ in times],
        "time_precision": picks.choices(("minute", "hour", "date", "month"), (6, 3, 1, 1), k=len(times)),
        "counts_as_event": picks.choices((True, False, None), (8, 1, 1), k=len(times)),
        "call_datetime": times,
        "incident_number": [f"25-{key:06}" for key in range(len(times))],
    }
    types = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean, "date": pl.Date}
    types["datetime"] = pl.Datetime("us", "UTC")
    keys = range(1, len(times) + 1)
    hidden = {"_key": pl.Int64, "_fingerprint": pl.Int64, "_rank": pl.Int64, "_line": pl.UInt32}
    columns = {name: pl.Series(name, keys, dtype=kind) for name, kind in hidden.items()}
    columns["_classes"] = pl.Series([1] * len(times), dtype=pl.Int16)
    for field in table.fields:
        columns[field.name] = pl.Series(field.name, made.get(field.name, [None] * len(times)), dtype=types[field.type])
    with config.store() as store:
        run = store.ledger.start(TABLE, "test rows", "0" * 64, "1", "1", "1")
        with store.begin(TABLE, resource_id(TABLE), table, run, ZONE.key) as sync:
            sync.add(pl.DataFrame(columns))
            sync.apply(None, remove_missing=True)
            sync.commit(RunSummary(read=len(times)))
    files.publish(TABLE, config.profile())


def lines(app, week: date) -> list[dict[str, str]]:
    return list(csv.DictReader(app.get(f"{FILE}?week={week}", status=200).body.splitlines()))


@pytest.fixture(scope="module")
def _public() -> dict[str, list[dict[str, str]]]:
    return {}


@pytest.fixture
def public(app, _public) -> list[dict[str, str]]:
    """The rows of the public file."""
    if not _public:
        text = app.get(f"/data/{TABLE}.csv?years=all", status=200).get_data(as_text=True)
        _public["rows"] = list(csv.DictReader(text.splitlines()))
    return _public["rows"]


def year_back(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def counted(rows: list[dict[str, str]], sunday: date) -> Counter[tuple[str, str, str, str]]:
    """Count the rows of the public file, one by one, by team, category, window and part."""
    spans = {}
    for window, days in (("week", 7), ("28_days", 28)):
        spans[window, "current"] = (sunday - timedelta(days=days - 1), sunday)
        spans[window, "prior"] = tuple(day - timedelta(days=364) for day in spans[window, "current"])
    spans["year_to_date", "current"] = (date(sunday.year, 1, 1), sunday)
    spans["year_to_date", "prior"] = (date(sunday.year - 1, 1, 1), year_back(sunday))
    numbers: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        if row["time_precision"] not in ("minute", "hour") or row["counts_as_event"] == "no":
            continue
        day = date.fromisoformat(row["call_datetime"][:10])  # files have the time of the department's clock
        for (window, part), (first, last) in spans.items():
            if first <= day <= last:
                for team in (row["team"], "All teams"):
                    for category in (row["call_category"], "All categories"):
                        numbers[team, category, window, part] += 1
    return numbers


@pytest.mark.parametrize(
    "sunday",
    [
        date(2020, 12, 27),  # the last Sunday of a year of 53 weeks
        date(2021, 1, 3),  # week 53, across New Year
        date(2020, 3, 1),  # a week with a 29 February
        date(2021, 2, 28),  # the last week, a year after the 29 February
        date(2020, 11, 1),  # clocks put back
        date(2020, 3, 8),  # clocks put forward
        date(2019, 11, 10),  # nothing before
    ],
)
def test_sql_counts_what_plain_python_counts(app, public, sunday):
    numbers = counted(public, sunday)
    answered = {
        (line["team"], line["category"], line["window"], part): int(line[part])
        for line in lines(app, sunday)
        for part in ("current", "prior")
    }
    assert {key: number for key, number in answered.items() if number} == dict(numbers)
    assert numbers["All teams", "All categories", "week", "current"] >= 50


def test_the_29th_of_february_is_compared_with_the_28th(app):
    (line,) = [
        line
        for line in lines(app, date(2020, 3, 1))
        if (line["team"], line["category"], line["window"]) == ("All teams", "All categories", "year_to_date")
    ]
    assert [line[name] for name in ("first_day", "last_day", "prior_first_day", "prior_last_day")] == [
        "2020-01-01",
        "2020-03-01",
        "2019-01-01",
        "2019-03-01",
    ]
    from ckanext.cpdi.selection.weekly import windows

    assert windows(date(2032, 2, 29))[2].prior == (date(2031, 1, 1), date(2031, 2, 28))


def test_a_change_is_a_rounded_share_and_none_of_nothing(app):
    for line in lines(app, date(2021, 1, 3)):
        current, prior = int(line["current"]), int(line["prior"])
        if not prior:
            assert line["change_percent"] == ""
        else:
            assert abs(int(line["change_percent"]) - 100 * (current - prior) / prior) <= 0.5
    assert {line["change_percent"] for line in lines(app, date(2019, 11, 10))} == {""}


def test_gaps_and_breaks_of_the_profile_are_marked(app, monkeypatch):
    from msgspec import structs

    from ckanext.cpdi import config
    from ckanext.cpdi.declare import Text
    from ckanext.cpdi.declare.departments.note import Note

    profile = config.profile()
    feed = structs.replace(
        profile.feed(TABLE),
        gaps=(Note(Text("The export failed.", "Falló la exportación."), "2019-12-30", "2020-01-02"),),
        breaks=(Note(Text("A new system.", "Un sistema nuevo."), "2020-06-01"),),
    )
    town = structs.replace(profile, datasets={**profile.datasets, TABLE: feed})
    monkeypatch.setattr(config, "profile", lambda *_: town)
    marks = {
        line["window"]: (line["current_in_gap"], line["prior_in_gap"], line["break_between"])
        for line in lines(app, date(2021, 1, 3))
    }
    assert marks == {
        "week": ("no", "yes", "yes"),
        "28_days": ("no", "yes", "yes"),
        "year_to_date": ("no", "yes", "yes"),
    }
    assert {line["break_between"] for line in lines(app, date(2020, 5, 31))} == {"no"}
    body = app.get(f"{PAGE}?week=2021-01-03").body
    assert "The export failed." in body
    assert "A new system." in body
    assert body.count('aria-label="Days are missing"') >= 3
    assert "The export failed." not in app.get(f"{PAGE}?week=2019-12-22").body
    assert "Un sistema nuevo." in app.get(f"/es{PAGE}?week=2021-01-03").body


def test_the_page_says_what_is_counted_and_leads_to_other_weeks(app):
    body = app.get(PAGE, status=200).body
    assert "Counted from calls; Compstat counts offences from reports." in body
    assert "<strong>22 Feb 2021 to 28 Feb 2021</strong>" in body
    assert f'href="{PAGE}?week=2021-02-21"' in body
    assert 'rel="next"' not in body
    assert f'href="{FILE}?week=2021-02-28"' in body
    assert (
        body.index("Team 1</a>") < body.index("Team 2</a>") < body.index("Team 10</a>") < body.index("Without a team")
    )
    assert "<script" not in body


def test_the_page_of_the_series_leads_here_while_its_reader_may_see_the_calls(app):
    from helpers import reports

    reports.publish(SERIES, reports.week(date(2021, 1, 3)))
    assert f'href="{PAGE}"' in app.get(f"/dataset/{SERIES}").body
    assert f'href="/es{PAGE}"' in app.get(f"/es/dataset/{SERIES}").body
    make_private(TABLE, True)
    try:
        assert PAGE not in app.get(f"/dataset/{SERIES}").body
    finally:
        make_private(TABLE, False)


def make_private(name: str, private: bool) -> None:
    from ckanext.cpdi.services.http import access

    user = call_action("get_site_user", context={"ignore_auth": True})["name"]
    call_action("package_patch", context={"ignore_auth": True, "user": user}, id=name, private=private)
    access.forget()


def test_any_day_names_its_week(app):
    assert app.get(f"{FILE}?week=2020-12-30").body == app.get(f"{FILE}?week=2021-01-03").body


@pytest.mark.parametrize("week", ["2019-11-03", "2021-03-01", "1", "x", "2020-02-30", "9999-12-31", "0001-01-01"])
def test_a_week_that_there_is_not_is_no_page(app, week):
    for path in (PAGE, FILE):
        app.get(f"{path}?week={week}", status=404)


def test_there_is_no_page_beside_another_series_or_none(app):
    for series in ("closed-investigations", "no-such-series", TABLE):
        app.get(f"/reports/{series}/calls", status=404)
        app.get(f"/reports/{series}/calls.csv", status=404)


@pytest.mark.parametrize("hidden", [SERIES, TABLE])
def test_a_private_series_or_table_is_as_if_it_had_never_been(app, hidden):
    make_private(hidden, True)
    try:
        app.get(PAGE, status=404)
        app.get(FILE, status=404)
    finally:
        make_private(hidden, False)
    app.get(PAGE, status=200)


def test_caches_keep_the_answers_for_a_minute_and_scripts_may_read_the_file(app):
    assert app.get(PAGE).headers["Cache-Control"] == "public, max-age=60"
    answer = app.get(FILE)
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Content-Type"].startswith("text/csv")

"""A week, 28 days and the year to date under a filter: every number is a count of the public CSV."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from helpers import counted
from helpers.feeds import DATASET

COMPARE = f"/data/{DATASET}/compare"
YEAR = timedelta(days=364)
LINKS = ["", "team=Team 1&team=Team 2", "call_source=officer&from=2025-12-01", "q=traffic", "team=Nowhere"]
DAYS = ["2025-12-31", "2026-01-03", "2025-01-02", "2024-02-29", "2024-03-01", "2999-12-31", ""]
"""Ends of a year, weeks across New Year, the 29th of February, and a day beyond all rows."""


@pytest.fixture
def sample(once):
    return once(counted.load_spread)


@pytest.fixture
def rows(sample, app):
    """The rows of a link that can be compared: they show their hour, and are events of their own."""

    def chosen(link: str) -> list[counted.Row]:
        every = counted.rows_of(app.get(f"/data/{DATASET}.csv?{link}&limit=99999").body)
        return [row for row in every if row["time_precision"] in ("minute", "hour") and row["counts_as_event"] != "no"]

    return chosen


def spans(last: date) -> list[tuple[str, tuple[date, date], tuple[date, date]]]:
    """Return the windows as docs/explorer.md has them."""
    before = last.replace(year=last.year - 1, day=28 if (last.month, last.day) == (2, 29) else last.day)
    rolling = {name: (last - timedelta(days), last) for name, days in {"week": 6, "28_days": 27}.items()}
    return [
        *((name, span, (span[0] - YEAR, span[1] - YEAR)) for name, span in rolling.items()),
        ("year_to_date", (date(last.year, 1, 1), last), (date(last.year - 1, 1, 1), before)),
    ]


def within(rows: list[counted.Row], span: tuple[date, date]) -> int:
    return sum(span[0] <= counted.day_of(row) <= span[1] for row in rows)


@pytest.mark.parametrize("link", LINKS)
def test_every_number_is_a_count_of_the_public_rows(app, rows, link):
    chosen = rows(link.partition("&from=")[0])
    every = counted.rows_of(app.get(f"/data/{DATASET}.csv?limit=99999").body)
    begins = min(map(counted.day_of, every))
    for day in DAYS:
        answer = app.get(f"{COMPARE}?{link}&until={day}").json
        expected = spans(date.fromisoformat(answer["until"]))
        assert answer["until"] == (day or answer["settled"])
        assert [(one["name"], *one["current"].values(), *one["prior"].values()) for one in answer["windows"]] == [
            (name, *(str(end) for end in (*current, *prior))) for name, current, prior in expected
        ]

        def pairs(of, expected=expected):
            return [
                [within(of, current), within(of, prior) if begins <= prior[0] else None]
                for _, current, prior in expected
            ]

        assert answer["total"] == pairs(chosen)
        names = {row["call_category"] or None for row in chosen}
        by_name = {name: pairs([row for row in chosen if (row["call_category"] or None) == name]) for name in names}
        listed = {one["value"]: one["counts"] for one in answer["categories"]}
        assert listed == {name: numbers for name, numbers in by_name.items() if any(map(any, numbers))}


def test_there_is_something_to_compare(app, rows):
    total = app.get(f"{COMPARE}?until=2025-12-31").json["total"]
    assert sum(current for current, _ in total) > 10
    assert sum(prior or 0 for _, prior in total) > 10


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("until=yesterday", "until: 'yesterday' is no day such as"),
        ("until=2025-01-01&until=2025-01-02", "until: one day, not 2"),
        ("until=0001-01-01", "until: a day from 1900 on"),
        ("colour=blue", "there is no parameter 'colour'"),
    ],
)
def test_a_wrong_question_is_refused_in_words(app, sample, link, words):
    answer = app.get(f"{COMPARE}?{link}", headers={"Accept": "application/json"})
    assert (answer.status_code, words in answer.json["error"]) == (400, True), answer.body

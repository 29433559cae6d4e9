"""Small charts: scales, columns that can be seen, one night a day."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta

import pytest

from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs import chart, trends
from ckanext.cpdi.store import RunRow

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


def run(number, days_ago, state="published", minutes=0, **values):
    """A run of some nights ago, at 3:10 of the department's clock, that took a minute."""
    started = NOW.replace(hour=8, minute=10) - timedelta(days=days_ago, minutes=-minutes)
    defaults = {one.name: 0 if one.type == "int" else "" for one in fields(RunRow)}
    given = {"id": number, "dataset": "calls-for-service", "state": state, "started": started}
    ended = {"finished": started + timedelta(minutes=1), "seconds": {}, "objections": (), "feed": None}
    return RunRow(**{**defaults, **given, **ended, "released": None, "next_due": None, **values})


@pytest.mark.parametrize(
    ("values", "top"), [([], 1), ([0, None], 1), ([0.031], 0.05), ([1], 1), ([101], 200), ([58_242], 100_000)]
)
def test_a_scale_is_round_and_reaches_every_value(values, top):
    assert chart.scale(values) == pytest.approx(top)


def test_columns_stand_where_they_belong_and_the_smallest_can_be_seen():
    assert chart.columns([10, None, 0, 5, 0.001], 10) == "M0 100v-100h0.84v100zM3 100v-50h0.84v50zM4 100v-1.5h0.84v1.5z"
    assert chart.columns([5, 5], 10, base=[0, 5]) == "M0 100v-50h0.84v50zM1 50v-50h0.84v50z"


def test_a_night_shows_its_last_run_and_a_missing_one_is_marked(profile):
    runs = [
        run(5, 0, read=100, published=90, quarantined=10, added=3),
        run(4, 1, "failed"),
        run(3, 3, minutes=30, read=80, published=80),
        run(2, 3, "held", read=20),
        run(1, 4, read=80, published=80),
    ]
    found = trends.describe(runs, profile, NOW, "en")
    assert [(row.run, row.state) for row in found.rows] == [
        (5, "published"),
        (4, "failed"),
        (3, "published"),
        (1, "published"),
    ]
    assert found.held == ""
    assert found.failed == f"M{trends.NIGHTS - 2} 100v-100h0.84v100z"
    assert found.missing == f"M{trends.NIGHTS - 3} 100v-25h0.84v25z"
    charts = {one.key: one for one in found.charts}
    assert (charts["read"].last, charts["read"].top) == ("100", "100")
    assert charts["aside"].last == "10%"
    assert charts["gap"].last == "71.5 h"
    assert charts["gap"].says == "Hours between good runs, 27 Aug 2026 to 24 Nov 2026. Last: 71.5 h; highest: 71.5 h."
    assert [one.path for one in charts["moved"].series][1:] == ["", ""]


def test_without_runs_there_is_nothing_to_show(profile):
    found = trends.describe([], profile, NOW, "es")
    assert (found.rows, found.missing) == ((), "")
    assert {one.last for one in found.charts} == {"–"}


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, ""), (0, "0%"), (1, "100%"), (0.4213, "42.1%"), (0.00001, "< 0.1%"), (0.99999, "> 99.9%"), (0.5, "50%")],
)
def test_nearly_all_is_not_all_and_nearly_nothing_not_nothing(value, said):
    assert words.share(value, "en") == said

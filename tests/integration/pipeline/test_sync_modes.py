"""Nights of feeds that hold everything, the last days, or only what is new: what is removed, and what never is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from helpers.feeds import DATASET, HEADER

from ckanext.cpdi.declare import SyncRule

pytestmark = pytest.mark.usefixtures("portal")

FULL, APPEND, WINDOW = SyncRule(), SyncRule("append"), SyncRule("window", 30)
SINCE_FIRST = SyncRule("window")
TODAY = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
OPEN, NOBODY_JUDGED, DOMESTIC = "Traffic Stop", "999Z_Never heard of", "114D_Domestic Verbal"


def line(number, days_ago, problem=OPEN, closed=True, outcome="LPA_Patrol Area", minutes=59):
    """A call of a day so long ago, closed in the same hour or still open."""
    day = f"{TODAY - timedelta(days=days_ago):%m/%d/%Y}"
    end = f"{day} 10:{minutes}:00" if closed else ""
    return (
        f"25-{number:06},{day} 10:{number % 50:02}:00,{problem},{100 + number % 90} Queen St,{outcome},{end},"
        f"-79.93{number % 10},32.77{number % 10}"
    )


def calls(oldest, each=4):
    """``each`` calls on every day of the last ``oldest`` days; call N of D days ago has the number 100 D + N."""
    return {100 * days + n: line(100 * days + n, days) for days in range(1, oldest + 1) for n in range(each)}


@pytest.fixture
def night(tmp_path):
    """Bring lines as a feed; give the report."""
    from ckanext.cpdi.jobs import load

    def run(lines, rule, **more):
        path = tmp_path / "calls.csv"
        path.write_text("\n".join([HEADER, *lines.values(), ""]), encoding="utf-8")
        return load.run(DATASET, str(path), label="calls", trusted_path=True, rule=rule, **more)

    return run


def numbers():
    import ckan.plugins.toolkit as tk

    from ckanext.cpdi.catalog import parts

    data = {"resource_id": parts.resource_id(DATASET), "limit": 32_000}
    found = tk.get_action("datastore_search")({"ignore_auth": True}, data)["records"]
    return {int(one["incident_number"][3:]): one for one in found if one["incident_number"].startswith("25-")}


def without(lines, *gone):
    return {number: one for number, one in lines.items() if number not in gone}


def last(lines, days):
    return {number: one for number, one in lines.items() if number // 100 < days}


ALL = calls(60)


@pytest.mark.parametrize(("rule", "removed"), [(FULL, {501, 1502, 4500}), (WINDOW, {501, 1502}), (APPEND, set())])
def test_what_a_feed_lacks_goes_by_its_mode(night, rule, removed):
    night(ALL, FULL)
    feed = without(ALL if rule is FULL else last(ALL, 31), 501, 1502, 4500)
    report = night(feed, rule)
    assert report.state == ("published" if removed else "unchanged"), report.message
    assert report.removed == len(removed)
    assert ALL.keys() - numbers().keys() == removed


def test_a_window_from_the_first_row_of_the_feed(night):
    night(ALL, FULL)
    report = night(without(last(ALL, 20), 501), SINCE_FIRST)
    assert (report.state, report.removed) == ("published", 1)
    late = {9999: line(9999, 50)}
    report = night({**without(last(ALL, 20), 501, 602), **late}, SINCE_FIRST)
    assert (report.added, report.removed) == (1, 1)
    assert len(numbers()) == len(ALL) - 2 + 1


@pytest.mark.parametrize("rule", [WINDOW, APPEND])
def test_corrections_and_late_rows_come_in_and_the_full_feed_decides_the_rest(night, rule):
    night(ALL, FULL)
    feed = {**last(ALL, 31), 5501: line(5501, 55, minutes=58), 5509: line(5509, 55)}
    report = night(without(feed, 5000), rule)
    assert (report.added, report.changed, report.removed) == (1, 1, 0)
    full = night({**without(ALL, 5000), 5501: feed[5501], 5509: feed[5509]}, FULL)
    assert (full.added, full.changed, full.removed) == (0, 0, 1)


@pytest.mark.parametrize("rule", [FULL, WINDOW, APPEND])
def test_a_call_that_is_opened_again_stays_and_loses_its_closing(night, rule):
    night(ALL, FULL)
    base = ALL if rule is FULL else last(ALL, 31)
    report = night({**base, 501: line(501, 5, closed=False)}, rule)
    assert (report.changed, report.removed) == (1, 0)
    assert numbers()[501]["closed_datetime"] is None
    assert night({**base, 501: ALL[501]}, rule).changed == 1
    assert numbers()[501]["closed_datetime"]


@pytest.mark.parametrize("rule", [FULL, WINDOW, APPEND])
def test_a_call_that_is_still_open_waits_in_every_mode(night, rule):
    night(ALL, FULL)
    base = ALL if rule is FULL else last(ALL, 31)
    report = night({**base, 509: line(509, 5, closed=False)}, rule)
    assert (report.added, report.withheld_reasons) == (0, {"not_closed": 1})
    assert night({**base, 509: line(509, 5)}, rule).added == 1


@pytest.mark.parametrize("days_ago", [5, 50])
@pytest.mark.parametrize("rule", [FULL, WINDOW, APPEND])
@pytest.mark.parametrize("problem", [NOBODY_JUDGED, DOMESTIC])
def test_a_call_that_is_more_than_it_was_taken_for_leaves_in_every_mode(night, rule, days_ago, problem):
    night(ALL, FULL)
    number = days_ago * 100 + 1
    base = ALL if rule is FULL else last(ALL, 31)
    report = night({**base, number: line(number, days_ago, problem)}, rule)
    assert report.removed == 1
    assert number not in numbers()


def test_an_empty_window_removes_nothing_and_is_held(night):
    night(ALL, FULL)
    report = night({}, WINDOW)
    assert report.state == "held"
    assert len(numbers()) == len(ALL)

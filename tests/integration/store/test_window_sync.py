"""A feed of some days only, in real PostgreSQL: what may go, and what stays for the next full feed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from store_rows import ZONE, field, held, key, row, table

from ckanext.cpdi.store import Window

NEW_YORK = ZoneInfo(ZONE)


def call(day, number, hour=12, minute=1, **values):
    """A row at a wall time of the department."""
    at = datetime(day.year, day.month, day.day, hour, minute, tzinfo=NEW_YORK).astimezone(UTC)
    return row(f"{day}-{number}", happened=at, **values)


def month_row(year, month, name):
    return row(name, happened=datetime(year, month, 1, tzinfo=NEW_YORK).astimezone(UTC))


def calls(begin, end, each=4):
    """``each`` rows on every day from ``begin`` up to ``end``, which is not included."""
    days = (begin + timedelta(days=n) for n in range((end - begin).days))
    return [call(day, number, hour=6 * number) for day in days for number in range(each)]


def without(rows, *codes):
    return [one for one in rows if one["code"] not in codes]


BEGIN, END = date(2026, 1, 20), date(2026, 3, 20)
WINDOW = Window(date(2026, 3, 1), date(2026, 3, 19), date(2026, 2, 28))


def since(rows, day):
    return [one for one in rows if one["happened"].astimezone(NEW_YORK).date() >= day]


@pytest.fixture
def loaded(place):
    rows = calls(BEGIN, END)
    place.load(rows)
    return rows


def test_what_lies_outside_the_window_stays_and_what_is_gone_inside_goes(place, loaded):
    before = place.ids()
    feed = without(since(loaded, WINDOW.first), "2026-03-05-1", "2026-03-17-0")
    changes = place.load(feed, remove_missing=WINDOW)
    assert (changes.removed, changes.unchanged, changes.coverage.stayed) == (2, len(feed), 0)
    assert before.keys() - place.ids().keys() == {"2026-03-05-1", "2026-03-17-0"}
    assert place.version()[1] == len(loaded) - 2 == changes.rows


def test_the_days_at_both_edges_are_left_to_another_night(place, loaded):
    feed = without(since(loaded, WINDOW.first), "2026-02-28-1", "2026-03-19-1", "2026-03-18-3")
    changes = place.load(feed, remove_missing=WINDOW)
    assert changes.removed == 1
    assert {"2026-02-28-1", "2026-03-19-1"} <= place.ids().keys()


def test_an_empty_feed_and_one_that_reaches_back_less_remove_nothing_that_they_do_not_cover(place, loaded):
    before = place.ids()
    assert place.load([], remove_missing=False).removed == 0
    short = Window(WINDOW.begin, WINDOW.end, date(2026, 3, 10))
    feed = without(since(loaded, date(2026, 3, 10)), "2026-03-15-0", "2026-03-10-1")
    changes = place.load(feed, remove_missing=short)
    assert before.keys() - place.ids().keys() == {"2026-03-15-0"}
    assert changes.coverage.stayed == 37
    assert changes.coverage.rows == 18 * 4


def test_a_gap_in_the_feed_is_no_removal(place, loaded):
    gap = [one["code"] for one in loaded if one["code"].startswith("2026-03-10")]
    changes = place.load(without(since(loaded, WINDOW.first), *gap, "2026-03-05-0"), remove_missing=WINDOW)
    assert changes.removed == 1
    assert set(gap) <= place.ids().keys()


def test_late_rows_and_corrections_of_old_days_are_taken_over_and_open_nothing(place, loaded):
    late = call(date(2026, 1, 25), 9)
    corrected = call(date(2026, 2, 2), 1, hour=6, kind="Alarm")
    feed = [*since(loaded, WINDOW.first), late, corrected]
    earliest = Window(date(2026, 1, 26), WINDOW.end, date(2026, 1, 25))
    for window in (WINDOW, earliest):
        changes = place.load(feed, remove_missing=window)
        assert changes.removed == 0
    assert place.ask("SELECT kind FROM {t} WHERE code = %s", corrected["code"]) == [("Alarm",)]
    assert late["code"] in place.ids()


def test_a_changed_key_replaces_the_old_row_inside_the_window_only(place, loaded):
    inside, outside = "2026-03-08-2", "2026-02-08-2"
    feed = without(since(loaded, WINDOW.first), inside)
    renamed = [call(date(2026, 3, 8), 7, hour=12), call(date(2026, 2, 8), 7, hour=12)]
    changes = place.load([*feed, *renamed], remove_missing=WINDOW)
    assert (changes.added, changes.removed) == (2, 1)
    assert outside in place.ids()
    full = place.load([*without(loaded, inside, outside), *renamed])
    assert (full.added, full.removed) == (0, 1)
    assert outside not in place.ids()


def test_a_row_that_shows_its_month_goes_only_with_a_window_over_all_of_it(place):
    rows = [*calls(BEGIN, END), month_row(2026, 2, "K-FEB"), month_row(2026, 3, "K-MAR")]
    place.load(rows)
    feed = since(without(rows, "K-FEB", "K-MAR"), date(2026, 2, 2))
    assert place.load(feed, remove_missing=Window(date(2026, 2, 3), WINDOW.end, date(2026, 2, 2))).removed == 0
    feed = since(without(rows, "K-FEB", "K-MAR"), date(2026, 1, 30))
    assert place.load(feed, remove_missing=Window(date(2026, 1, 31), WINDOW.end, date(2026, 1, 30))).removed == 1
    assert "K-FEB" not in place.ids()
    assert "K-MAR" in place.ids()
    assert place.load(without(rows, "K-FEB", "K-MAR")).removed == 1


@pytest.mark.parametrize(("changed", "hours"), [(date(2026, 3, 8), 23), (date(2025, 11, 2), 25)])
def test_the_edge_of_a_window_is_the_departments_midnight_when_the_clock_changes(place, changed, hours):
    begin, end = changed - timedelta(days=5), changed + timedelta(days=5)
    last = [call(changed, 20 + n, hour=23, minute=50 + n) for n in range(3)]
    first = [call(changed + timedelta(days=1), n, hour=0, minute=n - 20) for n in (24, 25, 26)]
    assert (first[0]["happened"] - last[0]["happened"]) < timedelta(hours=1)
    rows = [*calls(begin, end), *last, *first]
    place.load(rows)
    gone = without(rows, last[2]["code"], first[0]["code"])
    window = Window(begin, changed + timedelta(days=1), begin - timedelta(days=1))
    changes = place.load(gone, remove_missing=window)
    assert changes.coverage.rows == 6 * 4 + 3
    assert last[2]["code"] not in place.ids()
    assert first[0]["code"] in place.ids()
    assert datetime.combine(changed + timedelta(days=1), datetime.min.time(), NEW_YORK).astimezone(UTC) - (
        datetime.combine(changed, datetime.min.time(), NEW_YORK).astimezone(UTC)
    ) == timedelta(hours=hours)


def test_a_table_of_days_is_synced_by_its_days(places):
    from ckanext.cpdi.declare import Table

    declared = table()
    fields = tuple(
        field("happened", "date", source="", headers=("Happened",), index=True) if one.name == "happened" else one
        for one in declared.fields
    )
    dated = places(table=Table(key="code", time="happened", fields=fields))
    rows = [row(f"{n}-{m}", happened=date(2026, 2, 20) + timedelta(days=n)) for n in range(20) for m in range(3)]
    dated.load(rows)
    window = Window(date(2026, 2, 22), date(2026, 3, 10), date(2026, 2, 21))
    changes = dated.load(without(rows, "5-1", "9-1", "0-1"), remove_missing=window)
    # The 9th day is the first of March: it may stand for the whole month, of which the window has a part.
    assert {"5-1"} == {one["code"] for one in rows} - dated.ids().keys()
    assert changes.coverage.stayed == 0


@pytest.mark.parametrize("missing", [False, WINDOW, True])
def test_what_the_rules_withhold_now_leaves_in_every_mode(place, loaded, missing):
    old, new = "2026-01-22-1", "2026-03-05-1"
    feed = without(loaded if missing is True else since(loaded, WINDOW.first), old, new)
    kept_back = pl.Series([key(old), key(new), key("never seen")])
    changes = place.load(feed, remove_missing=missing, kept_back=kept_back)
    assert changes.removed == 2
    assert not {old, new} & place.ids().keys()
    state = place.ask(f"SELECT count(*) FROM cpdi.state_{place.number()}")
    assert state == [(len(loaded),)]


@pytest.mark.parametrize("missing", [False, WINDOW])
def test_a_risen_row_leaves_in_every_mode(place, loaded, missing):
    old = "2026-01-22-1"
    changes = place.load(since(loaded, WINDOW.first), held=held(**{old: date(2026, 12, 1)}), remove_missing=missing)
    assert changes.removed == 1
    assert old not in place.ids()


def test_a_first_load_of_a_window_is_a_first_load(place):
    changes = place.load(calls(BEGIN, END), remove_missing=WINDOW)
    assert changes.added == place.version()[1]
    assert changes.coverage is None


def test_the_same_window_twice_changes_nothing(place, loaded):
    feed = without(since(loaded, WINDOW.first), "2026-03-05-1")
    place.load(feed, remove_missing=WINDOW)
    before = place.rows()
    assert not place.load(feed, remove_missing=WINDOW).any
    assert place.rows() == before

"""What a run leaves for readers of older versions: which rows moved when, no finer than they may know."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import polars as pl
import psycopg
import pytest
from psycopg import errors
from store_rows import ZONE, held, row

from ckanext.cpdi.declare import Classes, Levels, PrivacyClass, Text
from ckanext.cpdi.store.history import row_changes
from ckanext.cpdi.store.history.row_changes import Ends


def _class(name: str, time: str) -> PrivacyClass:
    return PrivacyClass(name, Text(name), Levels(time, "unit", "fed", 0))


CLASSES = Classes((_class("open", "minute"), _class("hourly", "hour"), _class("monthly", "month")))
OPEN, HOURLY, MONTHLY = 1, 2, 4


def trail_of(place) -> dict[int, tuple[datetime, bool]]:
    found = place.ask("SELECT id, at, gone FROM cpdi.change WHERE dataset = %s", place.number())
    return {one: (at, gone) for one, at, gone in found}


def published(place) -> dict[str, datetime]:
    return dict(place.ask("SELECT version, published_at FROM public._cpdi_published WHERE dataset = %s", place.dataset))


def test_a_first_load_writes_a_version_and_no_row(place):
    place.load([row("a"), row("b")])
    assert trail_of(place) == {}
    assert list(published(place)) == [place.version()[0]]


def test_each_version_says_which_rows_are_new_changed_and_gone(place):
    place.classes = CLASSES
    place.load([row("a"), row("b"), row("c")])
    ids = place.ids()
    place.load([row("a"), row("b", kind="Noise"), row("d")])
    at = published(place)[place.version()[0]]
    week = Ends.of(at, ZONE).week
    assert trail_of(place) == {
        ids["b"]: (at, False),
        place.ids()["d"]: (at, False),
        ids["c"]: (week, True),
    }


def test_the_same_feed_leaves_no_version(place):
    place.load([row("a")])
    before = published(place)
    place.load([row("a")])
    assert published(place) == before
    assert trail_of(place) == {}


@pytest.mark.parametrize(("classes", "end"), [(OPEN, "version"), (HOURLY, "week"), (MONTHLY, "month"), (3, "week")])
def test_the_night_of_a_change_is_told_no_finer_than_the_row_tells_its_time(place, classes, end):
    place.classes = CLASSES
    place.load([row("a", classes=classes)])
    place.load([row("a", classes=classes, kind="Noise")])
    at = published(place)[place.version()[0]]
    assert trail_of(place)[place.ids()["a"]] == (getattr(Ends.of(at, ZONE), end), False)


def test_without_classes_every_row_counts_as_the_coarsest(place):
    place.load([row("a")])
    place.load([row("a", kind="Noise")])
    at = published(place)[place.version()[0]]
    assert trail_of(place)[place.ids()["a"]][0] == Ends.of(at, ZONE).month


def test_a_row_whose_class_rose_is_gone_like_any_other(place):
    place.classes = CLASSES
    place.load([row("a"), row("b"), row("c")])
    ids = place.ids()
    place.load([row("c")], held=held(a=datetime(2030, 1, 1).date()))
    gone = {at for at, gone in trail_of(place).values() if gone}
    assert set(trail_of(place)) == {ids["a"], ids["b"]}
    assert len(gone) == 1


def test_strangers_see_a_removal_when_its_week_is_over(place, read_dsn):
    place.load([row("a"), row("b")])
    place.load([row("a")])
    query = "SELECT id, gone FROM public._cpdi_change WHERE dataset = %s"
    with psycopg.connect(read_dsn) as stranger:
        assert stranger.execute(query, (place.dataset,)).fetchall() == []
    place.do(f"UPDATE cpdi.change SET at = at - interval '7 days' WHERE dataset = {place.number()}")
    with psycopg.connect(read_dsn) as stranger:
        assert [gone for _, gone in stranger.execute(query, (place.dataset,)).fetchall()] == [True]
        for table in ("change", "version", "notice", "correction"):
            with pytest.raises(errors.InsufficientPrivilege), stranger.transaction():
                stranger.execute(f"SELECT FROM cpdi.{table}")


def test_a_run_that_does_not_commit_leaves_no_trace(place):
    place.load([row("a")])
    with place.begin() as sync:
        sync.apply(remove_missing=True)
    assert trail_of(place) == {}


def test_a_table_built_anew_forgets_the_versions_of_the_old_one(place):
    place.load([row("a")])
    place.load([row("a", kind="Noise")])
    place.do("DROP TABLE {t}")
    place.load([row("a")])
    assert list(published(place)) == [place.version()[0]]
    assert trail_of(place) == {}


def test_a_table_that_another_hand_changed_is_no_longer_the_one_of_older_copies(place):
    place.load([row("a"), row("b")])
    place.do("DELETE FROM {t} WHERE code = 'a'")
    place.load([row("a"), row("b")])
    assert list(published(place)) == [place.version()[0]]


def test_a_clock_that_is_set_back_keeps_versions_in_their_order(place):
    place.load([row("a")])
    first = published(place)[place.version()[0]]
    place.do(
        f"UPDATE cpdi.version SET published_at = published_at + interval '1 hour' WHERE dataset = {place.number()}"
    )
    place.load([row("a"), row("b")])
    assert published(place)[place.version()[0]] > first + timedelta(hours=1)


def test_many_changed_rows_are_written_by_their_classes(place):
    place.classes = CLASSES
    rows = [row(f"k{at}", classes=[OPEN, HOURLY, MONTHLY][at % 3]) for at in range(300)]
    place.load(rows)
    place.load([{**one, "kind": "Noise"} for one in rows])
    at = published(place)[place.version()[0]]
    ends = Ends.of(at, ZONE)
    found = Counter(end for end, _ in trail_of(place).values())
    assert found == {ends.version: 100, ends.week: 100, ends.month: 100}


@pytest.mark.parametrize(
    ("now", "week", "month"),
    [
        ("2026-11-24 08:00", "2026-11-30 05:00", "2026-12-01 05:00"),
        ("2026-11-30 04:59", "2026-11-30 05:00", "2026-12-01 05:00"),  # still Sunday in Charleston
        ("2026-11-30 05:00", "2026-12-07 05:00", "2026-12-01 05:00"),
        ("2026-10-28 12:00", "2026-11-02 05:00", "2026-11-01 04:00"),  # the clocks go back in between
        ("2026-12-31 12:00", "2027-01-04 05:00", "2027-01-01 05:00"),
    ],
)
def test_weeks_and_months_end_by_the_departments_calendar(now, week, month):
    def instant(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    ends = Ends.of(instant(now), ZONE)
    assert (ends.week, ends.month) == (instant(week), instant(month))


def test_the_longest_wait_of_a_set_of_classes_counts():
    lines = row_changes._changed(
        pl.DataFrame({"_id": [1, 2], "_classes": [HOURLY | MONTHLY, OPEN]}, schema_overrides={"_classes": pl.Int16}),
        ends := Ends.of(datetime(2026, 11, 24, tzinfo=UTC), ZONE),
        CLASSES,
    )
    assert {ids[0]: at for ids, at in lines} == {1: ends.month, 2: ends.version}

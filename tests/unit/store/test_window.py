"""What a feed that covers some days decides of the table's rows."""

from datetime import date, timedelta

import polars as pl
import pytest

from ckanext.cpdi.rows.identity.known import ID
from ckanext.cpdi.store.sync.window import Window, judge

FIRST = date(2026, 3, 1)


def days(count, rows=4, start=FIRST):
    """``rows`` rows on each of ``count`` days: id, day, monthly."""
    return [(n * 100 + one, start + timedelta(days=n), False) for n in range(count) for one in range(rows)]


def frame(rows):
    return pl.DataFrame(rows, schema={"_id": ID, "day": pl.Date, "monthly": pl.Boolean}, orient="row")


def decide(rows, present, first=FIRST - timedelta(days=1)):
    window = Window(FIRST, FIRST + timedelta(days=40), first)
    return judge(frame(rows), window, pl.Series(list(present), dtype=ID))


def ids(rows, *without):
    return [one for one, *_ in rows if one not in without]


def test_a_row_that_the_feed_lacks_on_a_day_that_it_covers_is_gone():
    found = decide(days(5), ids(days(5), 201, 303))
    assert sorted(found.gone) == [201, 303]
    assert (found.rows, found.stayed) == (20, 0)


def test_nothing_is_gone_where_the_feed_has_everything():
    found = decide(days(5), ids(days(5)))
    assert (found.gone.to_list(), found.stayed) == ([], 0)


@pytest.mark.parametrize("absent", [(200, 201, 202), (200, 201, 202, 203)])
def test_a_day_that_the_feed_hardly_has_is_not_decided_nor_are_the_days_beside_it(absent):
    found = decide(days(6), ids(days(6), *absent, 101, 301, 401))
    assert found.gone.to_list() == [401]
    assert found.stayed == len(absent) + 2


def test_a_late_row_of_an_old_day_opens_no_window_on_that_day():
    found = decide(days(10), [1, *ids(days(10))[28:]])
    assert found.gone.to_list() == []
    assert found.stayed == 27


def test_the_day_on_which_the_feed_begins_is_not_decided():
    found = decide(days(4), ids(days(4), 0, 100, 200), first=FIRST)
    assert sorted(found.gone) == [200]


def test_a_row_that_shows_its_month_goes_only_if_the_feed_covers_every_day_of_the_month():
    month = [(9001, FIRST, True)]
    rows = [*days(31), *month]
    assert decide(rows, ids(days(31))).gone.to_list() == [9001]
    broken = decide(rows, ids(days(31))[4:])
    assert broken.gone.to_list() == []
    assert broken.stayed == 5
    assert decide(rows, ids(days(31)), first=FIRST).gone.to_list() == []


def test_a_month_of_which_the_table_shows_no_day_is_not_decided():
    assert decide([(9001, FIRST, True)], []).gone.to_list() == []


def test_a_window_without_rows_decides_nothing():
    assert decide([], []).rows == 0

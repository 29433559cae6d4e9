"""Numbers, sizes, days and periods as people read them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from ckanext.cpdi.site import words

ZONE = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (1_449_000, "1.4 MB"),
        (99_600_000, "100 MB"),
        (4e15, "4,000 TB"),
    ],
)
def test_a_size_has_the_largest_unit_that_leaves_one_or_more(octets, text):
    assert words.size(int(octets), "en") == text


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 11, 24, 8, 12, tzinfo=UTC), "last night, 24 Nov 2026"),  # 3:12 in the department
        (datetime(2026, 11, 24, 1, 30, tzinfo=UTC), "last night, 23 Nov 2026"),  # 20:30 the evening before
        (datetime(2026, 11, 24, 14, 0, tzinfo=UTC), "today, 24 Nov 2026"),
        (datetime(2026, 11, 23, 17, 0, tzinfo=UTC), "yesterday, 23 Nov 2026"),
        (datetime(2026, 11, 2, 8, 0, tzinfo=UTC), "on 2 Nov 2026"),
    ],
)
def test_an_update_is_told_by_the_wall_clock_of_the_department(instant, text):
    assert words.relative_day(instant, NOW, ZONE, "en") == text


def test_words_follow_the_language_of_the_reader():
    assert words.relative_day(datetime(2026, 11, 24, 8, tzinfo=UTC), NOW, ZONE, "es") == "anoche, 24 nov 2026"
    assert words.number(231402, "es") == "231.402"
    assert words.period(date(2019, 1, 1), date(2026, 11, 24), "es") == "ene 2019 a nov 2026"


def test_a_period_within_a_month_is_that_month():
    assert words.period(date(2026, 11, 1), date(2026, 11, 24), "en") == "Nov 2026"
    assert words.period(date(2019, 1, 1), date(2026, 11, 24), "en") == "Jan 2019 to Nov 2026"


def test_a_language_that_babel_does_not_know_reads_as_english():
    assert words.number(1234, "xx-unknown") == "1,234"

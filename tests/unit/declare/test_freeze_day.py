"""The day on which past years are frozen."""

from datetime import date

import pytest

from ckanext.cpdi.declare import FreezeDay


@pytest.mark.parametrize(
    ("today", "last"), [("2026-02-14", "2025-02-15"), ("2026-02-15", "2026-02-15"), ("2026-12-31", "2026-02-15")]
)
def test_the_last_freeze_day(today, last):
    assert FreezeDay.parse("02-15").last(date.fromisoformat(today)) == date.fromisoformat(last)


@pytest.mark.parametrize("text", ["", "02-29", "13-01", "2-15", "02-15; x", "now"])
def test_a_freeze_day_comes_every_year(text):
    with pytest.raises(ValueError):
        FreezeDay.parse(text)


def test_a_year_is_closed_from_the_freeze_day_after_it_on():
    assert FreezeDay.parse("02-15").closed(2025) == date(2026, 2, 15)

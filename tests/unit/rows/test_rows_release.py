"""What shows the same comes out together: no night tells more of a row's time than the row does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rows_kit import PROBLEMS, ROW, run, stored

from ckanext.cpdi.rows import Turn

ZONE = ZoneInfo("America/New_York")
LATER = datetime(2026, 9, 1, 12, tzinfo=UTC)
PROBLEM_OF = {name: problem for problem, name in PROBLEMS.items()}
SENSITIVE = {"Problem": PROBLEM_OF["sensitive"]}


def call(number: int, at: datetime, minutes: int | None, problem: str) -> dict[str, str]:
    """A call at a wall time that was open for so many minutes, None for one that was never closed."""
    closed = "" if minutes is None else (at + timedelta(minutes=minutes)).isoformat()
    times = {"Call_Datetime": at.isoformat(), "Time_CallClosed": closed, "Last_Modified": ""}
    return {**ROW, **times, "Incident_Number": f"26-{number:06}", "Problem": problem}


def due(profile, row) -> datetime:
    """When the row may come out, at the earliest."""
    heard_of = datetime.fromisoformat(row["Time_CallClosed"] or row["Call_Datetime"]).replace(tzinfo=ZONE)
    found = run(profile, row, now=heard_of + timedelta(hours=1)).next_due
    assert found is not None
    return found.astimezone(ZONE)


WITHIN = {"hour": 60, "date": 24 * 60, "month": 24 * 60}
"""Minutes for which a call may last beyond its hour, day or month and come out with the others."""


@pytest.mark.parametrize(("name", "unit"), [("residential", "hour"), ("operational", "date"), ("sensitive", "month")])
@given(second=st.integers(0, 31 * 86400 - 1), minutes=st.integers(0, 24 * 60))
@settings(max_examples=40, deadline=None)
def test_all_rows_of_an_hour_day_or_month_come_out_in_the_same_night(profile, name, unit, second, minutes):
    at = datetime(2026, 3, 1) + timedelta(seconds=second)
    begin = {
        "hour": at.replace(minute=0, second=0),
        "date": at.replace(hour=0, minute=0, second=0),
        "month": datetime(2026, 3, 1),
    }[unit]
    minutes = min(minutes, WITHIN[unit])
    problem = PROBLEM_OF[name]
    assert due(profile, call(1, at, minutes, problem)) == due(profile, call(2, begin, 0, problem))
    assert due(profile, call(1, at, minutes, problem)).hour == 0


@pytest.mark.parametrize("month", range(1, 13))
def test_the_calls_of_a_month_that_were_never_closed_come_out_in_one_night(profile, month):
    first = datetime(2026, month, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(seconds=1)
    nights = {due(profile, call(1, at, None, PROBLEM_OF["sensitive"])) for at in (first, last)}
    assert len(nights) == 1
    assert nights.pop().day == 1


def sensitive(number: int, day: int, month: int = 3) -> dict[str, str]:
    return call(number, datetime(2026, month, day, 22, 10), 30, PROBLEM_OF["sensitive"])


def published(profile, *rows, now, **more) -> list[str]:
    return run(profile, *rows, now=now, **more).published["reported_datetime"].to_list()


def test_a_month_that_comes_late_joins_the_next_first_of_a_month(profile):
    """A feed that is two months behind brings another day of March every night of May."""
    night = datetime(2026, 5, 12, 7, tzinfo=UTC)
    here = Turn(last=night - timedelta(days=1))
    outcome = run(profile, sensitive(1, 11), now=night, turn=here)
    assert outcome.rejects["reason"].to_list() == ["embargo"]
    assert outcome.next_due == datetime(2026, 6, 1, 4, tzinfo=UTC)
    first = datetime(2026, 6, 1, 7, tzinfo=UTC)
    rows = [sensitive(number, number + 1) for number in range(1, 30)]
    assert run(profile, *rows, now=first, turn=Turn(last=first - timedelta(days=1))).published.height == 29
    again = first + timedelta(hours=9)
    assert run(profile, *rows, now=again, turn=Turn(last=first)).published.height == 0


def test_the_first_good_run_of_a_month_is_that_of_its_first_even_if_nights_failed(profile):
    now = datetime(2026, 5, 9, 7, tzinfo=UTC)
    assert run(
        profile, sensitive(1, 11), now=now, turn=Turn(last=datetime(2026, 4, 30, 7, tzinfo=UTC))
    ).published.height


def test_years_that_are_loaded_file_by_file_come_out_at_once(profile):
    now = datetime(2027, 5, 12, 7, tzinfo=UTC)
    here = Turn(last=now - timedelta(hours=1))
    assert run(profile, sensitive(1, 11), now=now, turn=here).published.height == 1
    assert (
        run(profile, sensitive(1, 11, month=12), now=datetime(2027, 5, 12, tzinfo=UTC), turn=here).published.height == 0
    )


def test_a_feed_of_the_last_days_brings_no_part_of_a_month(profile):
    first = datetime(2026, 5, 1, 7, tzinfo=UTC)
    window = Turn(covers=first - timedelta(days=45))
    assert run(profile, sensitive(1, 30), now=first, turn=window).published.height == 0
    assert run(profile, sensitive(1, 30), now=first, turn=Turn(covers=first - timedelta(days=93))).published.height == 1
    assert run(profile, {**ROW, "Call_Datetime": "2026-03-30T10:00:00"}, now=first, turn=window).published.height == 1


def test_a_row_that_stands_in_the_table_stays_whatever_turn_it_is(profile):
    state = stored(run(profile, sensitive(1, 11), now=LATER))
    assert run(profile, sensitive(1, 11), state=state, now=LATER, turn=Turn(last=LATER)).published.height == 1


def test_a_row_whose_class_rose_comes_back_with_a_first_of_a_month_only(profile):
    now = datetime(2026, 5, 12, 7, tzinfo=UTC)
    noise = {**ROW, "Problem": PROBLEM_OF["residential"]}
    before = run(profile, ROW, now=now)
    risen = run(profile, noise, state=stored(before), now=now)
    known = before.published["_fingerprint"][0]
    state = stored(risen).with_columns(pl.lit(known, pl.Int64).alias("_fingerprint"))
    late = datetime(2026, 6, 5, 7, tzinfo=UTC)
    waiting = run(profile, noise, state=state, now=late, turn=Turn(last=late - timedelta(days=1)))
    assert waiting.rejects["reason"].to_list() == ["class_rise"]
    assert waiting.next_due == datetime(2026, 7, 1, 4, tzinfo=UTC)
    first = datetime(2026, 7, 1, 7, tzinfo=UTC)
    assert run(profile, noise, state=state, now=first, turn=Turn(last=late)).published.height == 1

"""Nights begin at the same time of the department's day, once each, whatever clocks, machines and stock planning do."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ckanext.cpdi.declare.clock import clock
from ckanext.cpdi.jobs.schedule import FREQUENCIES, align, next_due

EAST = ZoneInfo("America/New_York")


def local(text: str) -> datetime:
    """A wall time of the department as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=EAST).astimezone(UTC)


def nights(start: str, count: int, at: str, frequency: str = "DAILY") -> list[str]:
    """The wall times of the next ``count`` runs, each begun two minutes late, as cron does."""
    found, due = [], local(start)
    for _ in range(count):
        due = next_due(due, frequency, clock(at), EAST, due + timedelta(minutes=2))
        found.append(f"{due.astimezone(EAST):%m-%d %H:%M}")
    return found


def test_nights_do_not_drift():
    assert nights("2026-05-01T02:30", 3, "02:30") == ["05-02 02:30", "05-03 02:30", "05-04 02:30"]


def test_the_hour_that_does_not_exist_has_its_run_an_hour_later_and_once():
    assert nights("2026-03-07T02:30", 3, "02:30") == ["03-08 03:30", "03-09 02:30", "03-10 02:30"]


def test_the_hour_that_comes_twice_has_one_run():
    assert nights("2026-10-31T01:30", 3, "01:30") == ["11-01 01:30", "11-02 01:30", "11-03 01:30"]
    first = next_due(local("2026-10-31T01:30"), "DAILY", time(1, 30), EAST, local("2026-10-31T01:32"))
    assert first == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_missed_nights_are_caught_up_by_one_run():
    now = local("2026-05-20T09:00")
    assert next_due(local("2026-05-01T02:30"), "DAILY", time(2, 30), EAST, now) == local("2026-05-21T02:30")


def test_weeks_keep_their_day_though_one_was_missed():
    assert nights("2026-05-04T02:30", 2, "02:30", "WEEKLY") == ["05-11 02:30", "05-18 02:30"]
    late = next_due(local("2026-05-04T02:30"), "WEEKLY", time(2, 30), EAST, local("2026-05-13T10:00"))
    assert late == local("2026-05-18T02:30")
    assert nights("2026-05-04T02:30", 1, "02:30", "BIWEEKLY") == ["05-18 02:30"]


def test_months_of_every_length_have_a_run():
    assert nights("2026-01-31T02:30", 2, "02:30", "MONTHLY") == ["02-28 02:30", "03-28 02:30"]
    assert nights("2026-12-15T02:30", 1, "02:30", "MONTHLY") == ["01-15 02:30"]


def test_a_source_that_began_before_its_time_of_day_runs_again_at_it():
    now = local("2026-05-01T01:00")
    assert next_due(now, "DAILY", time(2, 30), EAST, now) == local("2026-05-01T02:30")


@pytest.mark.parametrize(
    ("planned", "now", "due"),
    [
        ("2026-05-02T02:30", "2026-05-01T10:00", "2026-05-02T02:30"),  # ours
        ("2026-05-02T10:00", "2026-05-01T10:00", "2026-05-02T02:30"),  # a day after a run by hand
        ("2026-05-02T01:00", "2026-05-01T01:00", "2026-05-01T02:30"),  # the same, before the time of day
        ("2026-05-02T01:00", "2026-05-01T03:00", "2026-05-02T02:30"),  # which has passed: nothing is due by this
        ("2026-05-01T10:00", "2026-05-01T11:00", "2026-05-01T10:00"),  # due already
        ("2026-03-08T03:30", "2026-03-07T12:00", "2026-03-08T03:30"),  # the clock change's own run
    ],
)
def test_what_ckan_planned_is_moved_to_the_time_of_day(planned, now, due):
    assert align(local(planned), time(2, 30), EAST, local(now)) == local(due)


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_a_due_source_is_due_later_whatever_its_frequency(frequency):
    now = local("2026-02-28T02:31")
    assert next_due(local("2020-02-29T02:30"), frequency, time(2, 30), EAST, now) > now


@pytest.mark.parametrize("text", ["", "2:30", "24:00", "02:60", "02:30:00", "02:30Z", "noon", "0230", "02:30 "])
def test_other_forms_of_a_time_are_refused(text):
    with pytest.raises(ValueError, match="like 02:30"):
        clock(text)

"""A clock that is wrong ends no embargo: it is held against the database's and against what the machine counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ckanext.cpdi.errors import translated
from ckanext.cpdi.pipeline.clock import Reading, objection, verified
from ckanext.cpdi.store import Clock

NOW = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
NIGHT = timedelta(days=1)


def reading(ahead=timedelta(), database=timedelta(), boot="one", counted=10 * 86400.0) -> Reading:
    return Reading(Clock(NOW + ahead, boot, counted), NOW + database)


def before(ago=NIGHT, boot="one", counted=9 * 86400.0) -> Clock:
    return Clock(NOW - ago, boot, counted)


@pytest.mark.parametrize("days", [-3, 3, 400])
@pytest.mark.parametrize("last", [None, before()])
def test_a_clock_that_differs_from_the_databases_holds_and_no_embargo_ends_by_it(days, last):
    one = reading(ahead=timedelta(days=days))
    assert "the database's 2026-11-24 07:30 UTC" in objection(one, last)
    assert one.now == min(NOW, NOW + timedelta(days=days))


@pytest.mark.parametrize("days", [-2, 3, 400])
def test_both_clocks_that_jump_are_told_by_what_the_machine_counted(days):
    jump = timedelta(days=days)
    text = objection(reading(jump, jump), before())
    assert "the machine counted 24 hours" in text
    assert "release this run" in text
    spanish = translated(text, "es")
    assert "la máquina contó 24 horas. Mientras tanto no se publica nada" in spanish
    assert "clock" not in spanish


def test_a_clock_set_back_before_the_last_run_holds_after_a_restart_as_well():
    assert "the last good run was at 2026-11-26 07:30" in objection(reading(boot="two"), before(ago=-2 * NIGHT))


@pytest.mark.parametrize(
    ("now", "last"),
    [
        (reading(), None),
        (reading(), before()),
        (reading(ahead=timedelta(minutes=50)), before()),
        (reading(database=timedelta(minutes=-50)), before()),
        (reading(counted=20 * 86400.0), before(ago=11 * NIGHT)),
        (reading(boot="two", counted=60.0), before(ago=11 * NIGHT)),
        (reading(boot="", counted=0.0), before(boot="", counted=0.0)),
        (reading(), before(ago=timedelta(minutes=-30), counted=10 * 86400.0)),
    ],
)
def test_clocks_that_are_some_minutes_off_and_machines_that_were_off_for_days_hold_nothing(now, last):
    assert objection(now, last) == ""


def test_only_one_start_of_one_machine_counts_the_time():
    assert verified(reading(), before())
    assert not verified(reading(boot="two"), before())
    assert not verified(reading(boot=""), before(boot=""))
    assert not verified(reading(), None)

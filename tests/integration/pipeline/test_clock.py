"""A night by a clock that is wrong publishes nothing that waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from helpers import datastore
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import clock
from ckanext.cpdi.store import Clock

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
READ = clock.read


@pytest.fixture
def night(tmp_path, monkeypatch):
    """Run a night by a machine's clock that is ``ahead``, with the database's or without it."""

    def run(ahead: timedelta, *, database: bool = False, numbers: range = range(1, 41)):
        def read(store):
            true = READ(store)
            machine = Clock(true.machine.at + ahead, true.machine.boot or "boot", true.machine.counted)
            return clock.Reading(machine, true.database + (ahead if database else timedelta()))

        monkeypatch.setattr(clock, "read", read)
        path = write_calls(tmp_path / "calls.csv", numbers)
        return load.run(DATASET, str(path), label="night", trusted_path=True)

    return run


def rows() -> int:
    with psycopg.connect(datastore.dsn()) as connection:
        found = connection.execute("SELECT rows FROM public._cpdi_version WHERE dataset = %s", (DATASET,)).fetchone()
        return found[0] if found else 0


@pytest.mark.parametrize("database", [False, True])
def test_a_clock_days_ahead_holds_the_night_until_it_is_right(night, database):
    assert night(timedelta()).state == "published"
    held = night(timedelta(days=3), database=database, numbers=range(1, 61))
    assert held.state == "held"
    assert "clock says" in held.message
    assert rows() == 40
    assert night(timedelta(days=3), database=database, numbers=range(1, 61)).state == "held"
    assert night(timedelta(), numbers=range(1, 61)).state == "published"
    assert rows() == 60


def test_staff_who_know_that_the_clock_is_right_release_the_run(night):
    assert night(timedelta()).state == "published"
    held = night(timedelta(days=3), database=True, numbers=range(1, 61))
    with config.store() as store:
        store.ledger.release(held.run)
    assert night(timedelta(days=3), database=True, numbers=range(1, 61)).state == "published"


def test_a_first_load_by_a_clock_ahead_of_the_databases_is_held_and_a_release_does_not_help(night):
    held = night(timedelta(days=3))
    assert held.state == "held"
    with config.store() as store:
        store.ledger.release(held.run)
    assert night(timedelta(days=3)).state == "held"
    assert rows() == 0


def test_the_clocks_are_read(night):
    with config.store() as store:
        found = READ(store)
    assert abs(found.machine.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert abs(found.database - datetime.now(UTC)) < timedelta(minutes=5)

"""What a run leaves behind when the ground gives way: nothing, and the next run is as if it had never been."""

import signal
import threading
from pathlib import Path

import psycopg
import pytest
from killed_run import night
from store_rows import balanced, frame, row

from ckanext.cpdi.store import StoreError

SCRIPT = Path(__file__).with_name("killed_run.py")


@pytest.fixture
def kill_at(programs, place, read_role):
    def kill(where):
        done = programs.run(SCRIPT, place.dsn, read_role, place.dataset, place.resource_id, where)
        assert done.returncode == -signal.SIGKILL, done.stderr

    return kill


def clean(places, *feeds):
    """What a table holds after ``feeds`` and no mishap, ids included."""
    other = places()
    for batches in feeds:
        other.load(*batches)
    return other.rows()


YESTERDAY = [[row(f"C-{n:03}", units=n % 5) for n in range(200)]]


FIRST = "begin copy staging words ids insert after-insert index after-index first_state attach after-attach"
NIGHT = "begin copy staging words delete update after-update insert merge after-merge"
END = "ledger after-ledger total"


@pytest.mark.parametrize("where", [*FIRST.split(), *END.split()])
def test_a_first_load_that_is_killed_leaves_no_table_and_runs_again(kill_at, place, places, where):
    kill_at(where)
    assert place.ask("SELECT to_regclass(format('public.%%I', %s::text))", place.resource_id) == [(None,)]
    assert place.version() is None
    place.load(*night())
    assert place.rows() == clean(places, night())
    assert [run.state for run in place.store.ledger.runs(place.dataset)] == ["published", "failed"]
    assert place.ask("SELECT to_regclass(format('cpdi.load_%%s', %s::int))", place.number()) == [(None,)]


@pytest.mark.parametrize("where", [*NIGHT.split(), *END.split()])
def test_a_night_that_is_killed_changes_nothing_and_runs_again(kill_at, place, places, where):
    place.load(*YESTERDAY)
    before, version = place.rows(), place.version()
    kill_at(where)
    assert (place.rows(), place.version()) == (before, version)
    place.load(*night())
    assert place.rows() == clean(places, YESTERDAY, night())


def test_a_run_that_is_killed_after_its_commit_is_whole(kill_at, place, places):
    kill_at("committed")
    assert place.rows() == clean(places, night())
    assert not place.load(*night()).any


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("moment", ["begun", "added", "applied"])
def test_a_server_that_ends_the_sessions_ends_the_run_and_no_more(place, places, first, moment):
    if not first:
        place.load(*YESTERDAY)
    before = None if first else place.rows()
    with pytest.raises(StoreError, match="connection to the database was lost"):
        lose_the_server(place, moment)
    assert before is None or place.rows() == before
    place.load(*night())
    assert place.rows() == clean(places, *([night()] if first else [YESTERDAY, night()]))


def lose_the_server(place, moment):
    with place.begin() as sync:
        if moment == "begun":
            terminate(place)
        sync.add(frame(night()[0]))
        if moment == "added":
            terminate(place)
        sync.add(frame(night()[1]))
        changes = sync.apply(remove_missing=True)
        terminate(place)
        sync.commit(balanced(changes))


def terminate(place):
    with psycopg.connect(place.dsn, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'ckanext-cpdi'"
            " AND datname = current_database()"
        )


def test_a_locked_table_ends_the_run_in_plain_words_and_not_in_waiting(place):
    place.load(*YESTERDAY)
    before = place.rows()
    with place.begin() as sync:
        sync.add(frame(night()[0]))
        sync._connection.execute("SET LOCAL lock_timeout = '200ms'")
        with psycopg.connect(place.dsn) as other:
            other.execute(f'LOCK TABLE public."{place.resource_id}" IN SHARE MODE')
            with pytest.raises(psycopg.errors.LockNotAvailable):
                sync.apply(remove_missing=True)
    assert place.rows() == before
    assert place.load(*night()).any


def test_an_error_in_the_copying_thread_reaches_the_run(place):
    bad = frame([row("A", kind="nul \x00 byte")])
    with pytest.raises(StoreError, match="a character that the database does not take"):
        place.load_frames([bad])
    place.load([row("A")])
    assert place.ids() == {"A": 1}


def test_readers_see_whole_versions_and_nothing_between(place, read_dsn):
    """Each version's rows all carry its number in ``units``; a reader that saw a mixture would see two numbers."""
    versions = {}

    def night_of(number):
        return [[row(f"C-{n:03}", units=number, latitude=30 + n / 100) for n in range(100 + number)]]

    place.load(*night_of(0))
    versions[place.version()[0]] = 0
    seen, stop = [], threading.Event()

    def read():
        with psycopg.connect(read_dsn) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            while not stop.is_set():
                with connection.transaction():
                    version = connection.execute(
                        "SELECT version, rows FROM public._cpdi_version WHERE dataset = %s", (place.dataset,)
                    ).fetchone()
                    rows = connection.execute(
                        f'SELECT count(*), min(units), max(units) FROM public."{place.resource_id}"'
                    ).fetchone()
                seen.append((version, rows))

    readers = [threading.Thread(target=read) for _ in range(2)]
    for one in readers:
        one.start()
    for number in range(1, 8):
        place.load(*night_of(number))
        versions[place.version()[0]] = number
    stop.set()
    for one in readers:
        one.join()
    for (version, rows), found in seen:
        assert found == (rows, versions[version], versions[version])
    assert len({version for (version, _), _ in seen}) > 2
    assert len(seen) > 20


def test_a_reader_waits_for_nothing_while_a_night_is_being_written(place, read_dsn):
    place.load(*YESTERDAY)
    with place.begin() as sync:
        for batch in night():
            sync.add(frame(batch))
        changes = sync.apply(remove_missing=True)
        assert changes.any
        with psycopg.connect(read_dsn) as reader, psycopg.connect(place.dsn) as ckan:
            for one in (reader, ckan):
                one.execute("SET statement_timeout = '1s'")
            found = reader.execute(f'SELECT count(*), max(units) FROM public."{place.resource_id}"').fetchone()
            assert found == (200, 4)
            total = ckan.execute("SELECT cached_table_row_count(%s)", (place.resource_id,)).fetchone()
            assert total == (200,)

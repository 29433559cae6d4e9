"""A restore of an older database does not bring denied rows back: the list is a file of its own, and is replayed."""

import subprocess
from datetime import UTC, datetime

import psycopg
import pytest
from click.testing import CliRunner
from helpers import datastore, desk
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.desk import deny as denial
from ckanext.cpdi.desk import deny_file
from ckanext.cpdi.desk.deny_file import Event
from ckanext.cpdi.jobs import load
from ckanext.cpdi.pipeline import publish

pytestmark = pytest.mark.usefixtures("with_plugins", "portal")
SECRET, OTHER = "25-000007", "25-000009"


@pytest.fixture
def published(tmp_path):
    path = write_calls(tmp_path / "calls.csv", range(1, 41))
    assert load.run(DATASET, str(path), label="night", trusted_path=True).state == "published"
    publish.publish(DATASET, config.profile())


@pytest.fixture
def backup(tmp_path):
    """Takes a backup with pg_dump; gives what puts it in place of all that is there."""

    def take():
        store, table = tmp_path / "store.dump", tmp_path / "table.dump"
        dump = ["pg_dump", "-d", datastore.dsn(), "-Fc", "-f"]
        subprocess.run([*dump, store, "-n", "cpdi"], check=True)
        subprocess.run([*dump, table, "-t", f'public."{resource_id(DATASET)}"', "-t", "public._cpdi_*"], check=True)

        def put_back():
            with psycopg.connect(datastore.dsn(), autocommit=True) as connection:
                connection.execute("DROP SCHEMA cpdi CASCADE")
                connection.execute(f'DROP TABLE public."{resource_id(DATASET)}" CASCADE')
            for file in (store, table):
                subprocess.run(["pg_restore", "-d", datastore.dsn(), "--exit-on-error", file], check=True)

        return put_back

    return take


def init():
    done = CliRunner().invoke(cpdi, ["init"])
    assert done.exit_code == 0, done.output
    return done.output


def test_a_restored_database_is_rid_of_what_was_denied_since(published, backup, folders):
    desk.deny(OTHER)
    put_back = backup()
    desk.deny(SECRET, why="sealed")
    put_back()
    assert SECRET in desk.numbers()
    assert "deny list whole again, 1 records" in init()
    assert SECRET not in desk.numbers()
    publish.publish(DATASET, config.profile())
    assert list(desk.files_with(folders["files"], SECRET)) == []
    with config.store() as store:
        assert sorted(one.why for one in store.privacy.listed()) == ["expunged", "sealed"]
        assert store.privacy.log()[0].action == "replay"
        assert store.privacy.purges(DATASET) == []
    assert "Everything is there" in init()


def test_what_was_released_since_is_released_again(published, backup):
    desk.deny(SECRET)
    put_back = backup()
    desk.release(SECRET)
    put_back()
    assert "1 records" in init()
    with config.store() as store:
        assert store.privacy.listed() == []


def test_a_file_that_was_lost_is_written_anew(published, folders):
    desk.deny(SECRET, OTHER)
    (folders["private"] / "deny.log").unlink()
    assert "Everything is there" in init()
    assert len(deny_file.latest(denial.list_path())) == 2


def test_lines_that_are_damaged_or_foreign_do_no_harm(published, folders):
    desk.deny(SECRET)
    path = folders["private"] / "deny.log"
    foreign = Event(datetime.now(UTC), True, "somewhere-else", 1, "other")
    path.write_text(
        f"{path.read_text()}{foreign}\nrubbish\n2026-99-99T00:00:00+00:00 + a 0000000000000000 b\n2026-11-24T1"
    )
    assert "Everything is there" in init()
    desk.deny(OTHER)
    kept = deny_file.latest(path)
    assert {event.dataset for event in kept.values()} == {DATASET, "somewhere-else"}
    assert len(kept) == 3


@pytest.mark.parametrize("key", [0, 1, -1, 2**63 - 1, -(2**63)])
def test_a_line_reads_as_it_was_written(tmp_path, key):
    event = Event(datetime(2026, 11, 24, 12, 0, 0, 5, tzinfo=UTC), key > 0, DATASET, key, "court_order")
    deny_file.append(tmp_path / "list", [event])
    assert deny_file.latest(tmp_path / "list") == {(DATASET, key): event}

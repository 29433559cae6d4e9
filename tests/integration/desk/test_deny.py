"""A denied record looks as if it had never been: in tables, files and counts, now and with every feed to come."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from ckan.tests.helpers import call_action
from helpers import datastore, desk
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.store import RunInProgress

pytestmark = pytest.mark.usefixtures("with_plugins")
SECRET = "25-000007"
SCRIPT = Path(__file__).with_name("killed_purge.py")


@pytest.fixture
def night(portal, tmp_path):
    """Load calls with these numbers, and build the files."""
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish

    def run(numbers=range(1, 41), **options):
        path = write_calls(tmp_path / "calls.csv", numbers)
        report = load.run(DATASET, str(path), label="night", trusted_path=True, **options)
        publish.publish(DATASET, config.profile())
        return report

    return run


def ask(query, *values):
    with psycopg.connect(datastore.dsn(), autocommit=True) as connection:
        found = connection.execute(query, values or None)
        return found.fetchall() if found.description else []


def version():
    return ask("SELECT version, rows FROM public._cpdi_version WHERE dataset = %s", DATASET)[0]


def search(number):
    """What the public API says of a record number, as bytes."""
    found = call_action("datastore_search", resource_id=resource_id(DATASET), filters={"incident_number": number})
    return found["records"], found["total"]


def public(app, path):
    return app.get(path, status=200).get_data(as_text=True)


def test_a_denied_row_leaves_every_copy_at_once(app, night, folders):
    night()
    before, old = version(), {one.path for one in snapshot_store.every(config.files_path(), DATASET)}
    assert list(desk.files_with(folders["files"], SECRET))
    done = desk.deny(SECRET)
    assert (done.changed, done.waiting) == (1, ())
    assert version()[1] == before[1] - 1 == 39
    assert version()[0] != before[0]
    assert SECRET not in desk.numbers()
    assert list(desk.files_with(folders["files"], SECRET)) == []
    assert not any(path.exists() for path in old)
    for path in (f"/data/{DATASET}.csv", f"/data/{DATASET}/2025.csv", f"/data/{DATASET}.geojson"):
        body = public(app, path)
        assert SECRET not in body
        assert "25-000008" in body
    assert "39 calls" in public(app, f"/dataset/{DATASET}")
    (table,) = [one for one in call_action("package_show", id=DATASET)["resources"] if one["format"] == "CSV"]
    assert (table["rows"], table["version"]) == (39, version()[0])


def test_it_answers_as_a_number_that_never_was(app, night):
    night()
    desk.deny(SECRET)
    assert search(SECRET) == search("99-999999") == ([], 0)
    paths = [
        f'/api/3/action/datastore_search?resource_id={resource_id(DATASET)}&filters={{"incident_number":"{number}"}}'
        for number in (SECRET, "99-999999")
    ]
    denied, never = (app.get(path) for path in paths)
    assert denied.status_code == never.status_code == 200
    assert denied.get_data(as_text=True).replace(SECRET, "99-999999") == never.get_data(as_text=True)


def test_the_same_feed_and_the_next_bring_it_back_no_more_and_the_counts_tell_nothing(app, night, portal, tmp_path):
    night()
    desk.deny(SECRET)
    again, later = night(), night(range(1, 61))
    assert (again.read, again.published, again.withheld) == (39, 39, 0)
    assert (later.read, later.published, later.added) == (59, 59, 20)
    assert SECRET not in desk.numbers()
    body = public(app, "/status")
    assert "59" in body
    assert "denied" not in body.lower()
    views = ask("SELECT reason FROM public._cpdi_reason")
    assert views == []


def test_a_number_that_was_never_here_is_denied_before_it_comes(night):
    night(range(1, 21))
    desk.deny("25-000030")
    report = night(range(1, 41))
    assert (report.read, report.published) == (39, 39)
    assert "25-000030" not in desk.numbers()


def test_a_first_load_knows_the_list_too(night):
    desk.deny(SECRET)
    assert night().published == 39
    assert SECRET not in desk.numbers()


def test_staff_know_how_many_rows_were_dropped_and_nobody_else(night):
    desk.deny(SECRET)
    report = night()
    assert ask("SELECT rows FROM cpdi.run_denied WHERE run = %s", report.run) == [(1,)]
    with psycopg.connect(config.read_dsn()) as reader, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("SELECT rows FROM cpdi.run_denied")


def test_no_number_is_kept_and_the_log_stays_as_it_is(night, folders):
    night()
    desk.deny(SECRET)
    names = ask("SELECT tablename FROM pg_tables WHERE schemaname = 'cpdi'")
    for (name,) in names:
        assert SECRET not in repr(ask(f'SELECT * FROM cpdi."{name}"'))
    assert list(desk.files_with(folders["private"], SECRET)) == []
    listed = folders["private"] / "deny.log"
    assert listed.stat().st_mode & 0o777 == 0o600
    assert ask("SELECT who, action, dataset, why, cardinality(keys) FROM cpdi.audit") == [
        ("tester", "deny", DATASET, "expunged", 1)
    ]
    for query in ("DELETE FROM cpdi.audit", "UPDATE cpdi.audit SET who = 'nobody'"):
        with pytest.raises(psycopg.errors.RaiseException):
            ask(query)
    assert call_action("recently_changed_packages_activity_list", context={"ignore_auth": True}) == []


def pages(resource, *more):
    """The bytes of a table's file and of those of its indexes, as they lie on the disk."""
    dsn = urlsplit(datastore.dsn())
    with psycopg.connect(dsn._replace(netloc=f"postgres@{dsn.hostname}:{dsn.port}").geturl(), autocommit=True) as root:
        root.execute("CHECKPOINT")
        found = root.execute(
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class WHERE relname = ANY(%s) OR oid IN"
            " (SELECT indexrelid FROM pg_index JOIN pg_class ON pg_class.oid = indrelid WHERE relname = ANY(%s))",
            ([resource, *more],) * 2,
        )
        return b"".join(content for (content,) in found)


def test_nothing_of_it_is_left_in_the_files_of_the_database(night):
    """The dead row is cleared out of table and indexes; its state says no more than key and classes."""
    night()
    number = ask("SELECT number FROM cpdi.dataset WHERE name = %s", DATASET)[0][0]
    assert SECRET.encode() in pages(resource_id(DATASET))
    desk.deny(SECRET)
    assert SECRET.encode() not in pages(resource_id(DATASET), f"state_{number}")
    gone = ask(f"SELECT fingerprint, id, due FROM cpdi.state_{number} WHERE id IS NULL")
    assert gone == [(1, None, None)]


def test_a_released_record_comes_back_with_the_next_run_under_a_new_id(night):
    night()
    rid = resource_id(DATASET)
    before = ask(f"SELECT _id FROM public.\"{rid}\" WHERE incident_number = '{SECRET}'")[0][0]
    desk.deny(SECRET)
    assert desk.release(SECRET).changed == 1
    assert SECRET not in desk.numbers()
    report = night()
    assert (report.state, report.added, report.read) == ("published", 1, 40)
    after = ask(f"SELECT _id FROM public.\"{rid}\" WHERE incident_number = '{SECRET}'")[0][0]
    assert after > before
    assert [one[0] for one in ask("SELECT action FROM cpdi.audit ORDER BY id")] == ["deny", "release"]


def test_denying_the_same_again_changes_nothing(night):
    night()
    desk.deny(SECRET)
    seen = version()
    assert desk.deny(SECRET).changed == 0
    assert version() == seen


TICKETS = "Citation_Number,ViolationDate,Statute,Violation,Race,Sex,Age,Unit,Address,X,Y,Incident_Number"


def test_citations_that_carry_the_number_go_as_well(night, tmp_path):
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish

    night()
    lines = [
        f"E-{n},2025-03-0{n} 10:00,56-05-1520,Speeding,W,M,34,U-{n},10{n} Queen St,-79.93{n},32.77{n},25-00000{n}"
        for n in range(1, 10)
    ]
    path = tmp_path / "tickets.csv"
    path.write_text("\n".join([TICKETS, *lines, ""]))
    report = load.run("electronic-citations", str(path), label="tickets", trusted_path=True)
    assert report.published == 9, report
    publish.publish("electronic-citations", config.profile())
    with config.store() as store:
        from ckanext.cpdi.desk import deny

        found = deny.preview(store, DATASET, [SECRET, "25-000040"])
    assert found.hits == {DATASET: 2, "electronic-citations": 1}
    desk.deny(SECRET)
    assert len(desk.numbers("electronic-citations")) == 8
    assert load.run("electronic-citations", str(path), label="tickets", trusted_path=True, force=True).published == 8


def test_a_run_at_work_publishes_no_row_that_was_denied_meanwhile(night, monkeypatch, tmp_path):
    """The record is denied between the reading of the list and the commit: the run begins again."""
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.store.sync.run import Sync

    apply, waited = Sync.apply, []

    def denied_meanwhile(self, *args, **more):
        if not waited:
            waited.append(desk.deny(SECRET).waiting)
        return apply(self, *args, **more)

    monkeypatch.setattr(Sync, "apply", denied_meanwhile)
    report = load.run(DATASET, str(write_calls(tmp_path / "calls.csv", range(1, 41))), label="n", trusted_path=True)
    assert waited == [(DATASET,)]
    assert (report.state, report.published) == ("published", 39)
    assert SECRET not in desk.numbers()
    from ckanext.cpdi.pipeline import publish

    publish.publish(DATASET, config.profile())
    assert ask("SELECT count(*) FROM cpdi.purge WHERE done IS NULL") == [(0,)]


def test_a_commit_holds_the_list_so_that_no_denial_slips_in_between(night):
    night()
    with psycopg.connect(datastore.dsn()) as committing:
        committing.execute("SELECT changes FROM cpdi.deny_list FOR SHARE")
        with psycopg.connect(datastore.dsn()) as denying:
            denying.execute("SET lock_timeout = '300ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                denying.execute("UPDATE cpdi.deny_list SET changes = changes + 1")


def test_the_purge_waits_for_a_run_at_work(night):
    night()
    with config.store() as store, config.store() as other:
        run = store.ledger.start(DATASET, "n", "s", "r", "p", "c")
        rid, table = resource_id(DATASET), config.library().dataset(DATASET).rows
        with store.begin(DATASET, rid, table, run, "America/New_York"), pytest.raises(RunInProgress):
            other.privacy.remove(DATASET, rid, table, "America/New_York", "200ms")


def test_a_list_that_cannot_be_written_denies_nothing(night, folders):
    night()
    (folders["private"] / "deny.log").mkdir()
    with pytest.raises(OSError, match="directory"):
        desk.deny(SECRET)
    assert ask("SELECT count(*) FROM cpdi.deny") == [(0,)]
    assert SECRET in desk.numbers()


def test_files_that_cannot_be_built_are_taken_away_rather_than_kept(app, night, monkeypatch):
    from ckanext.cpdi.pipeline import publish
    from ckanext.cpdi.publish import snapshot

    night()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(snapshot, "build", full)
    with pytest.raises(publish.FollowUpError, match="No space"):
        desk.deny(SECRET)
    assert app.get(f"/data/{DATASET}.csv").status_code == 503
    monkeypatch.undo()
    publish.publish(DATASET, config.profile())
    assert SECRET not in public(app, f"/data/{DATASET}.csv")


@pytest.mark.parametrize("where", ["listed", "removing", "removed", "building", "built", "copies", "sweeping"])
def test_a_purge_that_was_killed_is_done_by_the_next_tick(night, programs, folders, ckan_config, where):
    from ckanext.cpdi.jobs import tick

    night()
    settings = {
        key: ckan_config[key] for key in ckan_config if key.startswith("ckanext.cpdi.") and key.endswith("path")
    }
    env = {**os.environ, **{f"TEST_{key}": value for key, value in settings.items()}}
    done = programs.run(SCRIPT, ckan_config["__file__"], where, SECRET, env=env)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert ask("SELECT count(*) FROM cpdi.deny") == [(1,)]
    assert not tick.tick().faults
    assert SECRET not in desk.numbers()
    assert list(desk.files_with(folders["files"], SECRET)) == []
    assert ask("SELECT count(*) FROM cpdi.purge WHERE done IS NULL OR ids IS NOT NULL") == [(0,)]


@pytest.mark.parametrize(
    "change", [("LPA_Patrol Area", "LDE_Domestic Escort"), ("Traffic Stop", "A value that nobody has judged")]
)
def test_a_class_that_rises_and_new_rules_go_the_same_way(change, night, monkeypatch, tmp_path):
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish, purge

    told = []
    monkeypatch.setattr(purge, "COPIES", [lambda dataset, _, purges: told.append((dataset, purges))])
    night()
    assert told == []
    rid = resource_id(DATASET)
    ids = ask(f"SELECT _id FROM public.\"{rid}\" WHERE incident_number = '{SECRET}'")[0]
    path = write_calls(tmp_path / "calls.csv", range(1, 41))
    lines = path.read_text().splitlines()
    lines[7] = lines[7].replace(*change)
    path.write_text("\n".join([*lines, ""]))
    report = load.run(DATASET, str(path), label="n", trusted_path=True)
    assert report.removed == 1, report
    publish.publish(DATASET, config.profile())
    ((dataset, (one,)),) = told
    assert (dataset, one.cause, one.ids, one.years, one.everything) == (DATASET, "rise", ids, (2025,), False)
    ask("""UPDATE cpdi.dataset SET form = jsonb_set(form, '{rules}', '"older"')""")
    load.run(DATASET, str(path), label="n", trusted_path=True, force=True)
    publish.publish(DATASET, config.profile())
    assert [(purges[0].cause, purges[0].everything) for _, purges in told[1:]] == [("rules", True)]
    publish.publish(DATASET, config.profile())
    assert len(told) == 2


def test_no_answer_with_rows_stays_in_a_cache_for_longer_than_a_day(app, night):
    import re

    night()
    paths = [f"/data/{DATASET}.csv", f"/data/{DATASET}/2025.kml", f"/dataset/{DATASET}", "/", "/status"]
    paths.append(f"/api/3/action/datastore_search?resource_id={resource_id(DATASET)}")
    for path in paths:
        found = re.findall(r"max-age=(\d+)", app.get(path).headers.get("Cache-Control", ""))
        assert all(int(seconds) <= 86_400 for seconds in found), path


def test_a_wrong_reason_is_refused_before_anything_is_done(night):
    from ckanext.cpdi.desk.deny import DenyError

    with pytest.raises(DenyError, match="there are expunged"):
        desk.deny(SECRET, why="because of " + SECRET)
    with pytest.raises(DenyError, match="no record number"):
        desk.deny("", " ")
    with pytest.raises(DenyError, match="no table"):
        desk.deny("1", dataset="compstat-reports")
    assert ask("SELECT count(*) FROM cpdi.audit") == [(0,)]

"""What goes wrong before a feed is looked at is a run like any other: failed, with a reason, and told to staff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.search import rebuild
from click.testing import CliRunner
from helpers import datastore, harvest
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.cli import cpdi
from ckanext.cpdi.jobs import load
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.rows import read_places

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

DAMAGES = {
    "empty": lambda whole: b"",
    "cut": lambda whole: whole[: len(whole) // 2],
    "another kind of file": lambda whole: b'{"type": "FeatureCollection", "features": []}',
    "overwritten": lambda whole: whole[:200] + b"\0" * (len(whole) - 400) + whole[-200:],
}


@pytest.fixture
def places(folders, tmp_path) -> Path:
    """The places file of a portal after its first night."""
    night(tmp_path)
    return config.places_path("charleston")


def night(folder: Path, count: int = 100, **more):
    path = write_calls(folder / "calls.csv", range(1, count + 1))
    report = load.run(DATASET, str(path), label="calls", trusted_path=True, **more)
    if report.state in ("published", "unchanged"):
        publish.publish(DATASET, publish.profile_of(DATASET))
    return report


def last_run():
    with config.store() as store:
        return store.ledger.runs(DATASET, limit=1)[0]


def health(app) -> dict:
    return json.loads(app.get("/healthz").get_data(as_text=True))


@pytest.mark.parametrize("kind", DAMAGES)
def test_a_damaged_places_file_is_a_failed_run_with_a_reason_and_staff_are_told(
    kind, places, tmp_path, inbox, app, caplog
):
    places.write_bytes(DAMAGES[kind](places.read_bytes()))
    report = night(tmp_path, 120)
    assert (report.state, last_run().state, last_run().id) == ("failed", "failed", report.run)
    assert "places file charleston.zip cannot be used: it is damaged" in last_run().message
    assert inbox.subjects == [f"Calls for Service and Officer Initiated Calls: run {report.run} failed"]
    assert "ckan cpdi places --from FILE --again" in inbox.body()
    assert health(app)["runs"][DATASET]["state"] == "failed"
    assert datastore.rows(resource_id(DATASET)) == 100
    assert "Traceback" not in caplog.text


def test_a_job_of_a_damaged_places_file_is_closed_with_the_reason(places, folders):
    places.write_bytes(b"")
    write_calls(folders["drop"] / "calls.csv", range(1, 121))
    job = harvest.start(harvest.source())
    Worker().run(drain=True)
    assert harvest.job(job)["status"] == "Finished"
    [message] = harvest.messages(job)
    assert "places file charleston.zip cannot be used" in message


def test_pages_and_commands_say_what_is_wrong_with_a_places_file(places, app, sysadmin, tmp_path):
    places.write_bytes(b"PK")
    page = app.get("/status/approval", extra_environ={}, headers=sysadmin["headers"])
    assert page.status_code == 200
    assert "places file charleston.zip cannot be used" in page.get_data(as_text=True)
    feed = write_calls(tmp_path / "more.csv", range(1, 121))
    for command in (
        ["approve", DATASET],
        ["places"],
        ["risk", DATASET, "--feed", str(feed)],
        ["load", DATASET, str(feed)],
    ):
        done = CliRunner().invoke(cpdi, command)
        assert done.exit_code == 1
        assert "cannot be used: it is damaged" in done.output
        assert "Traceback" not in done.output


def test_a_damaged_places_file_is_made_anew_at_the_operators_word_alone(places, tmp_path):
    places.write_bytes(b"")
    feed = write_calls(tmp_path / "calls.csv", range(1, 101))
    assert CliRunner().invoke(cpdi, ["places", "--from", str(feed)]).exit_code == 1
    done = CliRunner().invoke(cpdi, ["places", "--from", str(feed), "--again"])
    assert done.exit_code == 0, done.output
    assert night(tmp_path, 100, force=True).state in ("published", "unchanged")


def test_a_run_that_was_held_makes_no_places(folders, tmp_path):
    """Half of its times cannot be read: whatever stands in its other columns is trusted as little."""
    path = write_calls(tmp_path / "calls.csv", range(1, 101))
    path.write_text(
        path.read_text()
        .replace("03/01/2025", "the first of March")
        .replace("03/02/2025", "the second")
        .replace("03/03/2025", "x")
    )
    report = load.run(DATASET, str(path), label="calls", trusted_path=True)
    assert report.state == "held", report.message
    assert not config.places_path("charleston").exists()
    assert night(tmp_path).state == "published"
    assert read_places(config.places_path("charleston"), config.secret()).units.height


def test_a_look_at_a_feed_makes_no_places(folders, tmp_path):
    feed = write_calls(tmp_path / "calls.csv", range(1, 101))
    assert CliRunner().invoke(cpdi, ["risk", DATASET, "--feed", str(feed)]).exit_code == 0
    assert not config.places_path("charleston").exists()


def test_a_gap_in_the_order_of_the_resources_is_closed_and_the_night_is_published(tmp_path):
    """CKAN takes a resource's number for its place in the list: a gap makes each update of the dataset fail."""
    night(tmp_path)
    model.Session.execute(
        sa.text("UPDATE resource SET position = position + 1 WHERE package_id = :id AND position > 1"),
        {"id": model.Package.get(DATASET).id},
    )
    model.Session.commit()
    model.Session.remove()
    rebuild(model.Package.get(DATASET).id)
    assert night(tmp_path, 120).state == "published"
    found = sorted(model.Package.get(DATASET).resources, key=lambda one: one.position)
    assert [one.position for one in found] == list(range(len(found)))
    assert len(found) == 5


def test_a_dataset_that_cannot_be_made_ready_is_a_failed_run(tmp_path, inbox):
    package = model.Package.get(DATASET)
    package.type = "dataset"
    model.repo.commit()
    report = night(tmp_path)
    assert (report.state, last_run().id) == ("failed", report.run)
    assert "of type dataset, which is declared as incident-table" in last_run().message
    assert inbox.subjects[0].endswith("failed")


def test_a_profile_that_cannot_be_used_is_a_failed_run_by_hand_and_by_a_source(
    folders, tmp_path, ckan_config, monkeypatch, inbox
):
    profiles = tmp_path / "profiles"
    profiles.mkdir()
    (profiles / "atlantis.yaml").write_text("name: [not one]\n")
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.profiles", [str(profiles)])
    report = night(tmp_path, profile="atlantis")
    assert (report.state, last_run().id) == ("failed", report.run)
    assert "atlantis.yaml" in last_run().message
    text = (Path(config.profile().folder) / "charleston.yaml").read_text()
    (profiles / "other.yaml").write_text(text.replace("charleston/", f"{config.profile().folder}/charleston/"))
    source = harvest.source(config=json.dumps({"dataset": DATASET, "profile": "other"}))
    (profiles / "other.yaml").unlink()
    config.declarations.cached_profile.cache_clear()
    job = harvest.start(source)
    Worker().run(drain=True)
    assert harvest.job(job)["status"] == "Finished"
    assert last_run().id > report.run
    assert "no profile 'other'" in last_run().message


def test_what_nobody_foresaw_in_a_run_is_a_failed_run_without_its_words(tmp_path, monkeypatch, app):
    from ckanext.cpdi.pipeline import table_load

    def panic(*_):
        raise TypeError("cannot convert the value 120 Secret St")

    monkeypatch.setattr(table_load, "process", panic)
    report = night(tmp_path)
    assert (report.state, last_run().state) == ("failed", "failed")
    assert report.message == f"The portal failed while it did run {report.run} (TypeError); the log says why."
    assert health(app)["runs"][DATASET]["state"] == "failed"


def test_a_panic_of_the_columns_library_is_a_failed_run_too(tmp_path, monkeypatch):
    from polars.exceptions import PanicException

    from ckanext.cpdi.pipeline import run as nights

    assert not issubclass(PanicException, Exception)

    def panic(*_):
        raise PanicException("index out of bounds")

    monkeypatch.setattr(nights, "open_feed", panic)
    assert night(tmp_path).state == "failed"
    assert "PanicException" in last_run().message

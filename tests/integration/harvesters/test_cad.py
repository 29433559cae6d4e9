"""Real nights through CKAN's harvester: a feed in the drop folder becomes rows, files and a job that tells of it."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action
from helpers import datastore, harvest
from helpers.feeds import write_calls

from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

DATASET = "calls-for-service"


@pytest.fixture
def source(folders):
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    return harvest.source()


def reharvest(source_id):
    job_id = harvest.start(source_id)
    Worker().run(drain=True)
    job = harvest.job(job_id)
    assert job["status"] == "Finished"
    return job


def test_a_night_publishes_rows_files_and_numbers(app, source, folders):
    stats = reharvest(source)["stats"]
    assert stats == {"added": 100, "updated": 0, "deleted": 0, "not modified": 0, "errored": 0}
    assert datastore.rows(resource_id(DATASET)) == 100
    assert len(app.get(f"/data/{DATASET}.csv").body.splitlines()) == 101
    assert call_action("resource_show", id=resource_id(DATASET))["rows"] == 100


def test_the_next_nights_change_what_the_feed_changed(source, folders):
    reharvest(source)
    assert reharvest(source)["stats"]["added"] == 0
    write_calls(folders["drop"] / "calls.csv", range(11, 121))
    stats = reharvest(source)["stats"]
    assert (stats["added"], stats["updated"], stats["deleted"], stats["not modified"]) == (20, 0, 10, 90)


def test_a_bad_feed_is_told_on_the_job_and_the_data_stay(source, folders):
    reharvest(source)
    (folders["drop"] / "calls.csv").write_text("<html><body>Sign in, please</body></html>")
    job = reharvest(source)
    assert job["stats"]["errored"] == 1
    (error,) = job["object_error_summary"]
    assert "web page" in error["message"]
    assert "Traceback" not in error["message"]
    (folders["drop"] / "calls.csv").unlink()
    assert reharvest(source)["stats"]["errored"] == 1
    write_calls(folders["drop"] / "calls.csv", range(1, 4))
    assert "shrink" in reharvest(source)["object_error_summary"][0]["message"]
    assert datastore.rows(resource_id(DATASET)) == 100


def test_a_run_heals_files_that_a_crash_left_behind(source, folders):
    from ckanext.cpdi.jobs import tick

    reharvest(source)
    for path in (folders["files"] / DATASET).glob("all.*.csv.gz"):
        path.unlink()
    assert tick.tick().built == 1
    assert list((folders["files"] / DATASET).glob("all.*.csv.gz"))
    assert tick.tick().built == 0

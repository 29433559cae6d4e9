"""Whatever happens to a harvest job, it ends, says why in words, and the next one can start."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import time

import pytest
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource
from helpers import harvest, queues

from ckanext.cpdi.jobs import recovery, stages, tick
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.pipeline.claim import claim, is_free
from ckanext.cpdi.pipeline.report import NightReport

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")


def good(dataset, location, profile="", *, label, **more):
    return NightReport(7, dataset, "published", read=9, published=9, added=4, changed=3, removed=2, unchanged=2)


def broken(*args, **more):
    raise RuntimeError("secret of the feed: 12 King St")


def test_reharvest_in_the_web_form_runs_with_the_worker_and_shows_rows(app, sysadmin, monkeypatch):
    harvest.night(monkeypatch, good)
    source_id = harvest.source()
    answer = app.post(f"/harvest/refresh/{source_id}", headers=sysadmin["headers"], follow_redirects=False)
    assert answer.status_code in (301, 302)
    assert queues.waiting()["gather"]
    assert Worker().run(drain=True) == 2
    status = call_action("harvest_source_show_status", id=source_id)
    assert status["last_job"]["status"] == "Finished"
    assert status["last_job"]["stats"] == {"added": 4, "updated": 3, "deleted": 2, "not modified": 2, "errored": 0}
    page = app.get("/harvest/admin/night", headers=sysadmin["headers"])
    assert "Finished" in page.body
    assert queues.waiting() == {"gather": [], "fetch": []}


def test_everybody_sees_no_more_than_the_run_in_a_harvest_object(app, monkeypatch):
    harvest.night(monkeypatch, good)
    job_id = harvest.start(harvest.source())
    Worker().run(drain=True)
    (found,) = HarvestJob.get(job_id).objects
    assert found.content == "7"
    assert app.get(f"/harvest/object/{found.id}").body.strip() == "7"


def test_an_exception_ends_as_words_on_a_finished_job_and_the_next_job_can_start(monkeypatch):
    harvest.night(monkeypatch, broken)
    source_id = harvest.source()
    for _ in range(2):
        job_id = harvest.start(source_id)
        Worker().run(drain=True)
        assert harvest.job(job_id)["status"] == "Finished"
        assert harvest.job(job_id)["stats"]["errored"] == 1
        (message,) = harvest.messages(job_id)
        assert "the log says why" in message
        assert "King St" not in message


def test_a_failed_night_says_on_the_job_what_the_ledger_says(monkeypatch):
    harvest.night(monkeypatch, lambda dataset, *args, **more: NightReport(8, dataset, "held", message="Half is gone."))
    job_id = harvest.start(harvest.source())
    Worker().run(drain=True)
    assert harvest.messages(job_id) == ["Half is gone."]
    assert harvest.job(job_id)["status"] == "Finished"


def test_an_exception_in_gather_ends_the_job(monkeypatch):
    from ckanext.cpdi.harvesters.nightly import NightlyHarvester

    monkeypatch.setattr(NightlyHarvester, "gather_stage", lambda self, job: 1 / 0)
    job_id = harvest.start(harvest.source())
    Worker().run(drain=True)
    assert harvest.job(job_id)["status"] == "Finished"
    assert harvest.messages(job_id)


def test_a_source_that_became_wrong_ends_its_job_with_words():
    source_id = harvest.source()
    HarvestSource.get(source_id).config = '{"dataset": "gone"}'
    model.Session.commit()
    job_id = harvest.start(source_id)
    Worker().run(drain=True)
    assert "dataset: 'gone' is not known here; there are calls-for-service" in harvest.messages(job_id)[0]
    assert harvest.job(job_id)["status"] == "Finished"


def test_a_message_that_comes_twice_is_done_once(monkeypatch):
    runs = []
    harvest.night(monkeypatch, lambda *args, **more: runs.append(1) or good(*args, **more))
    job_id = harvest.start(harvest.source())
    (object_id,) = stages.gather(job_id)
    stages.work(object_id)
    stages.work(object_id)
    assert stages.gather(job_id) == []
    assert len(runs) == 1


def test_what_somebody_works_on_is_left_alone(monkeypatch):
    harvest.night(monkeypatch, broken)
    job_id = harvest.start(harvest.source())
    with claim(job_id) as mine:
        assert mine
        assert stages.gather(job_id) == []
        assert recovery.requeue() == 0
    (object_id,) = stages.gather(job_id)
    with claim(object_id):
        stages.work(object_id)
        assert HarvestObject.get(object_id).state == "WAITING"


def test_messages_lost_in_redis_come_back_with_the_next_tick(monkeypatch):
    harvest.night(monkeypatch, good)
    job_id = harvest.start(harvest.source())
    queues.purge()
    assert tick.tick().queued == 1
    assert queues.waiting()["gather"] == [job_id]
    (object_id,) = stages.gather(job_id)
    queues.purge()
    tick.tick()
    tick.tick()
    assert queues.waiting()["fetch"] == [object_id]
    assert Worker().run(drain=True) == 1
    assert harvest.job(job_id)["status"] == "Finished"


@pytest.mark.parametrize("sweep", [tick.tick, lambda: Worker().run(drain=True)])
def test_the_feed_of_a_killed_run_goes_with_the_next_tick_or_worker(folders, sweep):
    left = folders["private"] / "spool" / "cpdi-feed-killed"
    left.mkdir(parents=True)
    (left / "feed").write_text("12 Secret St", encoding="utf-8")
    sweep()
    assert not left.exists()


def _hold(name, held):
    """Hold a claim in a process of its own until killed."""
    model.meta.engine.dispose(close=False)
    with claim(name):
        held.set()
        time.sleep(60)


def test_the_claim_of_a_killed_worker_is_free_and_its_work_is_done_again(monkeypatch):
    harvest.night(monkeypatch, good)
    job_id = harvest.start(harvest.source())
    queues.purge()
    (object_id,) = stages.gather(job_id)
    found = HarvestObject.get(object_id)
    found.state = "IMPORT"
    found.save()
    fork = multiprocessing.get_context("fork")
    held = fork.Event()
    worker = fork.Process(target=_hold, args=(object_id, held))
    worker.start()
    assert held.wait(20)
    assert not is_free(object_id)
    assert recovery.requeue() == 0
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()
    until = time.monotonic() + 10
    while not is_free(object_id) and time.monotonic() < until:
        time.sleep(0.05)
    assert recovery.requeue() == 1
    Worker().run(drain=True)
    assert harvest.job(job_id)["status"] == "Finished"
    assert harvest.messages(job_id) == []


def test_work_that_kills_its_worker_every_time_is_given_up(monkeypatch):
    job_id = harvest.start(harvest.source())
    (object_id,) = stages.gather(job_id)
    found = HarvestObject.get(object_id)
    found.state, found.retry_times = "IMPORT", stages.TRIES
    found.save()
    stages.work(object_id)
    stages.close(found.harvest_source_id)
    assert "cut short 3 times" in harvest.messages(job_id)[0]
    assert harvest.job(job_id)["status"] == "Finished"


def test_a_job_that_no_worker_takes_is_ended_with_words_after_a_while():
    job_id = harvest.start(harvest.source())
    found = HarvestJob.get(job_id)
    found.created = found.created.replace(year=2020)
    found.save()
    assert tick.tick().ended == 1
    assert "Does `ckan cpdi worker` run?" in harvest.messages(job_id)[0]
    assert harvest.job(job_id)["status"] == "Finished"


def test_a_tick_starts_what_is_due_once():
    source_id = harvest.source(frequency="DAILY")
    tick.tick()
    (first,) = queues.waiting()["gather"]
    tick.tick()
    assert queues.waiting()["gather"] == [first]
    assert HarvestJob.get(first).source_id == source_id


def test_a_fault_in_one_step_of_a_tick_stops_no_other(monkeypatch):
    monkeypatch.setattr(recovery, "end_late", lambda: 1 / 0)
    harvest.source(frequency="DAILY")
    done = tick.tick()
    assert done.faults == ("ending jobs",)
    assert queues.waiting()["gather"]


def test_two_ticks_do_not_meet():
    with claim("cpdi tick"):
        assert tick.tick().skipped


def test_nonsense_in_a_queue_stops_no_worker(monkeypatch):
    from ckanext.harvest import queue

    harvest.night(monkeypatch, good)
    connection = queue.get_connection()
    for body in ("no json", '{"other": 1}', '{"harvest_job_id": "missing"}', "[]"):
        connection.rpush(queue.get_gather_routing_key(), body)
    job_id = harvest.start(harvest.source())
    Worker().run(drain=True)
    assert harvest.job(job_id)["status"] == "Finished"


def test_a_worker_ends_at_sigterm(root, ckan_config):
    command = [root / ".run/venv/bin/ckan", "-c", ckan_config["__file__"], "cpdi", "worker"]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert worker.stdout.readline() == "waiting for harvest jobs\n"
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(15) == 0
    assert worker.stdout.read() == "0 messages done\n"


def test_one_run_in_one_process_needs_no_queue(monkeypatch):
    harvest.night(monkeypatch, good)
    source_id = harvest.source()
    left = harvest.start(source_id)
    queues.purge()
    job_id = stages.run_now(source_id)
    assert queues.waiting() == {"gather": [], "fetch": []}
    assert harvest.job(job_id)["status"] == "Finished"
    assert "start it again" in harvest.messages(left)[0]

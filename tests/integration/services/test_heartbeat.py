"""Who does the nights gives signs of life; where they stop, machines and staff are told."""

from __future__ import annotations

import signal
import subprocess
import time
from datetime import UTC, datetime, timedelta

import pytest
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckanext.harvest.model import HarvestSource
from helpers import datastore, harvest

from ckanext.cpdi.jobs import recovery, stages, tick
from ckanext.cpdi.jobs.planner import start_due
from ckanext.cpdi.pipeline.report import NightReport
from ckanext.cpdi.services import heartbeat
from ckanext.cpdi.services.heartbeat import beat, heartbeats, pulse

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")


def health(app):
    return app.get("/healthz").json


def test_before_the_first_source_nobody_is_missed(app):
    answer = health(app)
    assert answer["status"] == "ok"
    assert answer["processes"]["tick"] == answer["processes"]["worker"] == {"state": "none", "last": None}


def test_a_portal_with_a_source_and_nobody_to_harvest_it_is_late(app):
    harvest.source()
    answer = health(app)
    assert answer["status"] == "late"
    assert answer["processes"]["worker"]["state"] == "silent"
    tick.tick()
    beat("worker")
    answer = health(app)
    assert answer["status"] == "ok"
    assert {one["state"] for one in answer["processes"].values()} == {"ok"}
    assert datetime.now(UTC) - datetime.fromisoformat(answer["processes"]["tick"]["last"]) < timedelta(minutes=1)


def test_a_process_that_stopped_is_silent_after_the_declared_time(app, ckan_config, monkeypatch):
    harvest.source()
    tick.tick()
    beat("worker")
    assert heartbeats(datetime.now(UTC) + timedelta(minutes=14))["worker"].silent is False
    assert heartbeats(datetime.now(UTC) + timedelta(minutes=16))["worker"].silent is True
    monkeypatch.setitem(ckan_config, "ckanext.cpdi.silent_after", 0)
    assert health(app)["status"] == "late"


def test_a_tick_of_which_a_step_failed_gives_no_sign(monkeypatch):
    monkeypatch.setattr(recovery, "end_late", lambda: 1 / 0)
    tick.tick()
    assert heartbeats()["tick"].at is None


def test_a_pulse_goes_on_during_a_long_step_and_ends_with_it(monkeypatch):
    monkeypatch.setattr(heartbeat, "_BEAT_SECONDS", 0.05)
    with pulse("worker"):
        until = time.monotonic() + 10
        while (first := heartbeats()["worker"].at) is None and time.monotonic() < until:
            time.sleep(0.01)
        time.sleep(0.4)
        assert heartbeats()["worker"].at > first
    last = heartbeats()["worker"].at
    time.sleep(0.2)
    assert heartbeats()["worker"].at == last


def test_what_no_portal_wrote_is_no_sign():
    connect_to_redis().set(heartbeat._key("worker"), "yesterday")
    assert heartbeats()["worker"] == heartbeat.Heartbeat("worker", None, silent=True)


def test_a_worker_gives_a_sign_as_a_process(root, ckan_config):
    command = [root / ".run/venv/bin/ckan", "-c", ckan_config["__file__"], "cpdi", "worker"]
    worker = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert worker.stdout.readline() == "waiting for harvest jobs\n"
        until = time.monotonic() + 20
        while heartbeats()["worker"].silent and time.monotonic() < until:
            time.sleep(0.1)
        assert not heartbeats()["worker"].silent
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)


def test_a_run_that_is_due_and_did_not_come_is_late(app):
    source_id = harvest.source(frequency="DAILY")
    tick.tick()
    beat("worker")
    assert health(app)["sources"]["night"]["state"] == "ok"
    HarvestSource.get(source_id).next_run = datetime(2020, 1, 1, 7, 30)
    model.Session.commit()
    answer = health(app)
    assert answer["sources"]["night"] == {"state": "late", "due": "2020-01-01T07:30:00+00:00"}
    assert answer["status"] == "late"


def test_a_job_that_failed_before_it_had_a_run_is_failed_and_a_good_one_puts_it_right(app, monkeypatch):
    harvest.night(monkeypatch, lambda dataset, *args, **more: NightReport(3, dataset, "published"))
    source_id = harvest.source(frequency="DAILY")
    good = HarvestSource.get(source_id).config
    HarvestSource.get(source_id).config = '{"dataset": "gone"}'
    model.Session.commit()
    stages.run_now(source_id)
    start_due(datetime(2030, 1, 1, 12, tzinfo=UTC))
    assert health(app)["sources"]["night"]["state"] == "failed"
    HarvestSource.get(source_id).config = good
    model.Session.commit()
    stages.run_now(source_id)
    assert health(app)["sources"]["night"]["state"] == "ok"


def test_a_run_that_failed_or_is_held_is_told_by_the_ledger(app, monkeypatch):
    """A job whose run failed is mended by any good run of the dataset, so the job itself does not count."""
    datastore.publish()
    harvest.night(monkeypatch, lambda dataset, *args, **more: NightReport(4, dataset, "held", message="Half is gone."))
    stages.run_now(harvest.source(frequency="DAILY"))
    answer = health(app)
    assert answer["sources"]["night"]["state"] == "ok"
    assert answer["runs"]["calls-for-service"]["state"] == "ok"


def test_reharvest_without_a_worker_tells_staff_so_and_with_one_does_not(app, sysadmin):
    source_id = harvest.source()
    page = app.post(f"/harvest/refresh/{source_id}", headers=sysadmin["headers"])
    assert "no worker has given a sign" in page.body
    connect_to_redis().set(heartbeat._key("worker"), "2026-03-08T12:00:00+00:00")
    page = app.get("/harvest/admin/night", headers=sysadmin["headers"])
    assert "the last sign of a worker came on 8 Mar 2026, 8:00" in page.body
    beat("worker")
    page = app.get("/harvest/admin/night", headers=sysadmin["headers"])
    assert "Nobody takes harvest jobs" not in page.body


def test_without_redis_there_is_no_sign_and_no_error(monkeypatch):
    import redis

    gone = redis.Redis(port=1)
    monkeypatch.setattr(heartbeat, "connect_to_redis", lambda: gone)
    beat("worker")
    assert heartbeats()["worker"].at is None

"""Redis, Solr and PostgreSQL stop and come back: the worker, a process of its own, goes on by itself, and a tick heals.

Redis is one that the test starts and kills; Solr and PostgreSQL are the tests' own, behind a line that is cut.
"""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest
import redis
from ckan.lib import redis as ckan_redis
from ckan.plugins import toolkit as tk
from helpers import datastore, harvest, queues
from helpers.feeds import DATASET, write_calls
from helpers.ports import end, free_port, wait_for
from helpers.relay import relay

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.jobs import tick
from ckanext.cpdi.jobs.worker import Worker

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")


class Redis:
    """A Redis without memory: what waits in it is lost when it is killed."""

    def __init__(self, folder: Path) -> None:
        self.port, self._folder = free_port(), folder
        self.start()

    def start(self) -> None:
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--dir",
            str(self._folder),
            "--save",
            "",
            "--bind",
            "127.0.0.1",
        ]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_for(self.port, self._process)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        end(self._process)


@pytest.fixture
def own_redis(tmp_path, ckan_config):
    made = Redis(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ckan_config, "ckan.redis.url", f"redis://127.0.0.1:{made.port}/0")
        patch.setattr(ckan_redis, "_connection_pool", None)
        yield made
    made.stop()


@pytest.fixture
def lines(ckan_config):
    """The lines to PostgreSQL and Solr that only the worker uses, by service."""
    ports = {name: int(re.search(r":(\d+)/", ckan_config[key])[1]) for name, key in KEYS.items()}
    with relay(ports["postgres"]) as postgres, relay(ports["solr"]) as solr:
        yield {"postgres": postgres, "solr": solr}


KEYS = {"postgres": "sqlalchemy.url", "solr": "solr_url"}


@pytest.fixture
def worker(root, ckan_config, folders, own_redis, lines, tmp_path):
    """A worker with this test's folders and Redis, behind ``lines``; it has to be alive at the end."""
    text = Path(ckan_config["__file__"]).read_text()
    for name, key in KEYS.items():
        text = text.replace(re.search(r":\d+/", ckan_config[key])[0], f":{lines[name].port}/")
    text = re.sub(r"(?m)^ckan\.redis\.url = .*", f"ckan.redis.url = {ckan_config['ckan.redis.url']}", text)
    for name, folder in folders.items():
        text = re.sub(rf"(?m)^(ckanext\.cpdi\.{name}_path) = .*", rf"\1 = {folder}", text)
    ini = tmp_path / "worker.ini"
    ini.write_text(text)
    with (tmp_path / "worker.log").open("wb") as log:
        command = [root / ".run/venv/bin/ckan", "-c", ini, "cpdi", "worker"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout.readline() == "waiting for harvest jobs\n"
        yield process
        assert process.poll() is None, (tmp_path / "worker.log").read_text()
    finally:
        end(process)


def wait(what, seconds=90):
    """Wait until ``what()`` is true."""
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.2)


def finished(job):
    return harvest.job(job)["status"] == "Finished"


def runs():
    with config.store() as store:
        return [one.state for one in store.ledger.runs(DATASET)]


def catalogued():
    return tk.get_action("resource_show")({"ignore_auth": True}, {"id": resource_id(DATASET)}).get("rows")


@pytest.fixture
def source(folders):
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    return harvest.source()


def test_a_redis_that_was_killed_and_lost_its_queues_costs_no_job(worker, own_redis, source):
    own_redis.kill()
    with pytest.raises(redis.ConnectionError):
        harvest.start(source)
    assert tick.tick().faults  # told to cron, which tries again in five minutes
    time.sleep(2)
    own_redis.start()
    assert tick.tick().queued == 1
    job = tk.get_action("harvest_source_show_status")({"ignore_auth": True, "user": ""}, {"id": source})["last_job"][
        "id"
    ]
    wait(lambda: finished(job))
    assert harvest.messages(job) == []
    assert runs() == ["published"]


def test_a_redis_that_says_nothing_any_more_is_left_after_seconds(own_redis, ckan_config):
    """A line that is lost without a word would hold a worker for as long as its client waits."""
    with relay(own_redis.port) as line, pytest.MonkeyPatch.context() as patch:
        patch.setitem(ckan_config, "ckan.redis.url", f"redis://127.0.0.1:{line.port}/0")
        Worker().run(drain=True)
        line.dry_up()
        began = time.monotonic()
        with pytest.raises(redis.TimeoutError):
            Worker().run(drain=True)
        assert time.monotonic() - began < 60


def test_a_search_index_that_stops_while_a_night_is_published_is_caught_up(worker, lines, source):
    lines["solr"].away()
    job = harvest.start(source)
    wait(lambda: datastore.rows(resource_id(DATASET)) == 100)
    wait(lambda: runs() == ["published"])
    time.sleep(3)
    lines["solr"].back()
    wait(lambda: not tick.tick().faults and finished(job))
    assert runs() == ["published"]
    assert catalogued() == 100


def test_a_database_that_restarts_between_two_nights_costs_no_job(worker, lines, source):
    first = harvest.start(source)
    wait(lambda: finished(first))
    lines["postgres"].away()
    second = harvest.start(source)
    wait(lambda: not queues.waiting()["gather"])  # the worker took it, and could not do it
    time.sleep(1)
    assert not finished(second)
    lines["postgres"].back()
    assert tick.tick().queued == 1
    wait(lambda: finished(second))
    assert harvest.messages(second) == []
    assert runs() == ["unchanged", "published"]


def test_a_database_that_restarts_within_a_night_leaves_the_old_rows_and_the_night_comes_again(
    worker, lines, source, folders
):
    first = harvest.start(source)
    wait(lambda: finished(first))
    write_calls(folders["drop"] / "calls.csv", range(1, 60_000))
    second = harvest.start(source)
    wait(lambda: runs()[0] == "running")
    lines["postgres"].away()
    time.sleep(1)
    assert datastore.rows(resource_id(DATASET)) == 100
    lines["postgres"].back()
    wait(lambda: tick.tick() and finished(second), 180)
    assert datastore.rows(resource_id(DATASET)) > 100
    assert runs()[0] == "published"

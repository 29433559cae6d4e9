"""Two workers side by side: two datasets at once, one dataset never twice."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from helpers import harvest
from helpers.feeds import DATASET, write_calls

from ckanext.cpdi.jobs import load, stages
from ckanext.cpdi.jobs.worker import Worker
from ckanext.cpdi.pipeline.claim import DatasetBusy, dataset_claim

pytestmark = pytest.mark.usefixtures("portal", "clean_queues")

CITATIONS = "electronic-citations"


class Source(ThreadingHTTPServer):
    """Serves feeds by path, and notes how many are asked for at once; each answer waits until ``enough`` are, or a
    second has passed.
    """

    def __init__(self, feeds, enough):
        super().__init__(("127.0.0.1", 0), Answer)
        self.feeds, self.enough = feeds, enough
        self.now = self.most = 0
        self.met = threading.Condition()

    def url(self, name):
        return f"http://127.0.0.1:{self.server_port}/{name}"


class Answer(BaseHTTPRequestHandler):
    server: Source

    def do_GET(self):
        here = self.server
        with here.met:
            here.now += 1
            here.most = max(here.most, here.now)
            here.met.notify_all()
            here.met.wait_for(lambda: here.most >= here.enough, timeout=60 if here.enough > 1 else 1)
        try:
            body = here.feeds[self.path.strip("/")]
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        finally:
            with here.met:
                here.now -= 1

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[object]:
    started = []

    def start(feeds, enough=1):
        started.append(Source(feeds, enough))
        threading.Thread(target=started[-1].serve_forever, daemon=True).start()
        return started[-1]

    yield start
    for one in started:
        one.shutdown()
        one.server_close()


@pytest.fixture
def two_workers(root, ckan_config):
    """Start two workers that end when the queues are empty; wait for both."""

    def run():
        command = [root / ".run/venv/bin/ckan", "-c", ckan_config["__file__"], "cpdi", "worker", "--drain"]
        workers = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in range(2)]
        for one in workers:
            _, said = one.communicate(timeout=300)
            assert one.returncode == 0, said.decode()

    return run


def feed_of_calls(path):
    return write_calls(path, range(1, 101)).read_bytes()


def feed_of_citations(path):
    from ckanext.cpdi import config
    from ckanext.cpdi.sample import write_citations

    write_citations(path, config.profile(), 100, 1)
    return path.read_bytes()


def source(server, name, dataset):
    return harvest.source(server.url(name), config=f'{{"dataset": "{dataset}"}}', name=name.partition(".")[0])


def runs(dataset):
    from ckanext.cpdi import config

    with config.store() as store:
        return store.ledger.runs(dataset)


def test_the_runs_of_two_datasets_go_side_by_side(tmp_path, serve, two_workers):
    feeds = {"calls.csv": feed_of_calls(tmp_path / "1.csv"), "citations.csv": feed_of_citations(tmp_path / "2.csv")}
    server = serve(feeds, enough=2)
    started = [
        harvest.start(source(server, "calls.csv", DATASET)),
        harvest.start(source(server, "citations.csv", CITATIONS)),
    ]
    two_workers()
    assert server.most == 2
    assert [harvest.messages(one) for one in started] == [[], []]
    for dataset in (DATASET, CITATIONS):
        assert [one.state for one in runs(dataset)] == ["published"]


def test_two_runs_of_one_dataset_never_overlap_and_both_are_done(tmp_path, serve, two_workers):
    feed = feed_of_calls(tmp_path / "1.csv")
    server = serve({"one.csv": feed, "two.csv": feed})
    started = [harvest.start(source(server, name, DATASET)) for name in ("one.csv", "two.csv")]
    two_workers()
    assert server.most == 1
    assert [(harvest.job(one)["status"], harvest.messages(one)) for one in started] == [("Finished", [])] * 2
    second, first = runs(DATASET)
    assert first.finished <= second.started
    assert [first.state, second.state] == ["published", "unchanged"]


def test_a_second_run_waits_in_the_queue_and_counts_as_no_try(folders):
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    job_id = harvest.start(harvest.source())
    (object_id,) = stages.gather(job_id)
    with dataset_claim(DATASET):
        for _ in range(stages.TRIES + 2):
            assert not stages.work(object_id)
        worker = Worker()
        thread = threading.Timer(1.5, worker.stop)
        thread.start()
        worker.run()
        thread.join()
    assert runs(DATASET) == []
    Worker().run(drain=True)
    stages.work(object_id)
    stages.close(harvest.job(job_id)["source_id"])
    assert (harvest.job(job_id)["status"], harvest.messages(job_id)) == ("Finished", [])
    assert [one.state for one in runs(DATASET)] == ["published"]


def test_a_load_by_hand_says_in_words_that_another_is_at_work(tmp_path):
    path = write_calls(tmp_path / "calls.csv", range(1, 11))
    with dataset_claim(DATASET), pytest.raises(DatasetBusy, match="Another run of calls-for-service is at work"):
        load.run(DATASET, str(path), label="calls", trusted_path=True)
    assert runs(DATASET) == []
    assert load.run(DATASET, str(path), label="calls", trusted_path=True).state == "published"


def test_a_run_in_this_process_waits_for_the_one_at_work(folders):
    write_calls(folders["drop"] / "calls.csv", range(1, 101))
    source_id, held, ended = harvest.source(), threading.Event(), []

    def other():
        with dataset_claim(DATASET):
            held.set()
            time.sleep(2.5)
            ended.append(time.monotonic())

    thread = threading.Thread(target=other)
    thread.start()
    assert held.wait(10)
    job_id = stages.run_now(source_id)
    assert ended
    thread.join()
    assert harvest.messages(job_id) == []
    assert [one.state for one in runs(DATASET)] == ["published"]

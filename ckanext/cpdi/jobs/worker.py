"""The process that does harvest jobs: it takes messages from both queues of ckanext-harvest, one after the other.

Several workers may share the queues; of two runs of a dataset the second waits there. A worker survives every error of
a job, of Redis and of the database. At SIGTERM it ends after the current message.
"""

from __future__ import annotations

import json
import logging
import signal
from contextlib import nullcontext
from threading import Event
from types import FrameType

from ckan import model
from redis import RedisError

from ckanext.cpdi import config
from ckanext.cpdi.feeds import sweep
from ckanext.cpdi.jobs import stages
from ckanext.cpdi.jobs.ckan_harvest import HarvestJob, HarvestObject, queue
from ckanext.cpdi.services.heartbeat import pulse

log = logging.getLogger(__name__)

POLL_SECONDS = 1
"""How long the worker waits for a message before it checks whether it is to stop."""
AT_ONCE = 0.001
"""How long it waits where it stops at an empty queue; 0 would mean forever."""
PAUSE_SECONDS = 5
"""How long it waits after an error of Redis or the database."""


class Worker:
    """Takes messages until it is stopped."""

    def __init__(self) -> None:
        """Make a worker that has not been stopped."""
        self._stopping = Event()

    def stop_on_signals(self) -> None:
        """Stop after the current message at SIGTERM and SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def stop(self) -> None:
        """Stop after the current message."""
        self._stopping.set()

    def run(self, *, drain: bool = False) -> int:
        """Work on messages, with ``drain`` until the queues are empty; return how many were done.

        Spooled feeds of killed workers are removed first.
        """
        sweep(config.spool_path())
        with nullcontext() if drain else pulse("worker"):
            return self._run(drain=drain)

    def _run(self, *, drain: bool) -> int:
        done = 0
        while not self._stopping.is_set():
            try:
                if self._step(AT_ONCE if drain else POLL_SECONDS):
                    done += 1
                elif drain:
                    break
            except Exception as error:
                # Redis or the database is away. Nothing is lost: `tick` queues unfinished work again.
                log.log(logging.WARNING if isinstance(error, RedisError) else logging.ERROR, "%r", error)
                if drain:
                    raise
                self._stopping.wait(PAUSE_SECONDS)
            finally:
                model.Session.remove()
        return done

    def _step(self, seconds: float) -> bool:
        """Work on one message, objects before jobs; return False where none came within ``seconds``."""
        keys = [queue.get_fetch_routing_key(), queue.get_gather_routing_key()]
        message = queue.get_connection().blpop(keys, timeout=seconds)
        if message is None:
            return False
        key, body = message
        try:
            content = json.loads(body)
            if key == keys[0]:
                self._work(content["harvest_object_id"])
            else:
                self._gather(content["harvest_job_id"])
        except (ValueError, KeyError, TypeError):
            log.error("a message in %s is not understood", key)
        return True

    def _gather(self, job_id: str) -> None:
        publisher = queue.get_fetch_publisher()
        for object_id in stages.gather(job_id):
            publisher.send({"harvest_object_id": object_id})
        job = HarvestJob.get(job_id)
        if job is not None:
            stages.close(job.source_id)

    def _work(self, object_id: str) -> None:
        if not stages.work(object_id):
            queue.get_fetch_publisher().send({"harvest_object_id": object_id})
            self._stopping.wait(stages.PAUSE_SECONDS)
            return
        harvest_object = HarvestObject.get(object_id)
        if harvest_object is not None:
            stages.close(harvest_object.harvest_source_id or harvest_object.job.source_id)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  as Python calls it
        log.info("stopping after the message in hand")
        self.stop()

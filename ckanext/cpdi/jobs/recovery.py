"""Puts right what a lost message, a flushed Redis or a killed worker left behind.

What is to be done stands in PostgreSQL; the queues are filled again from there.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.cpdi.jobs.ckan_harvest import HarvestGatherError, HarvestJob, HarvestObject, queue
from ckanext.cpdi.jobs.harvest_object import DONE, fail_object
from ckanext.cpdi.pipeline.claim import claim, is_free

log = logging.getLogger(__name__)

TIMEOUT_MINUTES = 120
_ABANDONED = "Nobody worked on this job any more, so it was ended; start it again."
_LATE = "No worker took this job within {minutes} minutes, so it was ended. Does `ckan cpdi worker` run?"


def send_again() -> int:
    """Queue what is to be done and stands in no queue; return how much."""
    queued = _queued(queue.get_gather_routing_key(), "harvest_job_id")
    sent = 0
    for job in _running():
        if not job.gather_finished and job.id not in queued and is_free(job.id):
            queue.get_gather_publisher().send({"harvest_job_id": job.id})
            sent += 1
    return sent + sum(_send_object(one.id) for job in _running() for one in job.objects if one.state not in DONE)


def end_late() -> int:
    """End the jobs that nobody took or finished in time; return how many.

    The time is ``ckan.harvest.timeout``, in minutes.
    """
    minutes = int(tk.config.get("ckan.harvest.timeout") or TIMEOUT_MINUTES)
    limit = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=minutes)
    late = [job for job in _open(sa.true()) if job.get_last_action_time() < limit]
    return sum(_end(job, _LATE.format(minutes=minutes)) for job in late)


def end_abandoned(source_id: str) -> int:
    """End the jobs of a source that nobody works on, whatever their age; return how many."""
    return sum(_end(job, _ABANDONED) for job in _open(HarvestJob.source_id == source_id))


def _end(job: HarvestJob, message: str) -> bool:
    """End ``job`` with ``message``; return False, and do nothing, where somebody works on it."""
    open_objects = [one for one in job.objects if one.state not in DONE]
    if not all(is_free(key) for key in (job.id, *(one.id for one in open_objects))):
        return False
    HarvestGatherError.create(message, job)
    for one in open_objects:
        fail_object(one, message)
    now = datetime.now(UTC).replace(tzinfo=None)
    job.gather_finished = job.gather_finished or now
    job.finished = now
    job.status = "Finished"
    job.save()
    return True


def _send_object(object_id: str) -> int:
    """Queue an object that stands in no queue and that nobody works on; return 1 if it was."""
    with claim(object_id) as free:
        if not free or object_id in _queued(queue.get_fetch_routing_key(), "harvest_object_id"):
            return 0
        found = HarvestObject.get(object_id)
        if found.state in DONE:
            return 0
        found.state = "WAITING"
        found.save()
        queue.get_fetch_publisher().send({"harvest_object_id": object_id})
        return 1


def _queued(key: str, name: str) -> set[str]:
    """Return the ids that wait in the queue ``key``."""
    return {json.loads(body)[name] for body in queue.get_connection().lrange(key, 0, -1)}


def _running() -> list[HarvestJob]:
    return _open(HarvestJob.status == "Running")


def _open(condition: sa.ColumnElement[bool]) -> list[HarvestJob]:
    """Return the jobs under ``condition`` that are not finished, as the database has them now."""
    model.Session.expire_all()
    query = model.Session.query(HarvestJob).filter(condition, HarvestJob.status.in_(("New", "Running")))
    return query.order_by(HarvestJob.created).all()

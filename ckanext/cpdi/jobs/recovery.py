"""Recovers jobs after a lost message, a flushed Redis or a killed worker.

PostgreSQL has the list of unfinished work; the queues are filled again from there.
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


def requeue() -> int:
    """Queue unfinished jobs and objects that are in no queue; return how many."""
    queued = _queued_ids(queue.get_gather_routing_key(), "harvest_job_id")
    sent = 0
    for job in _running_jobs():
        if not job.gather_finished and job.id not in queued and is_free(job.id):
            queue.get_gather_publisher().send({"harvest_job_id": job.id})
            sent += 1
    objects = (harvest_object for job in _running_jobs() for harvest_object in job.objects)
    return sent + sum(_send_object(each.id) for each in objects if each.state not in DONE)


def end_late() -> int:
    """End the jobs that were not taken or finished within ``ckan.harvest.timeout`` minutes; return how many."""
    minutes = int(tk.config.get("ckan.harvest.timeout") or TIMEOUT_MINUTES)
    limit = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=minutes)
    late = [job for job in _unfinished_jobs(sa.true()) if job.get_last_action_time() < limit]
    return sum(_end(job, _LATE.format(minutes=minutes)) for job in late)


def end_abandoned(source_id: str) -> int:
    """End the jobs of a source that no process works on, whatever their age; return how many."""
    return sum(_end(job, _ABANDONED) for job in _unfinished_jobs(HarvestJob.source_id == source_id))


def _end(job: HarvestJob, message: str) -> bool:
    """End ``job`` with ``message``; return False, and do nothing, where a process works on it."""
    open_objects = [harvest_object for harvest_object in job.objects if harvest_object.state not in DONE]
    if not all(is_free(key) for key in (job.id, *(harvest_object.id for harvest_object in open_objects))):
        return False
    HarvestGatherError.create(message, job)
    for harvest_object in open_objects:
        fail_object(harvest_object, message)
    now = datetime.now(UTC).replace(tzinfo=None)
    job.gather_finished = job.gather_finished or now
    job.finished = now
    job.status = "Finished"
    job.save()
    return True


def _send_object(object_id: str) -> int:
    """Queue an object that is in no queue and that no process works on; return 1 if it was queued, else 0."""
    with claim(object_id) as free:
        if not free or object_id in _queued_ids(queue.get_fetch_routing_key(), "harvest_object_id"):
            return 0
        harvest_object = HarvestObject.get(object_id)
        if harvest_object.state in DONE:
            return 0
        harvest_object.state = "WAITING"
        harvest_object.save()
        queue.get_fetch_publisher().send({"harvest_object_id": object_id})
        return 1


def _queued_ids(key: str, name: str) -> set[str]:
    """Return the ids in the queue ``key``; ``name`` is their key in a message."""
    return {json.loads(body)[name] for body in queue.get_connection().lrange(key, 0, -1)}


def _running_jobs() -> list[HarvestJob]:
    return _unfinished_jobs(HarvestJob.status == "Running")


def _unfinished_jobs(condition: sa.ColumnElement[bool]) -> list[HarvestJob]:
    """Return the unfinished jobs that match ``condition``, fresh from the database."""
    model.Session.expire_all()
    query = model.Session.query(HarvestJob).filter(condition, HarvestJob.status.in_(("New", "Running")))
    return query.order_by(HarvestJob.created).all()

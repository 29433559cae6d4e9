"""The two parts of a harvest job: gather, and the work on an object. Each is done once and never leaves a job open.

They call the stages of ckanext-harvest for every kind of harvester. Its own consumers do not protect a job against
messages that come twice, or against errors.
"""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.jobs.ckan_harvest import HarvestGatherError, HarvestJob, HarvestObject, queue
from ckanext.cpdi.jobs.harvest_object import DONE, fail_object
from ckanext.cpdi.jobs.recovery import end_abandoned
from ckanext.cpdi.pipeline.claim import DatasetBusy, claim

log = logging.getLogger(__name__)

TRIES = 3
"""How often the work on an object is started before it counts as failed."""

PAUSE_SECONDS = 1
"""How long to wait before an object is tried again whose dataset has another run under way."""

_NO_HARVESTER = "No harvester of the type {type} is set up in this portal."
_FAULT = "The portal failed at this job; the operator finds the reason in the log, under {id}."
_TRIED = "The work on this job was cut short {tries} times; the operator finds the reason in the log, under {id}."


def gather(job_id: str) -> list[str]:
    """Run a job's gather stage, unless it is done or a process works on it; return the ids of the job's objects."""
    with claim(job_id) as claimed:
        job = _fresh_row(HarvestJob, job_id)
        if not claimed or job is None or job.status == "Finished" or job.gather_finished:
            return []
        harvester = queue.get_harvester(job.source.type)
        if harvester is None:
            _fail_job(job, _NO_HARVESTER.format(type=job.source.type))
            return []
        try:
            return list(queue.gather_stage(harvester, job) or [])
        except Exception:
            log.exception("job %s", job_id)
            model.Session.rollback()
            _fail_job(job, _FAULT.format(id=job_id))
            return []


def work(object_id: str) -> bool:
    """Run the fetch and import stages of an object, unless it is done or a process works on it.

    Returns False where another run of its dataset is under way, so that this one has to be tried again later.
    """
    with claim(object_id) as claimed:
        harvest_object = _fresh_row(HarvestObject, object_id)
        if not claimed or harvest_object is None or harvest_object.state in DONE:
            return True
        if harvest_object.job.status == "Finished":
            fail_object(harvest_object, "The job was ended before this part of it began.")
            return True
        harvest_object.retry_times = (harvest_object.retry_times or 0) + 1
        harvest_object.save()
        if harvest_object.retry_times > TRIES:
            fail_object(harvest_object, _TRIED.format(tries=TRIES, id=object_id))
            return True
        return _stages(harvest_object)


def close(source_id: str) -> None:
    """Finish the source's job if all its objects are done, and send the mails that ``harvester run`` sends."""
    tk.get_action("harvest_jobs_run")(portal_user(), {"source_id": source_id})


def run_now(source_id: str) -> str:
    """Run a source from start to end in this process, without the queues; return the job's id.

    An unfinished job of the source that no process works on is ended first. The call waits while another run of the
    dataset is under way. Raises HarvestJobExists where a process works on a job of the source.
    """
    end_abandoned(source_id)
    job = tk.get_action("harvest_job_create")(portal_user(), {"source_id": source_id, "run": False})
    started = HarvestJob.get(job["id"])
    started.status = "Running"
    started.save()
    for object_id in gather(job["id"]):
        while not work(object_id):
            time.sleep(PAUSE_SECONDS)
    close(source_id)
    return job["id"]


def errors(job_id: str) -> list[str]:
    """Return the error messages of a job, as staff see them."""
    job = _fresh_row(HarvestJob, job_id)
    return [fault.message for fault in (*job.gather_errors, *(error for part in job.objects for error in part.errors))]


def _stages(harvest_object: HarvestObject) -> bool:
    object_id = harvest_object.id
    harvester = queue.get_harvester(harvest_object.source.type)
    if harvester is None:
        fail_object(harvest_object, _NO_HARVESTER.format(type=harvest_object.source.type))
        return True
    try:
        queue.fetch_and_import_stages(harvester, harvest_object)
    except DatasetBusy:
        fresh = _fresh_row(HarvestObject, object_id)
        fresh.state = "WAITING"
        fresh.retry_times -= 1
        fresh.save()
        return False
    except Exception:
        log.exception("harvest object %s", object_id)
        model.Session.rollback()
        fresh = _fresh_row(HarvestObject, object_id)
        if fresh is not None:
            fail_object(fresh, _FAULT.format(id=object_id))
    return True


def _fail_job(job: HarvestJob, message: str) -> None:
    HarvestGatherError.create(message, job)
    now = datetime.now(UTC).replace(tzinfo=None)
    job.gather_finished = job.gather_finished or now
    job.finished = now
    job.status = "Finished"
    job.save()


def _fresh_row(kind: Any, key: str) -> Any:  # noqa: ANN401  a row of ckanext-harvest, or None
    """Return the row fresh from the database, not from this session's cache."""
    model.Session.expire_all()
    return kind.get(key)

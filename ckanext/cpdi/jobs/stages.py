"""The two halves of a harvest job, each done once and never leaving the job open: gather, and the work on an object.

They call the stages of ckanext-harvest for every kind of harvester; what its own consumers lack is a guard.
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
"""How often the work on an object is begun before it counts as failed."""

PAUSE_SECONDS = 1
"""How long to wait before a dataset is tried again that has another run."""

_NO_HARVESTER = "No harvester of the type {type} is set up in this portal."
_FAULT = "The portal failed at this job; the operator finds the reason in the log, under {id}."
_TRIED = "The work on this job was cut short {tries} times; the operator finds the reason in the log, under {id}."


def gather(job_id: str) -> list[str]:
    """Run a job's gather stage, unless it is done or somebody is at it; return the ids of the objects to work on."""
    with claim(job_id) as mine:
        job = _fresh(HarvestJob, job_id)
        if not mine or job is None or job.status == "Finished" or job.gather_finished:
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
    """Run the fetch and import stages of an object, unless it is done or somebody is at it.

    Return False where another run of its dataset is at work, and this one is to be tried again later.
    """
    with claim(object_id) as mine:
        found = _fresh(HarvestObject, object_id)
        if not mine or found is None or found.state in DONE:
            return True
        if found.job.status == "Finished":
            fail_object(found, "The job was ended before this part of it began.")
            return True
        found.retry_times = (found.retry_times or 0) + 1
        found.save()
        if found.retry_times > TRIES:
            fail_object(found, _TRIED.format(tries=TRIES, id=object_id))
            return True
        return _stages(found)


def close(source_id: str) -> None:
    """Finish the source's job where nothing of it is left to do, and send the mails that ``harvester run`` sends."""
    tk.get_action("harvest_jobs_run")(portal_user(), {"source_id": source_id})


def run_now(source_id: str) -> str:
    """Run a source from end to end in this process, without the queues; return the job's id.

    A job of the source that nobody works on is ended first; a run of the same dataset is waited for. Raises
    HarvestJobExists where somebody works on one.
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
    """Return what went wrong in a job, in the words that the staff see."""
    job = _fresh(HarvestJob, job_id)
    return [one.message for one in (*job.gather_errors, *(error for part in job.objects for error in part.errors))]


def _stages(found: HarvestObject) -> bool:
    object_id = found.id
    harvester = queue.get_harvester(found.source.type)
    if harvester is None:
        fail_object(found, _NO_HARVESTER.format(type=found.source.type))
        return True
    try:
        queue.fetch_and_import_stages(harvester, found)
    except DatasetBusy:
        again = _fresh(HarvestObject, object_id)
        again.state = "WAITING"
        again.retry_times -= 1
        again.save()
        return False
    except Exception:
        log.exception("harvest object %s", object_id)
        model.Session.rollback()
        again = _fresh(HarvestObject, object_id)
        if again is not None:
            fail_object(again, _FAULT.format(id=object_id))
    return True


def _fail_job(job: HarvestJob, message: str) -> None:
    HarvestGatherError.create(message, job)
    now = datetime.now(UTC).replace(tzinfo=None)
    job.gather_finished = job.gather_finished or now
    job.finished = now
    job.status = "Finished"
    job.save()


def _fresh(kind: Any, key: str) -> Any:  # noqa: ANN401  a row of ckanext-harvest, or None
    """Return the row as the database has it now, not as this session saw it before."""
    model.Session.expire_all()
    return kind.get(key)

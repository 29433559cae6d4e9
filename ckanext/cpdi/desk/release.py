"""Releases a held run: the decision is stored in the ledger, and the run's source is started again."""

from __future__ import annotations

import logging

from ckan import model
from redis import RedisError

from ckanext.cpdi import config
from ckanext.cpdi.jobs.ckan_harvest import HarvestJob, HarvestObject, HarvestSource, queue
from ckanext.cpdi.jobs.source import OURS

log = logging.getLogger(__name__)


def release(run: int) -> str | None:
    """Release the held ``run`` and start its source; return the id of the new harvest job.

    Returns None where the run has no active source, or a job of the source is under way: the next run of the feed then
    publishes it. Raises StoreError for a run that is not held.
    """
    with config.store() as store:
        store.ledger.release(run)
    source = _source(run)
    return _start(source) if source is not None else None


def _source(run: int) -> HarvestSource | None:
    """Return our active source that the run came from."""
    query = (
        model.Session.query(HarvestSource)
        .join(HarvestObject, HarvestObject.harvest_source_id == HarvestSource.id)
        .filter(HarvestObject.content == str(run), HarvestSource.type.startswith(OURS), HarvestSource.active.is_(True))
    )
    return query.first()


def _start(source: HarvestSource) -> str | None:
    """Make a job of the source and queue it; where Redis does not answer, ``tick`` queues it later."""
    open_jobs = model.Session.query(HarvestJob).filter(
        HarvestJob.source_id == source.id, HarvestJob.status.in_(("New", "Running"))
    )
    if open_jobs.count():
        return None
    job = HarvestJob(source=source, status="Running")
    job.save()
    try:
        queue.get_gather_publisher().send({"harvest_job_id": job.id})
    except RedisError as error:
        log.warning("job %s waits for the next tick: %r", job.id, error)
    return job.id

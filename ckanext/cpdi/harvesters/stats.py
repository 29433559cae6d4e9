"""Counts on the harvest pages: rows of a run, where CKAN counts harvest objects.

One of our objects is a whole run. Its counts of rows are stored as its extras and shown in place of "1 updated".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.cpdi.harvesters import reasons

KEYS = ("added", "updated", "deleted", "not modified")


def counts(added: int, changed: int, removed: int, unchanged: int) -> dict[str, str]:
    """Return a run's counts of rows as extras of a harvest object."""
    return dict(zip(KEYS, map(str, (added, changed, removed, unchanged)), strict=True))


@tk.side_effect_free
@tk.chained_action
def harvest_job_show(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show a harvest job, with rows counted where the source is ours."""
    job = next_(context, data_dict)
    _count_rows([job])
    reasons.say_summaries(job)
    return job


@tk.side_effect_free
@tk.chained_action
def harvest_job_list(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """List harvest jobs, with rows counted where the source is ours."""
    jobs = next_(context, data_dict)
    _count_rows(jobs)
    return jobs


@tk.side_effect_free
@tk.chained_action
def harvest_source_show_status(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401
    """Show the state of a harvest source, with rows counted where it is ours."""
    status = next_(context, data_dict)
    if status.get("last_job"):
        _count_rows([status["last_job"]])
        reasons.say_summaries(status["last_job"])
    return status


def _count_rows(jobs: Iterable[dict[str, Any]]) -> None:
    """Put the counts of rows into ``stats`` of the jobs that have them."""
    from ckan import model

    from ckanext.cpdi.jobs.ckan_harvest import HarvestObject, HarvestObjectExtra

    by_id = {job["id"]: job for job in jobs if "stats" in job}
    if not by_id:
        return
    counted = (
        model.Session.query(HarvestObject.harvest_job_id, HarvestObjectExtra.key, HarvestObjectExtra.value)
        .join(HarvestObjectExtra, HarvestObjectExtra.harvest_object_id == HarvestObject.id)
        .filter(HarvestObject.harvest_job_id.in_(by_id), HarvestObjectExtra.key.in_(KEYS))
    )
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(KEYS, 0))
    for job, key, value in counted:
        sums[job][key] += int(value)
    for job, rows in sums.items():
        by_id[job]["stats"] |= rows

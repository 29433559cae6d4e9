"""Which runs a harvest job did, and why they failed, in the language of whoever reads CKAN's pages of the job.

ckanext-harvest keeps what went wrong as English text. The ledger keeps the parts of a run's sentence, so the sentence
takes the place of the same one in English; a text that no run has is said as it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.logic import auth_audit_exempt
from ckan.types import Action, Context, DataDict

from ckanext.cpdi import config
from ckanext.cpdi.jobs.source import OURS
from ckanext.cpdi.services.spoken import spoken

SUMMARIES = ("object_error_summary", "gather_error_summary")
"""Keys of a job under which its errors are, each with its number."""


@auth_audit_exempt  # ckanext-harvest asks for the right to read the job, under another name
@tk.side_effect_free
@tk.chained_action
def harvest_job_report(next_: Action, context: Context, data_dict: DataDict) -> Any:  # noqa: ANN401  as CKAN has it
    """Show the errors of a job, in the asker's language; ``runs`` are the numbers of the runs that it did."""
    report = next_(context, data_dict)
    errors = [error for part in report["object_errors"].values() for error in part["errors"]]
    say(data_dict["id"], [*report["gather_errors"], *errors])
    return {**report, "runs": runs_of(data_dict["id"])}


def say_summaries(job: dict[str, Any]) -> None:
    """Do the same for the errors of a job in their summaries."""
    say(job["id"], [error for key in SUMMARIES for error in job.get(key, ())])


def say(job_id: str, errors: Iterable[dict[str, Any]]) -> None:
    """Put each ``message`` of the ``errors`` of a job into the asker's language."""
    errors = list(errors)
    sentences = _sentences(job_id) if errors else {}
    for error in errors:
        error["message"] = spoken(sentences.get(error["message"]) or error["message"])


def runs_of(job_id: str) -> list[int]:
    """Return the numbers of the runs that a job did; none for a job of another extension's source."""
    from ckan import model

    from ckanext.cpdi.jobs.ckan_harvest import HarvestObject, HarvestSource

    is_ours = HarvestSource.type.startswith(OURS)
    numbers = (
        model.Session.query(HarvestObject.content)
        .join(HarvestSource, HarvestSource.id == HarvestObject.harvest_source_id)
        .filter(HarvestObject.harvest_job_id == job_id, is_ours, HarvestObject.content.isnot(None))
    )
    return sorted(int(number) for (number,) in numbers)


def _sentences(job_id: str) -> dict[str, str]:
    """Return what the runs of a job say, by what they say in English."""
    with config.store() as store:
        runs = [run for run in map(store.ledger.run, runs_of(job_id)) if run is not None]
    return {str(message): message for message in (run.message for run in runs) if message}

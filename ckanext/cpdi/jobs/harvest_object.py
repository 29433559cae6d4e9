"""A harvest object, which is the work of one job on one dataset: when it is done, and how it fails."""

from __future__ import annotations

from ckanext.cpdi.jobs.ckan_harvest import HarvestObject, HarvestObjectError

DONE = ("COMPLETE", "ERROR")


def fail_object(found: HarvestObject, message: str) -> None:
    """Set an object to failed, with ``message`` for the staff."""
    HarvestObjectError.create(message, found, "Import")
    found.state = "ERROR"
    found.report_status = "errored"
    found.save()

"""Harvest objects, each the work of a job on a dataset: their final states, and how one is set to failed."""

from __future__ import annotations

from ckanext.cpdi.jobs.ckan_harvest import HarvestObject, HarvestObjectError

DONE = ("COMPLETE", "ERROR")


def fail_object(harvest_object: HarvestObject, message: str) -> None:
    """Set an object to failed, with ``message`` for the staff."""
    HarvestObjectError.create(message, harvest_object, "Import")
    harvest_object.state = "ERROR"
    harvest_object.report_status = "errored"
    harvest_object.save()

"""A harvester whose every job is one night of one dataset.

CKAN's three stages are kept short or repeatable: gather makes one object, fetch nothing, import runs the night, which
is the same however often it is run. No exception leaves a stage but the one that says "not now": what went wrong stands
on the job, in words for the staff.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from ckanext.cpdi import config
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.harvesters.stats import counts
from ckanext.cpdi.jobs.ckan_harvest import (
    HarvestGatherError,
    HarvestJob,
    HarvestObject,
    HarvestObjectError,
    HarvestObjectExtra,
)
from ckanext.cpdi.jobs.owner import check_source
from ckanext.cpdi.jobs.source import SourceConfig, SourceError, check_location, read_config
from ckanext.cpdi.pipeline.claim import DatasetBusy
from ckanext.cpdi.pipeline.publish import FollowUpError

if TYPE_CHECKING:
    from ckanext.cpdi.pipeline.run import NightReport

log = logging.getLogger(__name__)

_FAULT = (
    "The portal failed while it {what}; the data before stay. The operator finds the reason in the log, under {id}."
)


_WHERE = (
    "It may lie on a web server (https://…), be an ArcGIS layer (https://…/FeatureServer/0), a file on an SFTP server"
    " (sftp://host/path), an object of an S3-style store (s3://bucket/name), or a file in the portal's drop folder"
    " (drop:name). Everybody can read this form: credentials are set by the operator, in the portal's settings."
)


class NightlyHarvester:
    """What the harvesters of tables share; one says its name, and the dataset it fills where a source does not."""

    name = ""
    title = ""
    description = ""
    default_dataset = ""

    def info(self) -> dict[str, str]:
        """Return what the form of harvest sources shows."""
        return {
            "name": self.name,
            "title": self.title,
            "description": f"{self.description} {_WHERE}",
            "form_config_interface": "Text",
        }

    def validate_config(self, text: str | None) -> str:
        """Return the configuration of a source as it is kept; raise SourceError for one that cannot work."""
        return json.dumps(self._checked(text).as_written())

    def gather_stage(self, job: HarvestJob) -> list[str]:
        """Make the job's one object; return its id, or nothing with an error on the job."""
        try:
            checked = self._checked(job.source.config)
            check_source(job.source_id)
            check_location(job.source.url)
            harvest_object = HarvestObject(guid=checked.dataset, job=job, harvest_source_id=job.source_id)
            harvest_object.save()
            return [harvest_object.id]
        except (SourceError, DeclarationError) as error:
            HarvestGatherError.create(f"The harvest source: {error}", job)
            if not isinstance(error, SourceError):  # a source may be anybody's; its own faults are no run of ours
                self._failed(job, error)
        except Exception as error:
            log.exception("job %s", job.id)
            HarvestGatherError.create(_FAULT.format(what="prepared the run", id=job.id), job)
            self._failed(job, error)
        return []

    def fetch_stage(self, harvest_object: HarvestObject) -> bool:  # noqa: ARG002  as CKAN calls it
        """Fetch nothing: a night fetches and publishes in one go, so that a retry repeats all of it."""
        return True

    def import_stage(self, harvest_object: HarvestObject) -> bool | str:
        """Run the night; return whether it went well, ``unchanged`` where there was nothing to do.

        Raises DatasetBusy where another run of the dataset is at work.
        """
        try:
            return self._night(harvest_object)
        except DatasetBusy:
            raise  # not an error: this run waits
        except FollowUpError as error:
            log.exception("harvest object %s", harvest_object.id)
            _report(harvest_object, str(error))
        except Exception as error:
            from ckanext.cpdi.pipeline import fault

            _report(harvest_object, fault.message(error, f"published the feed of harvest object {harvest_object.id}"))
        return False

    def _failed(self, job: HarvestJob, error: Exception) -> None:
        """Write the run that a job could not begin into the ledger, where its source says of which dataset."""
        from ckanext.cpdi.jobs import load

        try:
            dataset = read_config(job.source.config, self.default_dataset).dataset
            if config.library().dataset(dataset).table is not None:
                load.failed(dataset, job.source.title or dataset, error)
        except Exception:  # the job says what is wrong, all the same
            log.exception("job %s: no run could be written", job.id)

    def _checked(self, text: str | None) -> SourceConfig:
        """Return the configuration with its dataset and profile looked up; raise SourceError or DeclarationError."""
        found = read_config(text, self.default_dataset)
        tables = [one.name for one in config.library().tables]
        if found.dataset not in tables:
            raise SourceError(f"dataset: {unknown(found.dataset, tables)}")
        if "/" in found.profile:
            raise SourceError("profile is the name of a profile, not a path")
        config.profile(found.profile)
        return found

    def _night(self, harvest_object: HarvestObject) -> bool | str:
        from ckanext.cpdi.jobs import load
        from ckanext.cpdi.pipeline import publish

        source = harvest_object.job.source
        checked = self._checked(source.config)
        check_source(source.id)  # it may have been given away since the job began
        check_location(source.url)
        label = source.title or checked.dataset
        report = load.run(checked.dataset, source.url, checked.profile, label=label, rule=checked.rule)
        _account(harvest_object, report)
        if report.state in ("failed", "held"):
            _report(harvest_object, report.message)
            return False
        publish.publish(checked.dataset, config.profile(checked.profile))
        return "unchanged" if report.state == "unchanged" else True


def _account(harvest_object: HarvestObject, report: NightReport) -> None:
    """Keep the run's number and its counts of rows: the number, since everybody can read what an object holds."""
    rows: dict[str, Any] = counts(report.added, report.changed, report.removed, report.unchanged)
    harvest_object.content = str(report.run) if report.run else None
    harvest_object.extras = [HarvestObjectExtra(key=key, value=value) for key, value in rows.items()]
    harvest_object.save()


def _report(harvest_object: HarvestObject, message: str) -> None:
    HarvestObjectError.create(message or "The run did not finish.", harvest_object, "Import")

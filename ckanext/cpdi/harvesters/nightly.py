"""A harvester whose every job is one run of one dataset.

Gather makes one object, fetch does nothing, and import does the run, which can be repeated. The only exception that
leaves a stage is DatasetBusy, so that the object waits. All other errors become messages for staff on the job.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from ckanext.cpdi import config
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.errors import Said
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
from ckanext.cpdi.services.spoken import spoken

if TYPE_CHECKING:
    from ckanext.cpdi.pipeline.run import NightReport

log = logging.getLogger(__name__)

_FAULT = (
    "The portal failed while it {doing}; the data before stay. The operator finds the reason in the log, under {id}."
)


FEED_LOCATIONS = Said(
    "It may lie on a web server (https://…), be an ArcGIS layer (https://…/FeatureServer/0), a file on an SFTP server"
    " (sftp://host/path), an object of an S3-style store (s3://bucket/name), or a file in the portal's drop folder"
    " (drop:name). Everybody can read this form: credentials are set by the operator, in the portal's settings."
)


class NightlyHarvester:
    """The base of the harvesters; ``default_dataset`` is filled where a source names no dataset.

    ``locations`` says in the form of sources where a feed may lie.
    """

    name = ""
    title = ""
    description = ""
    locations = FEED_LOCATIONS
    default_dataset = ""

    def datasets(self) -> list[str]:
        """Return the names of what a source of this kind may fill: the tables."""
        return [table.name for table in config.library().tables]

    def info(self) -> dict[str, str]:
        """Return name, title and description for the form of harvest sources."""
        return {
            "name": self.name,
            "title": spoken(self.title),
            "description": f"{spoken(self.description)} {spoken(self.locations)}",
            "form_config_interface": "Text",
        }

    def validate_config(self, text: str | None) -> str:
        """Return the configuration of a source in its stored form; raise SourceError for an invalid one."""
        return json.dumps(self.read_source(text).as_json())

    def gather_stage(self, job: HarvestJob) -> list[str]:
        """Make the job's only object; return its id, or an empty list after an error, which the job then has."""
        try:
            source_config = self.read_source(job.source.config)
            check_source(job.source_id)
            check_location(job.source.url)
            harvest_object = HarvestObject(guid=source_config.dataset, job=job, harvest_source_id=job.source_id)
            harvest_object.save()
            return [harvest_object.id]
        except (SourceError, DeclarationError) as error:
            HarvestGatherError.create(str(error.said), job)
            if not isinstance(error, SourceError):  # anybody may own a source, and its errors are no run of ours
                self._record_failure(job, error)
        except Exception as error:
            log.exception("job %s", job.id)
            HarvestGatherError.create(_FAULT.format(doing="prepared the run", id=job.id), job)
            self._record_failure(job, error)
        return []

    def fetch_stage(self, harvest_object: HarvestObject) -> bool:  # noqa: ARG002  as CKAN calls it
        """Do nothing: the import stage fetches and publishes, so that a retry repeats all of it."""
        return True

    def import_stage(self, harvest_object: HarvestObject) -> bool | str:
        """Do the run; return whether it was good, or ``unchanged`` where the feed had nothing new.

        Raises DatasetBusy where another run of the dataset is under way.
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

    def _record_failure(self, job: HarvestJob, error: Exception) -> None:
        """Record a run that could not start in the ledger, if its source names a dataset that it may fill."""
        from ckanext.cpdi.jobs import load

        try:
            dataset = read_config(job.source.config, self.default_dataset).dataset
            if dataset in self.datasets():
                load.record_failure(dataset, job.source.title or dataset, error)
        except Exception:  # the job has the error in any case
            log.exception("job %s: no run could be written", job.id)

    def read_source(self, text: str | None) -> SourceConfig:
        """Return the configuration; raise SourceError or DeclarationError where dataset or profile do not exist."""
        source_config = read_config(text, self.default_dataset)
        fillable = self.datasets()
        if source_config.dataset not in fillable:
            raise SourceError(Said("dataset: {error}", error=unknown(source_config.dataset, fillable)))
        if "/" in source_config.profile:
            raise SourceError("profile is the name of a profile, not a path")
        config.profile(source_config.profile)
        return source_config

    def _night(self, harvest_object: HarvestObject) -> bool | str:
        from ckanext.cpdi.jobs import load
        from ckanext.cpdi.jobs.kinds import kind_of

        source = harvest_object.job.source
        settings = self.read_source(source.config)
        check_source(source.id)  # its organization may have changed since the job started
        check_location(source.url)
        label = source.title or settings.dataset
        report = load.run(settings.dataset, source.url, settings.profile, label=label, rule=settings.rule)
        _store_counts(harvest_object, report)
        if report.state in ("failed", "held"):
            _report(harvest_object, report.message)
            return False
        declared = config.library().dataset(settings.dataset)
        kind_of(declared).follow(settings.dataset, config.profile(settings.profile))
        return "unchanged" if report.state == "unchanged" else True


def _store_counts(harvest_object: HarvestObject, report: NightReport) -> None:
    """Store the run's number and its counts of rows with the object, which everybody can read."""
    rows: dict[str, Any] = counts(report.added, report.changed, report.removed, report.unchanged)
    harvest_object.content = str(report.run) if report.run else None
    harvest_object.extras = [HarvestObjectExtra(key=key, value=value) for key, value in rows.items()]
    harvest_object.save()


def _report(harvest_object: HarvestObject, message: str) -> None:
    HarvestObjectError.create(message or "The run did not finish.", harvest_object, "Import")

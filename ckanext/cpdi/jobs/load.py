"""Loads one feed, or the reports of a series, for a harvest job or a command: the catalogue is prepared, then the run
starts.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ckan import model

import ckanext.cpdi
from ckanext.cpdi import config
from ckanext.cpdi.errors import Said
from ckanext.cpdi.jobs.kinds import kind_of
from ckanext.cpdi.notify import alert
from ckanext.cpdi.pipeline import fault
from ckanext.cpdi.pipeline.claim import dataset_claim
from ckanext.cpdi.pipeline.report import NightReport

if TYPE_CHECKING:
    from ckanext.cpdi.declare import Dataset, Profile, SyncRule


def run(
    dataset: str,
    location: str,
    profile: str = "",
    *,
    label: str,
    trusted_path: bool = False,
    force: bool = False,
    rule: SyncRule | None = None,
) -> NightReport:
    """Load the feed, or the reports, at ``location`` into ``dataset``, which is created where it is missing.

    ``location`` is an address of a harvest source, or, with ``trusted_path``, a path that the operator gave.
    ``profile`` is a name or a path, empty for the site's own. ``force`` loads a feed again that has not changed.
    ``rule`` overrides the profile's rule for rows that the feed lacks.
    Any error is a failed run, also before the feed is fetched. Raises DatasetBusy where another run of the dataset is
    under way, KeyError for a dataset that is not declared, StoreError where the ledger cannot be written.
    """
    declared = config.library().dataset(dataset)
    kind = kind_of(declared)
    with dataset_claim(dataset):
        try:
            department = _prepare(declared, profile)
        except Exception as error:
            report = _write(dataset, label, error)
        else:
            from ckanext.cpdi.pipeline.context import RunContext

            place = Path(location) if trusted_path else location
            with config.store() as store:
                context = RunContext.begin(
                    store, declared, place, department, label=label, force=force, rule=rule, profile_name=profile
                )
                report = kind.runner()(context)
            if report.state in ("published", "unchanged"):
                kind.finish(dataset, profile)
    alert.tell(report)
    return report


def record_failure(dataset: str, label: str, error: Exception) -> NightReport:
    """Record a run that failed with ``error`` before it started, and notify staff; return its report."""
    report = _write(dataset, label, error)
    alert.tell(report)
    return report


def _prepare(dataset: Dataset, profile: str) -> Profile:
    """Create what is missing in the catalogue; make a table's dataset private where its rules are not approved.

    Returns the department's profile.
    """
    from ckanext.cpdi.catalog.department import ensure_dataset, ensure_organization

    department = config.profile(profile)
    owner = config.library().owner(dataset.name)
    ensure_organization()
    ensure_dataset(config.library().datasets[owner])
    with config.store() as store:
        kind_of(dataset).prepare(store, dataset.name)
    return department


def _write(dataset: str, label: str, error: Exception) -> NightReport:
    model.Session.rollback()  # the error may have broken CKAN's own transaction
    message = fault.message(error, Said("made ready for a run of {dataset}", dataset=dataset))
    with config.store() as store:
        run = store.ledger.start(
            dataset, label, feed_sha256="", rules_version="", profile_version="", code_version=ckanext.cpdi.__version__
        )
        store.ledger.fail(run, message)
    return NightReport(run, dataset, "failed", message=message)

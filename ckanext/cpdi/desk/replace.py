"""Makes a demo another one: what it showed goes, from tables, files, reports, sources and places.

A real portal never comes here: what it published goes by a run, with a guard that looks at it.
"""

from __future__ import annotations

import shutil

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.describe import describe_anew, forget_rows
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.catalog.sample_reports import remove as remove_reports
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.jobs.ckan_harvest import HarvestSource
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.pipeline.claim import dataset_claim
from ckanext.cpdi.store import RunRow, Store

SAMPLE = "Sample feed: "
"""How the harvest source of a sample is called, and with it its runs."""


def shown(store: Store) -> dict[str, RunRow]:
    """Return the run that each table's rows are of, by dataset; none for a table that has had no good run."""
    found = ((one.name, store.ledger.last_finished(one.name)) for one in config.library().tables)
    return {name: run for name, run in found if run is not None}


def is_sample(run: RunRow) -> bool:
    """Return whether the run was one of a demo's sample."""
    return run.feed_label.startswith(SAMPLE)


def is_of(run: RunRow, profile: Profile) -> bool:
    """Return whether the run was by a version of this profile."""
    return _department(run) == profile.name


def clear(store: Store, profile: Profile) -> None:
    """Take everything out of the demo, so that the next feed is the first of the department of ``profile``.

    Places go, too: another feed has other streets. Raises DatasetBusy where a run is at work. What was approved and
    denied stays.
    """
    for run in shown(store).values():
        config.places_path(_department(run)).unlink(missing_ok=True)
    for dataset in config.library().tables:
        with dataset_claim(dataset.name):
            store.tables.forget(dataset.name, resource_id(dataset.name))
            shutil.rmtree(config.files_path() / dataset.name, ignore_errors=True)
            publish.remember_profile(dataset.name, "")
            forget_rows(dataset)
            _sources(dataset)
    for series in config.library().datasets.values():
        if series.table is None:
            remove_reports(series.name)
    describe_anew(profile)


def _department(run: RunRow) -> str:
    """Return the name of the profile that the run was by."""
    return run.profile_version.rpartition(" ")[0]


def _sources(dataset: Dataset) -> None:
    """Delete the harvest sources of files in the drop folder that fill ``dataset``."""
    ours = model.Session.query(HarvestSource).filter(
        HarvestSource.active.is_(True), HarvestSource.url.startswith("drop:")
    )
    for source in [one for one in ours if f'"{dataset.name}"' in (one.config or "")]:
        tk.get_action("harvest_source_delete")(portal_user(), {"id": source.id})

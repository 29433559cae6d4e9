"""Empties a demo for another feed or department: tables, files, reports, sources and places are deleted.

A real portal never uses this: there rows leave only by runs, which are checked.
"""

from __future__ import annotations

import shutil

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.describe import describe_anew, forget_rows
from ckanext.cpdi.catalog.parts import PLACES, resource_id
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.declare.departments.offer import offer
from ckanext.cpdi.jobs import figures, kinds
from ckanext.cpdi.jobs.ckan_harvest import HarvestSource
from ckanext.cpdi.pipeline import approval, publish
from ckanext.cpdi.pipeline.claim import dataset_claim
from ckanext.cpdi.pipeline.reports import shelf
from ckanext.cpdi.publish import place_files
from ckanext.cpdi.store import RunRow, Store

SAMPLE = "Sample feed: "
"""The prefix of the titles of a sample's harvest sources, which are the labels of its runs."""


def last_runs(store: Store) -> dict[str, RunRow]:
    """Return the last good run of each table that has a feed, by dataset; none for a table without a run.

    Figures that are printed in reports have none of their own: they come and go with the reports.
    """
    library = config.library()
    printed = {series.figures.dataset for series in library.datasets.values() if series.figures}
    tables = [table.name for table in library.tables if table.name not in printed]
    runs = ((name, store.ledger.last_finished(name)) for name in tables)
    return {name: run for name, run in runs if run is not None}


def is_sample(run: RunRow) -> bool:
    """Return whether the run loaded a demo's sample feed."""
    return run.feed_label.startswith(SAMPLE)


def is_by_profile(run: RunRow, profile: Profile) -> bool:
    """Return whether the run used a version of this profile."""
    return _department(run) == profile.name


def clear(store: Store, profile: Profile) -> None:
    """Delete everything that the demo has loaded, so that the next feed is the first of the department of ``profile``.

    Places are deleted as well, since another feed has other streets; approvals and the deny list stay. Raises
    DatasetBusy where a run is under way.
    """
    for run in last_runs(store).values():
        config.places_path(_department(run)).unlink(missing_ok=True)
    for dataset in config.library().tables:
        with dataset_claim(dataset.name):
            store.tables.forget(dataset.name, resource_id(dataset.name))
            shutil.rmtree(config.files_path() / dataset.name, ignore_errors=True)
            publish.remember_profile(dataset.name, "")
            forget_rows(dataset)
            _delete_sources(dataset)
    for name in kinds.series():
        with dataset_claim(name):
            store.intake.forget(name)
            shelf.remove(name)
            kinds.follow(name)
            figures.forget(name)
            _delete_sources(config.library().dataset(name))
    _delete_places(store)
    describe_anew(profile)
    for dataset in offer(profile, config.library()):  # an earlier department's may have been withdrawn
        approval.open_approved(store, dataset.name)


def _delete_places(store: Store) -> None:
    """Delete the published places: their files, their table and their dataset, which the next places make anew."""
    shutil.rmtree(config.files_path() / place_files.FOLDER, ignore_errors=True)
    store.tables.drop(resource_id(PLACES))
    package = model.Package.get(PLACES)
    if package is not None:
        for action in ("package_delete", "dataset_purge"):
            tk.get_action(action)(portal_user(), {"id": package.id})


def _department(run: RunRow) -> str:
    """Return the name of the profile that the run used."""
    return run.profile_version.rpartition(" ")[0]


def _delete_sources(dataset: Dataset) -> None:
    """Delete the harvest sources of files in the drop folder that fill ``dataset``."""
    ours = model.Session.query(HarvestSource).filter(
        HarvestSource.active.is_(True), HarvestSource.url.startswith("drop:")
    )
    for source in [source for source in ours if f'"{dataset.name}"' in (source.config or "")]:
        tk.get_action("harvest_source_delete")(portal_user(), {"id": source.id})

"""One load of one feed, from wherever it is asked for: the catalogue is made ready, then the night runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.cpdi import config
from ckanext.cpdi.harvesters import after, alert, approval
from ckanext.cpdi.harvesters.claim import dataset_claim

if TYPE_CHECKING:
    from ckanext.cpdi.declare import SyncRule
    from ckanext.cpdi.harvesters.night import NightReport


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
    """Load the feed at ``location`` into ``dataset``, which is made where it is missing.

    ``location`` is what a harvest source may name, or, with ``trusted_path``, a path that the operator gave.
    ``profile`` is a name or a path, empty for the site's own. ``force`` runs a feed that has not changed since the last
    run. ``rule`` says what becomes of rows that the feed lacks, where that is not as the profile says.
    Raises DatasetBusy where another run of the dataset is at work, KeyError for a dataset that is not declared,
    DeclarationError for a profile that cannot be used.
    """
    from ckanext.cpdi.catalog.department import ensure_dataset, ensure_organization
    from ckanext.cpdi.harvesters.night import run_night

    declared = config.library().dataset(dataset)
    department = config.profile(profile)
    ensure_organization()
    ensure_dataset(declared)
    with dataset_claim(dataset):
        with config.store() as store:
            approval.enforce(store, dataset)
        report = run_night(
            dataset,
            location,
            department,
            label=label,
            trusted_path=trusted_path,
            force=force,
            rule=rule,
            named=profile,
        )
        if report.state in ("published", "unchanged"):
            after.remember(dataset, profile)
    alert.tell(report)
    return report

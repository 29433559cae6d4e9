"""What a run does by what its dataset is: rows go into a table, reports into the archive of a series."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ckanext.cpdi import config
from ckanext.cpdi.pipeline import approval, publish
from ckanext.cpdi.pipeline.reports import publication

if TYPE_CHECKING:
    from ckanext.cpdi.declare import Dataset, Profile
    from ckanext.cpdi.pipeline.context import RunContext
    from ckanext.cpdi.pipeline.report import NightReport
    from ckanext.cpdi.store import Store


@dataclass(frozen=True)
class Kind:
    """What is run where.

    ``prepare`` makes a dataset ready for a run, in the catalogue as well; ``runner`` gives what does the run, loaded
    when it is needed; ``finish`` remembers
    what a good run was done with; ``follow`` brings files and page to what the run published, and is cheap where they
    are there; it raises FollowUpError.
    """

    prepare: Callable[[Store, str], object]
    runner: Callable[[], Callable[[RunContext], NightReport]]
    finish: Callable[[str, str], None]
    follow: Callable[[str, Profile], tuple[bool, bool]]


def kind_of(dataset: Dataset) -> Kind:
    """Return the kind of a table or a series."""
    return _SERIES if dataset.table is None else _TABLE


def follow(dataset: str) -> tuple[bool, bool]:
    """Bring files and page of ``dataset`` up to date.

    Returns whether a file was built, and whether the page was updated. Raises FollowUpError where they could not
    follow.
    """
    return kind_of(config.library().dataset(dataset)).follow(dataset, publish.profile_of(dataset))


def series() -> list[str]:
    """Return the names of the series of reports."""
    return [dataset.name for dataset in config.library().datasets.values() if dataset.table is None]


def _table_runner() -> Callable[[RunContext], NightReport]:
    from ckanext.cpdi.pipeline.run import run_night

    return run_night


def _series_runner() -> Callable[[RunContext], NightReport]:
    from ckanext.cpdi.pipeline.reports.run import run_series

    return run_series


def _nothing(*_: object) -> None:
    """Do nothing: reports have no rules of masking to approve, and no zone of their own."""


_TABLE = Kind(approval.enforce, _table_runner, publish.remember_profile, publish.publish)
_SERIES = Kind(_nothing, _series_runner, _nothing, publication.publish)

"""Series of reports as a service reads them: which there are, who may, through the services' own connections."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.selection.pool import transaction
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.leave import cancelled_with_client

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

SERIES = "report-series"
"""The type of a dataset that is a series of reports."""


def declared() -> tuple[Dataset, ...]:
    """Return the declared series, in their order."""
    return tuple(dataset for dataset in config.library().datasets.values() if dataset.type == SERIES)


def readable(name: str) -> tuple[Dataset, Readers]:
    """Return the series called ``name``, and who may read it; raise ObjectNotFound where this reader may not.

    A private or deleted series is as one that was never there.
    """
    dataset = config.library().datasets.get(name)
    allowed = readers(name) if dataset and dataset.type == SERIES else Readers.NOBODY
    if dataset is None or allowed is Readers.NOBODY:
        raise tk.ObjectNotFound
    return dataset, allowed


def all_readable() -> tuple[Dataset, ...]:
    """Return the series that this reader may read."""
    return tuple(dataset for dataset in declared() if readers(dataset.name) is not Readers.NOBODY)


def today() -> date:
    """Return the department's day."""
    return datetime.now(config.profile().zone).date()


@contextmanager
def open_archive() -> Generator[Connection]:
    """Open the archive for one question; what the database does for it ends when the client leaves."""
    with (
        transaction(config.read_dsn(), config.limits().query_seconds) as connection,
        cancelled_with_client(connection),
    ):
        yield connection


def period_of(edition: Edition) -> str:
    """Return the name of an edition's period."""
    return report_files.period_name(edition.period_start, edition.period_end)


def page_path(edition: Edition) -> str:
    """Return the path on the site of the page that shows the report of an edition's period."""
    return f"{report_files.ROOT}{edition.series}/{period_of(edition)}"


def edition_of(connection: Connection, series: str, period: str, number: int | None = None) -> Edition:
    """Return an edition of the report of ``period``, the present one without ``number``.

    Raises ObjectNotFound where there is none, or the report's period has another name.
    """
    end = report_files.period_end(period)
    edition = archive.edition(connection, series, end, number) if end else None
    if edition is None or period_of(edition) != period:
        raise tk.ObjectNotFound
    return edition

"""Reports of a series as files of its entry, from the archive: for pages, which do not ask CKAN for its resources."""

from __future__ import annotations

from functools import lru_cache

import psycopg

from ckanext.cpdi import addresses
from ckanext.cpdi.catalog.reports import title
from ckanext.cpdi.publish.report_files import address
from ckanext.cpdi.selection.errors import BusyError, TooSlowError
from ckanext.cpdi.selection.reports import archive
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.services.dcat.entry import File
from ckanext.cpdi.services.reports.series import open_archive, period_of


def archived(series: str) -> tuple[File, ...]:
    """Return the present reports of ``series``, the latest first; none where the archive cannot be read."""
    try:
        with open_archive() as connection:
            version = archive.version(connection, series)
        return _of_version(series, version) if version else ()
    except (BusyError, TooSlowError, psycopg.Error):
        return ()


@lru_cache(maxsize=16)
def _of_version(series: str, version: int) -> tuple[File, ...]:  # noqa: ARG001  a key of the cache
    with open_archive() as connection:
        editions = archive.editions(connection, series)
    return tuple(_file(edition) for edition in editions if edition.present)


def _file(edition: Edition) -> File:
    period = period_of(edition)
    return File(
        title=title(edition.period_start, edition.period_end, edition.edition),
        url=addresses.url(address(edition.series, period)),
        media_type="application/pdf",
        format="PDF",
        size=edition.size,
        sha256=edition.clean_sha256,
        language=edition.language,
        issued=edition.published.date().isoformat(),
        modified=edition.published,
        first=edition.period_start,
        last=edition.period_end,
    )

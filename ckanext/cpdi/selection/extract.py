"""Chosen rows as a part that formats of files write, read while they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ckanext.cpdi.declare import Dataset, Profile
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.rows.source import Source, select_list
from ckanext.cpdi.publish.site import Site
from ckanext.cpdi.query.question import Selection
from ckanext.cpdi.selection.reader import Reader

if TYPE_CHECKING:
    import polars as pl


def extract(
    reader: Reader, dataset: Dataset, profile: Profile, site: Site, selection: Selection, rows: int, year: int | None
) -> Extract:
    """Return the ``rows`` rows of ``selection``, of ``year`` or of all years, as long as the transaction of ``reader``
    is open.
    """

    def batches() -> Iterator[pl.DataFrame]:
        writer = reader.writer()
        statement = writer.select(selection, select_list(dataset.rows))
        return Source(reader.connection).copy(statement, writer.values, dataset.rows, profile.time_zone)

    state = reader.state
    return Extract(dataset, profile, site, state.version, state.published_at, year, rows, batches)

"""Chosen rows as a part that formats of files write, read while they are written.

They come from the columnar file of the version, whose rows lie in the order of files, and else from the database.
"""

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

BATCH = 8_000
"""Rows of a batch of a columnar file: a worker holds 30 MB more meanwhile, of twice as many rows 45."""


def extract(
    reader: Reader, dataset: Dataset, profile: Profile, site: Site, selection: Selection, rows: int, year: int | None
) -> Extract:
    """Return the ``rows`` rows of ``selection``, of ``year`` or of all years, as long as the transaction of ``reader``
    is open.
    """

    def batches() -> Iterator[pl.DataFrame]:
        rows = reader.by_columns(lambda columns: columns.batches(selection, BATCH))
        return _read(reader, dataset, profile, selection) if rows is None else _as_in_files(rows, dataset, profile)

    state = reader.state
    return Extract(dataset, profile, site, state.version, state.published_at, year, rows, batches)


def _read(reader: Reader, dataset: Dataset, profile: Profile, selection: Selection) -> Iterator[pl.DataFrame]:
    """Yield the rows of the database."""
    writer = reader.writer()
    statement = writer.select(selection, select_list(dataset.rows))
    return Source(reader.connection).copy(statement, writer.values, dataset.rows, profile.time_zone)


def _as_in_files(rows: Iterator[pl.DataFrame], dataset: Dataset, profile: Profile) -> Iterator[pl.DataFrame]:
    """Yield the rows of a columnar file with the types that files are written from."""
    from ckanext.cpdi.publish.rows.columns import schema

    kinds = dict(schema(dataset.rows, profile.time_zone))
    for batch in rows:
        yield batch.cast(kinds)  # pyright: ignore[reportArgumentType]  names with their types

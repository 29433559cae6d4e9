"""The series of reports beside a table that has rows of the same events."""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.cpdi.declare import Library


@dataclass(frozen=True)
class SeriesBeside:
    """A series whose reports tell of what a table has rows of."""

    name: str
    title: str


def series_beside(name: str, library: Library, language: str) -> tuple[SeriesBeside, ...]:
    """Return the series that name the table ``name`` as the rows of their reports."""
    series = [dataset for dataset in library.datasets.values() if dataset.rows_from == name]
    return tuple(SeriesBeside(dataset.name, dataset.title.get(language)) for dataset in series)

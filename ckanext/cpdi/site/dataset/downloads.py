"""The published files of a dataset: the default view, all years and single years, in each format."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.address import Address, address_of
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs.ledger import Year

_ALL = Text("All years", "Todos los años")
_SINCE = Text("Since {day}", "Desde el {day}")
_MAIN = ("csv", "kml", "shp.zip", "geojson")
"""Formats on the home page, in this order; the dataset's page has every format."""


@dataclass(frozen=True)
class File:
    """A file that can be downloaded, with its size in words and in bytes."""

    extension: str
    title: str
    url: str
    size: str
    octets: int


@dataclass(frozen=True)
class FileRow:
    """A line of the table: a year (or all years), its number of rows, and a file or None for each format."""

    label: str
    rows: str
    files: tuple[File | None, ...]


@dataclass(frozen=True)
class FileTable:
    """Years by formats; ``formats`` are the titles of the columns."""

    formats: tuple[str, ...]
    rows: tuple[FileRow, ...]


def main_files(folder: Path, dataset: Dataset, year: int | None, language: str) -> tuple[File, ...]:
    """Return the files of the default view, which now shows ``year``, in the formats of the home page."""
    published = _files(folder, dataset, language)
    files = (published.get((extension, year)) for extension in _MAIN)
    return tuple(_with_plain_address(file, dataset) for file in files if file)


def table(
    folder: Path, dataset: Dataset, year: int | None, rows: int, years: Iterable[Year], language: str
) -> FileTable:
    """Return all files of ``dataset``: the default view, then the whole table, then the years, the latest first.

    ``year`` is the year that the default view now shows, None where it shows the whole table. Formats and years
    without a file are left out.
    """
    published = _files(folder, dataset, language)
    shown = [extension for extension in formats() if any(extension == key for key, _ in published)]
    counts = {shown_year.year: shown_year.rows for shown_year in years}

    def line(label: str, count: int, of: int | None, plain: bool = False) -> FileRow:
        files = (published.get((extension, of)) for extension in shown)
        placed = tuple(_with_plain_address(file, dataset) if file and plain else file for file in files)
        return FileRow(label, words.number(count, language), placed)

    running = [line(since_label(year, language), counts.get(year, 0), year, plain=True)] if year else []
    each_year = (line(str(number), count, number) for number, count in counts.items())
    lines = [*running, line(_ALL.get(language), rows, None), *each_year]
    return FileTable(
        formats=tuple(formats()[extension].title_of(dataset.rows).get(language) for extension in shown),
        rows=tuple(row for row in lines if any(row.files)),
    )


def titles(extensions: Iterable[str], language: str) -> tuple[str, ...]:
    """Return the titles of the formats ``extensions``."""
    return tuple(formats()[extension].title.get(language) for extension in extensions)


def since_label(year: int, language: str) -> str:
    """Return the label of the current year's rows: ``Since January 1, 2026``."""
    return _SINCE.get(language).format(day=words.long_day(date(year, 1, 1), language))


def _with_plain_address(file: File, dataset: Dataset) -> File:
    """Return a file with the address of the default view, which never changes."""
    return replace(file, url=Address(dataset.name, None, file.extension).path)


def _files(folder: Path, dataset: Dataset, language: str) -> dict[tuple[str, int | None], File]:
    """Return the files in the snapshot store, by extension and year."""
    return {
        (snapshot.extension, snapshot.year): File(
            extension=snapshot.extension,
            title=formats()[snapshot.extension].title_of(dataset.rows).get(language),
            url=address_of(dataset, snapshot.year, snapshot.extension).path,
            size=words.size(snapshot.size, language),
            octets=snapshot.size,
        )
        for snapshot in snapshot_store.files(folder, dataset.name)
    }

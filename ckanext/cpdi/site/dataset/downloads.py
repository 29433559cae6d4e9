"""The files of a dataset that stand on the shelf: the default view, the whole table, and years, by formats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.publish.address import Address, address_of
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs.ledger import Year

_ALL = Text("All years", "Todos los años")
_SINCE = Text("Since {day}", "Desde el {day}")
_MAIN = ("csv", "kml", "shp.zip", "geojson")
"""What the home page offers, in this order; the dataset's page has every format."""


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
    """One line of the table: a year (or all of them), its rows in words, and a file or None for each format."""

    label: str
    rows: str
    files: tuple[File | None, ...]


@dataclass(frozen=True)
class FileTable:
    """Years by formats; ``formats`` are the titles of the columns."""

    formats: tuple[str, ...]
    rows: tuple[FileRow, ...]


def main_files(folder: Path, dataset: Dataset, year: int | None, language: str) -> tuple[File, ...]:
    """Return the files of the default view, which now shows ``year``, in the formats that most people want."""
    found = _files(folder, dataset, language)
    files = (found.get((extension, year)) for extension in _MAIN)
    return tuple(_plain(file, dataset) for file in files if file)


def table(
    folder: Path, dataset: Dataset, year: int | None, rows: int, years: Iterable[Year], language: str
) -> FileTable:
    """Return all files of ``dataset``: the default view and the whole table first, then the years, the latest on top.

    ``year`` is the one that the default view now shows, None where that is the whole table. Formats and years without
    any file are left out.
    """
    found = _files(folder, dataset, language)
    shown = [extension for extension in formats() if any(extension == key for key, _ in found)]
    counts = {one.year: one.rows for one in years}

    def line(label: str, count: int, of: int | None, plain: bool = False) -> FileRow:
        files = (found.get((extension, of)) for extension in shown)
        placed = tuple(_plain(file, dataset) if file and plain else file for file in files)
        return FileRow(label, words.number(count, language), placed)

    running = [line(since(year, language), counts.get(year, 0), year, plain=True)] if year else []
    lines = [*running, line(_ALL.get(language), rows, None), *(line(str(one), counts[one], one) for one in counts)]
    return FileTable(
        formats=tuple(formats()[extension].title.get(language) for extension in shown),
        rows=tuple(one for one in lines if any(one.files)),
    )


def titles(extensions: Iterable[str], language: str) -> tuple[str, ...]:
    """Return the titles of those of the formats ``extensions`` that this portal makes files in."""
    return tuple(formats()[one].title.get(language) for one in extensions if one in config.formats())


def since(year: int, language: str) -> str:
    """Return how the rows of the current year are called: ``Since January 1, 2026``."""
    return _SINCE.get(language).format(day=words.long_day(date(year, 1, 1), language))


def _plain(file: File, dataset: Dataset) -> File:
    """Return a file at the address that never changes."""
    return replace(file, url=Address(dataset.name, None, file.extension).path)


def _files(folder: Path, dataset: Dataset, language: str) -> dict[tuple[str, int | None], File]:
    """Return what stands on the shelf, by extension and year."""
    return {
        (one.extension, one.year): File(
            extension=one.extension,
            title=formats()[one.extension].title.get(language),
            url=address_of(dataset, one.year, one.extension).path,
            size=words.size(one.size, language),
            octets=one.size,
        )
        for one in snapshot_store.files(folder, dataset.name)
    }

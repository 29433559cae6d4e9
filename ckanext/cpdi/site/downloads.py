"""The files of a dataset that stand on the shelf: the whole table, and a compact table of years by formats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish import shelf
from ckanext.cpdi.publish.address import Address
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.site import words
from ckanext.cpdi.site.ledger import Year

_ALL = Text("All years", "Todos los años")
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


def main_files(folder: Path, dataset: str, language: str) -> tuple[File, ...]:
    """Return the whole-table files in the formats that most people want."""
    found = _files(folder, dataset, language)
    return tuple(found[extension, None] for extension in _MAIN if (extension, None) in found)


def table(folder: Path, dataset: str, rows: int, years: Iterable[Year], language: str) -> FileTable:
    """Return all files of ``dataset``: the whole table first, then the years, the latest on top.

    Formats and years without any file are left out.
    """
    found = _files(folder, dataset, language)
    shown = [extension for extension in formats() if any(extension == key for key, _ in found)]

    def line(label: str, count: int, year: int | None) -> FileRow:
        files = tuple(found.get((extension, year)) for extension in shown)
        return FileRow(label, words.number(count, language), files)

    lines = [line(_ALL.get(language), rows, None), *(line(str(one.year), one.rows, one.year) for one in years)]
    return FileTable(
        formats=tuple(formats()[extension].title.get(language) for extension in shown),
        rows=tuple(one for one in lines if any(one.files)),
    )


def _files(folder: Path, dataset: str, language: str) -> dict[tuple[str, int | None], File]:
    """Return what stands on the shelf, by extension and year."""
    return {
        (one.extension, one.year): File(
            extension=one.extension,
            title=formats()[one.extension].title.get(language),
            url=Address(dataset, one.year, one.extension).path,
            size=words.size(one.size, language),
            octets=one.size,
        )
        for one in shelf.files(folder, dataset)
    }

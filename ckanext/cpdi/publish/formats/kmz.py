"""KMZ: the KML, compressed; that of a large table has one document a year, as the years' own files have it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.archive import CHUNK, Archive
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.formats.kml import Kml, links
from ckanext.cpdi.publish.packed import Packed

DOCUMENT = "doc.kml"
"""What a viewer opens first."""
LONGEST_ROW = 16_384
"""Bytes of a placemark at most, as far as sizes are guessed ahead."""


class Kmz(Format):
    """A ZIP with the KML document, a Data Package and a README."""

    extension = "kmz"
    title = Text("KMZ (compressed KML)", "KMZ (KML comprimido)")
    media_type = "application/vnd.google-earth.kmz"
    order = 3
    spatial = True
    cell = 3
    made_from = Kml.extension

    def write(self, extract: Extract, path: Path) -> None:
        """Stream the KML into the archive."""
        with Archive(path, extract, self) as archive:
            archive.add(DOCUMENT, Kml().stream(extract), extract.rows * LONGEST_ROW, rows=True)

    def wrap(self, extract: Extract, source: Path, path: Path) -> None:
        """Put the KML that is there into the archive as it lies, packed."""
        with Archive(path, extract, self) as archive:
            archive.add_packed(DOCUMENT, Packed.of(source), rows=True)

    def join(self, extract: Extract, pieces: Sequence[tuple[Extract, Path]], path: Path) -> None:
        """String the documents of the years together; where that is too large, take each in as it lies, compressed."""
        size = sum(_size(source) for _, source in pieces)
        with Archive(path, extract, self) as archive:
            if size <= Kml.limit:
                archive.add(DOCUMENT, _strung(extract, pieces), size, rows=True)
                return
            names = [f"{piece.year}.kml" for piece, _ in pieces]
            years = [piece for piece, _ in pieces]
            archive.add(DOCUMENT, [links(extract, zip(years, names, strict=True))], 0)
            for name, (_, source) in zip(names, pieces, strict=True):
                archive.add_entry(name, source, DOCUMENT)


def _size(source: Path) -> int:
    """Return the bytes of the document in a KMZ."""
    with zipfile.ZipFile(source) as archive:
        return archive.getinfo(DOCUMENT).file_size


def _strung(extract: Extract, pieces: Sequence[tuple[Extract, Path]]) -> Iterator[bytes]:
    """Yield one document with the rows of all ``pieces``."""
    kml = Kml()
    yield kml.head(extract)
    for piece, source in pieces:
        with zipfile.ZipFile(source) as archive, archive.open(DOCUMENT) as document:
            rest = archive.getinfo(DOCUMENT).file_size - len(document.read(len(kml.head(piece)))) - len(kml.tail)
            while rest > 0:
                block = document.read(min(rest, CHUNK))
                rest -= len(block)
                yield block
    yield kml.tail

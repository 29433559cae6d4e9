"""KMZ: the KML, compressed."""

from __future__ import annotations

from pathlib import Path

from ckanext.cpdi.declare import Text
from ckanext.cpdi.publish.archive import CHUNK, Archive
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.formats.kml import Kml

LONGEST_ROW = 16_384
"""Bytes of a placemark at most, as far as sizes are guessed ahead."""


class Kmz(Format):
    """A ZIP with the KML document, a Data Package and a README."""

    extension = "kmz"
    title = Text("KMZ (compressed KML)", "KMZ (KML comprimido)")
    media_type = "application/vnd.google-earth.kmz"
    order = 3
    made_from = Kml.extension

    def write(self, extract: Extract, path: Path) -> None:
        """Stream the KML into the archive."""
        with Archive(path, extract, self) as archive:
            archive.add("doc.kml", Kml().stream(extract), extract.rows * LONGEST_ROW, rows=True)

    def wrap(self, extract: Extract, source: Path, path: Path) -> None:
        """Compress the KML that is there already."""
        with Archive(path, extract, self) as archive, source.open("rb") as file:
            archive.add("doc.kml", iter(lambda: file.read(CHUNK), b""), source.stat().st_size, rows=True)

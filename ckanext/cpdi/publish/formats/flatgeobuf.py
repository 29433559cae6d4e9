"""FlatGeobuf 3: features one behind the other, which GIS programs and browsers read while they arrive.

There is no index: the format's own leaves no room for a row without a place, and GDAL refuses to write one then. So
the header says neither how many rows follow nor where they lie, and years and streams are strung together as they are.
https://github.com/flatgeobuf/flatgeobuf
"""

# pyarrow and pyogrio have no type stubs: what they return is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import io
import struct

import polars as pl

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import StreamFormat
from ckanext.cpdi.publish.rows.arrow import GEOMETRY, to_arrow
from ckanext.cpdi.publish.rows.columns import schema
from ckanext.cpdi.publish.rows.offset import with_offset

_MAGIC = 8
"""Bytes before the header, which begins with its size as a 32-bit number."""


class FlatGeobuf(StreamFormat):
    """Typed features for maps that read while they load."""

    extension = "fgb"
    title = Text("FlatGeobuf", "FlatGeobuf")
    media_type = "application/vnd.flatgeobuf"
    order = 8
    spatial = True
    cell = 10

    def shape(self, table: Table) -> Table:
        """Return the table with the offset of its wall times."""
        return with_offset(table)

    def head(self, extract: Extract) -> bytes:
        """Return the magic bytes and the header, as GDAL writes them for a table without rows."""
        return _written(extract, pl.DataFrame(schema=schema(extract.table, extract.zone)))

    def rows(self, extract: Extract, batch: pl.DataFrame) -> bytes:
        """Return the features of ``batch``, each with its size before it."""
        content = _written(extract, batch)
        (size,) = struct.unpack_from("<I", content, _MAGIC)
        return content[_MAGIC + 4 + size :]


def _written(extract: Extract, frame: pl.DataFrame) -> bytes:
    """Return a whole file of ``frame``."""
    import pyogrio  # not before it is needed: it takes as long as half of CKAN's start, and every run lists formats

    content = io.BytesIO()
    pyogrio.write_arrow(
        to_arrow(frame, extract.table),
        content,
        layer=extract.name,
        driver="FlatGeobuf",
        geometry_name=GEOMETRY,
        geometry_type="Point",
        crs="EPSG:4326",
        layer_options={
            "SPATIAL_INDEX": "NO",
            "TITLE": extract.title,
            "DESCRIPTION": extract.dataset.description.en,
        },
    )
    return content.getvalue()

"""GeoPackage: one layer of points in WGS 84 with a spatial index, instants in UTC as the standard has it."""

# pyarrow and pyogrio have no type stubs: what they return is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow as pa

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish.arrow import GEOMETRY, to_arrow
from ckanext.cpdi.publish.columns import schema
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.offset import with_offset


class GeoPackage(Format):
    """One file for GIS programs, with full field names and types."""

    extension = "gpkg"
    title = Text("GeoPackage", "GeoPackage")
    media_type = "application/geopackage+sqlite3"
    order = 6
    cell = 13
    least = 140_000

    def shape(self, table: Table) -> Table:
        """Return the table with the offset of its wall times."""
        return with_offset(table)

    def write(self, extract: Extract, path: Path) -> None:
        """Stream the rows through GDAL, which builds the index last."""
        import pyogrio  # not before it is needed: it takes as long as half of CKAN's start, and every run lists formats

        empty = to_arrow(pl.DataFrame(schema=schema(extract.table, extract.zone)), extract.table)
        batches = (one for frame in extract.batches() for one in to_arrow(frame, extract.table).to_batches())
        pyogrio.write_arrow(
            pa.RecordBatchReader.from_batches(empty.schema, batches),
            path,
            layer=extract.name,
            driver="GPKG",
            geometry_name=GEOMETRY,
            geometry_type="Point",
            crs="EPSG:4326",
            dataset_options={"VERSION": "1.2"},  # what older programs read without a warning
            layer_options={"IDENTIFIER": extract.title, "DESCRIPTION": extract.dataset.description.en},
        )

"""GeoParquet 1.1: typed columns, instants in UTC, points as well-known binary with their reference system.

The file of a table without points is plain Parquet.
"""

# pyarrow has no type stubs: what it returns is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pyproj

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.rows.arrow import GEOMETRY, to_arrow
from ckanext.cpdi.publish.rows.columns import axes, schema
from ckanext.cpdi.publish.rows.offset import with_offset
from ckanext.cpdi.publish.table_schema import table_schema

_PLAIN = Text("Parquet", "Parquet")
_BOX = ("min_x", "min_y", "max_x", "max_y")
GROUP = 64_000
"""Rows of a row group: what a reader takes at once."""


class Parquet(Format):
    """Columns for data science: exact types, small and fast."""

    extension = "parquet"
    title = Text("GeoParquet", "GeoParquet")
    media_type = "application/vnd.apache.parquet"
    order = 7
    always = True  # what the next build reads the years from that did not change
    cell = 2

    def title_of(self, table: Table) -> Text:
        """Return GeoParquet, or Parquet for a table without points."""
        return self.title if table.point else _PLAIN

    def shape(self, table: Table) -> Table:
        """Return the table with the offset of its wall times."""
        return with_offset(table)

    def describe(self, table: Table) -> dict[str, object]:
        """Return the columns under a key of our own, and a format that Frictionless takes for a file and no table.

        As a table it finds faults in what is right: the points are no column of the schema, a number that is not there
        is NaN to it and below every minimum, a time that is not there an error, and bytes are not counted.
        """
        return {"format": self.title_of(table).en.lower(), "cpdi:schema": table_schema(self.shape(table))}

    def join(self, extract: Extract, pieces: Sequence[tuple[Extract, Path]], path: Path) -> None:
        """Copy the row groups of each piece's file."""
        boxes: list[list[float]] = []
        with pq.ParquetWriter(path, _schema(extract), compression="zstd") as writer:
            for _, source in pieces:
                with pq.ParquetFile(source) as file:
                    for group in range(file.num_row_groups):
                        writer.write_table(file.read_row_group(group).replace_schema_metadata(None))
                    geo = json.loads((file.metadata.metadata or {}).get(b"geo", b'{"columns": {}}'))
                    boxes += [box for column in geo["columns"].values() if (box := column.get("bbox"))]
            bounds = pl.DataFrame(boxes, dict.fromkeys(_BOX, pl.Float64), orient="row")
            if extract.table.point:
                writer.add_key_value_metadata({"geo": json.dumps(_metadata(bounds))})

    def write(self, extract: Extract, path: Path) -> None:
        """Write row group by row group; the metadata of the points last, since it holds their extent."""
        empty = pl.DataFrame(schema=schema(extract.table, extract.zone))
        bounds = empty.select(_bounds(extract.table))
        with pq.ParquetWriter(path, _schema(extract), compression="zstd") as writer:
            for frame in _groups(extract.batches()):
                writer.write_table(to_arrow(frame, extract.table), row_group_size=GROUP)
                bounds.extend(frame.select(_bounds(extract.table)))
            if extract.table.point:
                writer.add_key_value_metadata({"geo": json.dumps(_metadata(bounds))})


def _schema(extract: Extract) -> Any:  # noqa: ANN401  a pyarrow.Schema, which is untyped
    """Return the columns of a file."""
    return to_arrow(pl.DataFrame(schema=schema(extract.table, extract.zone)), extract.table).schema


def _groups(batches: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield the rows of ``batches`` in frames of about one row group."""
    held: list[pl.DataFrame] = []
    for batch in batches:
        held.append(batch)
        if sum(frame.height for frame in held) >= GROUP:
            yield pl.concat(held, rechunk=True)
            held = []
    if held:
        yield pl.concat(held, rechunk=True)


def _bounds(table: Table) -> list[pl.Expr]:
    """Return the extent of a frame's points; nothing for a table without any."""
    if table.point is None:
        return []
    x, y = axes(table)
    return [end.alias(name) for name, end in zip(_BOX, (x.min(), y.min(), x.max(), y.max()), strict=True)]


def _metadata(bounds: pl.DataFrame) -> dict[str, object]:
    """Return the metadata that makes the file a GeoParquet.

    The reference system is written out, since a reader takes a file without one for OGC:CRS84, which is the same on the
    ground and not equal to what a GeoPackage says. Whatever it says of axes, the points are longitude, latitude.
    """
    crs = pyproj.CRS.from_epsg(4326).to_json_dict()
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"], "crs": crs}
    box = [*bounds.select(_BOX[:2]).min().row(0), *bounds.select(_BOX[2:]).max().row(0)]
    if None not in box:
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}

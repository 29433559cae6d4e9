"""GeoParquet 1.1: typed columns, instants in the department's zone, points as well-known binary."""

# pyarrow has no type stubs: what it returns is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish.arrow import GEOMETRY, to_arrow
from ckanext.cpdi.publish.columns import schema
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.part import Part

GROUP = 100_000
"""Rows of a row group: what a reader takes at once."""


class Parquet(Format):
    """Columns for data science: exact types, small and fast."""

    extension = "parquet"
    title = Text("GeoParquet", "GeoParquet")
    media_type = "application/vnd.apache.parquet"
    order = 7

    def write(self, part: Part, path: Path) -> None:
        """Write row group by row group; the metadata of the points last, since it holds their extent."""
        empty = pl.DataFrame(schema=schema(part.table, part.zone))
        bounds = empty.select(_bounds(part.table))
        with pq.ParquetWriter(path, to_arrow(empty, part.table).schema, compression="zstd") as writer:
            for frame in _groups(part.batches()):
                writer.write_table(to_arrow(frame, part.table), row_group_size=GROUP)
                bounds.extend(frame.select(_bounds(part.table)))
            writer.add_key_value_metadata({"geo": json.dumps(_metadata(bounds))})


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
    """Return the extent of a frame's points."""
    x, y = pl.col(table.longitude), pl.col(table.latitude)
    return [x.min().alias("min_x"), y.min().alias("min_y"), x.max().alias("max_x"), y.max().alias("max_y")]


def _metadata(bounds: pl.DataFrame) -> dict[str, object]:
    """Return the metadata that makes the file a GeoParquet; longitude and latitude in WGS 84 are its default."""
    column: dict[str, object] = {"encoding": "WKB", "geometry_types": ["Point"]}
    box = [*bounds.select("min_x", "min_y").min().row(0), *bounds.select("max_x", "max_y").max().row(0)]
    if None not in box:
        column["bbox"] = box
    return {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}

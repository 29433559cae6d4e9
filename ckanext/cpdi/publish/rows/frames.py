"""Frames from what the database sends."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import polars as pl

from ckanext.cpdi.declare import Table
from ckanext.cpdi.publish.rows.columns import schema


def from_copy(block: bytes, table: Table, zone: str) -> pl.DataFrame:
    """Return lines of COPY as a frame with the columns of :func:`schema`; ``zone`` is that of its instants."""
    wanted = schema(table, zone)
    wire: dict[type[pl.DataType], type[pl.DataType]] = {pl.Boolean: pl.String, pl.Date: pl.Int32, pl.Datetime: pl.Int64}
    lines = {name: wire.get(kind.base_type(), kind) for name, kind in wanted.items()}
    frame = pl.read_csv(io.BytesIO(block), has_header=False, schema=lines)
    return frame.select(_typed(name, kind) for name, kind in wanted.items())


def _typed(name: str, kind: pl.DataType) -> pl.Expr:
    """Return the column in the type that it has in a frame."""
    column = pl.col(name)
    if isinstance(kind, pl.Boolean):
        return column == "t"
    if isinstance(kind, pl.Datetime):
        return column.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(kind.time_zone or "UTC")
    return column.cast(kind)


def from_counts(rows: Sequence[tuple[Any, ...]]) -> pl.DataFrame:
    """Return counts of filled fields as a frame: ``month``, ``category``, ``field``, ``rows`` and ``filled``."""
    columns = {"month": pl.String, "category": pl.String, "field": pl.String, "rows": pl.Int64, "filled": pl.Int64}
    return pl.DataFrame(rows, columns, orient="row")

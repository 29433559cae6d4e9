"""Frames as Arrow tables, which GeoPackage and Parquet are written from: instants in UTC, the offset of each row's wall
times, a point geometry in well-known binary.
"""

# pyarrow has no type stubs: what it returns is unknown to a strict checker.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportMissingTypeStubs=false, reportUnknownParameterType=false

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ckanext.cpdi.declare import Table
from ckanext.cpdi.publish.rows.columns import axes, has_point, offset
from ckanext.cpdi.publish.rows.offset import instants, with_offset

GEOMETRY = "geometry"
DAMAGED: tuple[type[Exception], ...] = (pa.ArrowException, OSError)
"""What reading a Parquet file that is none raises; an OSError with a number is the system's."""
WKB = np.dtype([("order", "u1"), ("type", "<u4"), ("x", "<f8"), ("y", "<f8")])


def to_arrow(frame: pl.DataFrame, table: Table) -> Any:  # noqa: ANN401  a pyarrow.Table, which is untyped
    """Return ``frame`` with the offset of its times and, at its end, a column ``geometry`` where the table has points.

    Instants are in UTC: GDAL writes those of a named zone into a GeoPackage as if they had none.
    """
    columns = _in_utc(frame, table).to_arrow(compat_level=pl.CompatLevel.oldest())
    if table.point is None:
        return columns
    return columns.append_column(pa.field(GEOMETRY, pa.binary()), _points(frame, table))


def read(path: Path, table: Table, zone: str, rows: int) -> Iterator[pl.DataFrame]:
    """Yield the declared columns of a Parquet file that :func:`to_arrow` shaped, ``rows`` at a time, in ``zone``."""
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(rows, columns=[field.name for field in table.fields]):
            yield cast("pl.DataFrame", pl.from_arrow(batch)).with_columns(_in_zone(table, zone))


def _in_utc(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return ``frame`` with its instants in UTC and the offset of each row's wall times."""
    if not instants(table):
        return frame
    with_offsets = frame.with_columns(offset(table), *_in_zone(table, "UTC"))
    return with_offsets.select(field.name for field in with_offset(table).fields)


def _in_zone(table: Table, zone: str) -> list[pl.Expr]:
    """Return the instants in ``zone``; none of them moves."""
    return [pl.col(field.name).dt.convert_time_zone(zone) for field in instants(table)]


def lines(batch: pl.DataFrame, *pieces: pl.Expr) -> bytes:
    """Return the texts of ``pieces``, none of them null, strung together row by row, as UTF-8."""
    texts = batch.select(pl.concat_str(*pieces)).to_series()
    size, array = int(texts.str.len_bytes().sum()), texts.to_arrow(compat_level=pl.CompatLevel.oldest())
    return array.buffers()[2].slice(0, size).to_pybytes() if size else b""  # one text lies behind the other


def count(path: Path) -> int:
    """Return the number of rows of a Parquet file."""
    return pq.read_metadata(path).num_rows


def _points(frame: pl.DataFrame, table: Table) -> Any:  # noqa: ANN401  a pyarrow.Array
    """Return the points; null where a row has no place."""
    placed = frame.select(has_point(table)).to_series().to_numpy()
    known = frame.filter(pl.Series(placed, dtype=pl.Boolean))
    points = np.empty(known.height, WKB)
    points["order"], points["type"] = 1, 1
    points["x"], points["y"] = (column.to_numpy() for column in known.select(axes(table)))
    ends = np.zeros(frame.height + 1, np.int32)
    ends[1:] = np.cumsum(placed) * WKB.itemsize
    bits = np.packbits(placed, bitorder="little")
    buffers = [pa.py_buffer(array.tobytes()) for array in (bits, ends, points)]
    return pa.Array.from_buffers(pa.binary(), frame.height, buffers, frame.height - known.height)

"""The columns of a batch, and Polars expressions that several formats write them with."""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.publish.rows.offset import UTC_OFFSET, WALL, instants, with_offset


def schema(table: Table, zone: str) -> pl.Schema:
    """Return the columns of a batch; instants are in ``zone``, with microseconds."""
    types: dict[FieldType, pl.DataType] = {
        "string": pl.String(),
        "integer": pl.Int64(),
        "number": pl.Float64(),
        "boolean": pl.Boolean(),
        "date": pl.Date(),
        "datetime": pl.Datetime("us", zone),
    }
    return pl.Schema({field.name: types[field.type] for field in table.fields})


def local_time(name: str) -> pl.Expr:
    """Return the instants of column ``name`` as ISO 8601 wall time with the offset, in whole seconds."""
    return pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%S%:z").alias(name)


def as_text(field: Field) -> pl.Expr:
    """Return the column of ``field`` as it is, or as text where a format has no type for dates and instants."""
    if field.type == "datetime":
        return local_time(field.name)
    return pl.col(field.name).cast(pl.String) if field.type == "date" else pl.col(field.name)


def offset(table: Table) -> pl.Expr:
    """Return the offset from UTC of each row, as text: that of its time, or of its next instant where it has none."""
    return _first_instant(table).dt.strftime("%:z").alias(UTC_OFFSET.name)


def wall_times(table: Table) -> list[pl.Expr]:
    """Return the instants of each row as wall time in the row's offset, without a zone."""
    first = _first_instant(table)
    ahead = first.dt.replace_time_zone(None).to_physical() - first.to_physical()
    return [(pl.col(field.name).to_physical() + ahead).cast(pl.Datetime("us")) for field in instants(table)]


def as_wall_text(batch: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Return ``batch`` with its instants as text, the offset beside them, in the order of :func:`with_offset`."""
    if not instants(table):
        return batch
    local = batch.with_columns(offset(table), *(column.dt.strftime(WALL) for column in wall_times(table)))
    return local.select(field.name for field in with_offset(table).fields)


def _first_instant(table: Table) -> pl.Expr:
    """Return the instant that a row's offset is taken from."""
    return pl.coalesce(field.name for field in instants(table))


def has_point(table: Table) -> pl.Expr:
    """Return whether a row has a place."""
    longitude, latitude = axes(table)
    return longitude.is_not_null() & latitude.is_not_null()


def axes(table: Table) -> tuple[pl.Expr, pl.Expr]:
    """Return longitude and latitude of a row; raise ValueError for a table without a point."""
    if table.point is None:
        raise ValueError("the table has no point")
    return pl.col(table.point.longitude), pl.col(table.point.latitude)

"""The columns of a batch, and Polars expressions that several formats write them with."""

from __future__ import annotations

import polars as pl

from ckanext.cpdi.declare import Field, Table
from ckanext.cpdi.declare.field import FieldType


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


def has_point(table: Table) -> pl.Expr:
    """Return whether a row has a place."""
    return pl.col(table.longitude).is_not_null() & pl.col(table.latitude).is_not_null()

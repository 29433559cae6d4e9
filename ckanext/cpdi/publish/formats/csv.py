"""Comma-separated values: UTF-8, a header, local times with their offset beside them, booleans as yes and no."""

from __future__ import annotations

import io

import polars as pl

from ckanext.cpdi.declare import Field, Table, Text
from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import TextFormat
from ckanext.cpdi.publish.rows.columns import as_wall_text
from ckanext.cpdi.publish.rows.offset import UTC_OFFSET, WALL, with_offset
from ckanext.cpdi.publish.table_schema import table_schema

FORMULA = ["=", "+", "-", "@", "\t", "\r"]
"""A text that begins with one of these is a formula to a spreadsheet."""
DIALECT: dict[str, object] = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True}
CELLS: dict[FieldType, dict[str, object]] = {
    "datetime": {"format": WALL},
    "boolean": {"trueValues": ["yes"], "falseValues": ["no"]},
}
"""How Table Schema words the cells that are not written in its default way."""


class Csv(TextFormat):
    """A table for spreadsheets and scripts. A text that a spreadsheet would run gets an apostrophe in front."""

    extension = "csv"
    title = Text("CSV", "CSV")
    media_type = "text/csv; charset=utf-8"
    order = 1
    always = True  # the resource of the table, and what archives hold
    cell = 4

    def head(self, extract: Extract) -> bytes:
        """Return the header."""
        return (",".join(field.name for field in self.shape(extract.table).fields) + "\n").encode()

    def rows(self, extract: Extract, batch: pl.DataFrame) -> bytes:
        """Return one line a row; nothing for null, two quotes for an empty text."""
        out = io.BytesIO()
        local, fields = as_wall_text(batch, extract.table), self.shape(extract.table).fields
        local.select(_cell(field) for field in fields).write_csv(out, include_header=False)
        return out.getvalue()

    def shape(self, table: Table) -> Table:
        """Return the table with the offset of its times."""
        return with_offset(table)

    def describe(self, table: Table) -> dict[str, object]:
        """Return the profile of a table that Frictionless can read, with how its cells are written."""
        return {
            "profile": "tabular-data-resource",
            "dialect": DIALECT,
            "schema": table_schema(self.shape(table), CELLS),
        }


def harmless(text: pl.Expr) -> pl.Expr:
    """Return a text that no spreadsheet runs."""
    return pl.when(text.str.slice(0, 1).is_in(FORMULA)).then(pl.lit("'") + text).otherwise(text)


def _cell(field: Field) -> pl.Expr:
    """Return the column as its cells are written."""
    value = pl.col(field.name)
    if field.type == "string" and field != UTC_OFFSET:
        return harmless(value).alias(field.name)
    if field.type == "boolean":
        return value.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String)
    return value

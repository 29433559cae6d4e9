"""The file on how complete a table is: by month, category and field, how many rows there are and how many are filled.

In: the counts that the store made of the published rows. Out: CSV, whose every number can be counted again from the
files of the rows.
"""

from __future__ import annotations

import io
from pathlib import Path

import polars as pl

from ckanext.cpdi.declare import Table, Text
from ckanext.cpdi.publish.address import COMPLETENESS
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.format import Format
from ckanext.cpdi.publish.formats.csv import DIALECT, harmless

_COLUMNS: tuple[tuple[str, str, str], ...] = (
    ("month", "yearmonth", "Month of the department's calendar; empty for rows without a time."),
    ("category", "string", "Value of the field by which this table is counted apart; empty for rows without one."),
    ("field", "string", "Name of a field; _geocoded: rows with a point; _placed: rows with a place of any kind."),
    ("rows", "integer", "Published rows of this month and category."),
    ("filled", "integer", "Those of them that have a value of the field."),
    ("share", "number", "filled divided by rows, to four decimals."),
)


class Completeness(Format):
    """One line a month, category and field. Nothing is summed up: rows and filled may be added, shares may not."""

    extension = "csv"
    title = Text("CSV", "CSV")
    media_type = "text/csv; charset=utf-8"
    encoding = "utf-8"
    order = 0
    about = COMPLETENESS

    def write(self, extract: Extract, path: Path) -> None:
        """Write the counts that ``extract`` brings as its batches."""
        out = io.BytesIO()
        for counts in extract.batches():
            lines = counts.with_columns(
                category=harmless(pl.col("category")), share=(pl.col("filled") / pl.col("rows")).round(4)
            )
            lines.select(name for name, _, _ in _COLUMNS).write_csv(out)
        path.write_bytes(out.getvalue())

    def describe(self, table: Table) -> dict[str, object]:  # noqa: ARG002  as the format has it
        """Return the schema of the columns; it is the same for every table."""
        fields = [{"name": name, "type": kind, "description": words} for name, kind, words in _COLUMNS]
        schema = {"fields": fields, "missingValues": [""]}
        return {"profile": "tabular-data-resource", "dialect": DIALECT, "schema": schema}

"""Which category of each declared table a row counts in, read off the feed's row and forgotten after the run.

In: a batch that has been decided on, and its published rows. Out: a frame of keys, years and categories.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ckanext.cpdi.declare.tables.demographics import NOT_SHOWN, UNKNOWN, Demographic
from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.derive import age
from ckanext.cpdi.rows.masking.mask import Shown
from ckanext.cpdi.rows.values.levels import FED
from ckanext.cpdi.rows.verdicts import Rows

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

KEYS = {"_key": pl.Int64, "_rank": pl.Int64, "_fingerprint": pl.Int64, "year": pl.Int32}
"""Of each published row: what tells which of two rows with one key counts, and the year that the row shows."""


def counted(plan: Plan) -> tuple[Demographic, ...]:
    """Return the declared tables that a feed with these columns can fill.

    None where the table asks for ages and the feed has none: nobody would be known to be 18 or older.
    """
    asked = {column.name for column in plan.table.inputs} & {age.INPUT}
    if not asked <= plan.mapping.columns.keys():
        return ()
    return tuple(table for table in plan.table.demographics if table.column in plan.mapping.columns)


def people(plan: Plan, batch: Batch, rows: Shown, published: pl.DataFrame) -> pl.DataFrame:
    """Return KEYS of each published row, and a column with its category for each table that the feed can fill.

    The category is null where the feed has a word that is none of the table's.
    """
    tables = counted(plan)
    if not tables:
        return pl.DataFrame(schema=KEYS)
    hidden = pl.Series(_hidden(plan, batch, rows))
    year = published[plan.table.time_field.name]
    if year.dtype == pl.Datetime:
        year = year.dt.convert_time_zone(plan.profile.time_zone)
    keys = published.select("_key", "_rank", "_fingerprint").with_columns(year.dt.year().cast(pl.Int32).alias("year"))
    columns = [rows.of(_category(table, batch)).set(hidden, NOT_SHOWN).alias(table.name) for table in tables]
    return keys.hstack(columns)


def _hidden(plan: Plan, batch: Batch, rows: Shown) -> Rows:
    """Return which published rows tell nothing of their person, as a field with the mask ``person`` tells nothing."""
    hidden = rows.kind > FED
    if any(column.name == age.INPUT for column in plan.table.inputs):
        hidden |= ~age.adults(batch)[rows.at]
    return hidden


def _category(table: Demographic, batch: Batch) -> pl.Series:
    """Return the category of each row."""
    column, names = batch.columns[table.column], list(table.categories)
    if column.dtype.is_integer():
        years = column.fill_null(-1).to_numpy()
        place = np.searchsorted(np.array(table.bounds), years, side="right") - 1
        place = np.where((place < 0) | (years > age.OLDEST), len(names) - 1, place)
        return pl.Series(names, dtype=pl.String).gather(place)
    words = {name: name for name in names}
    known = column.replace_strict(words, default=None, return_dtype=pl.String)
    empty = column.is_null()
    unreadable = batch.unreadable.get(table.column)
    if unreadable is not None:
        empty &= pl.Series(~unreadable)
    return known.set(empty, UNKNOWN)

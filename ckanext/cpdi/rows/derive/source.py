"""Who started a call: as the feed records it, else as the codes betray it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ckanext.cpdi.rows.batch import Sheet
from ckanext.cpdi.rows.derived import Derived

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

REPORTED = "reported_source"
UNKNOWN = "unknown"


class Source(Derived):
    """Who started a call: as the feed records it, else as the codes betray it."""

    name = "source"
    columns = ("value", "basis")
    inputs = ("reported_source",)
    order = 2

    def derive(self, plan: Plan, sheet: Sheet) -> None:
        """Add ``source.value`` and ``source.basis``: recorded, inferred, or empty where nobody knows."""
        nothing = pl.repeat(None, sheet.height, dtype=pl.String, eager=True)
        columns = {"recorded": sheet.columns.get(REPORTED, nothing)}
        columns |= {f"inferred {name}": sheet.columns[f"{name}.source"] for name in plan.books}
        found = pl.DataFrame(columns).select(
            pl.coalesce(pl.all()).alias("value"),
            pl.when(pl.col("recorded").is_not_null())
            .then(pl.lit("recorded"))
            .when(pl.any_horizontal(pl.all().is_not_null()))
            .then(pl.lit("inferred"))
            .alias("basis"),
        )
        sheet.columns["source.value"] = found["value"].fill_null(UNKNOWN)
        sheet.columns["source.basis"] = found["basis"]

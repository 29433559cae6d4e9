"""Who started a call: as the feed records it, else as the codes betray it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from ckanext.cpdi.rows.batch import Batch
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

    def derive(self, plan: Plan, batch: Batch) -> Mapping[str, pl.Series]:
        """Return the columns; the basis is recorded, inferred, or empty where nobody knows."""
        columns = {"recorded": batch.column(REPORTED)}
        columns |= {f"inferred {name}": batch.columns[f"{name}.source"] for name in plan.books}
        source = pl.DataFrame(columns).select(
            pl.coalesce(pl.all()).alias("value"),
            pl.when(pl.col("recorded").is_not_null())
            .then(pl.lit("recorded"))
            .when(pl.any_horizontal(pl.all().is_not_null()))
            .then(pl.lit("inferred"))
            .alias("basis"),
        )
        return {"value": source["value"].fill_null(UNKNOWN), "basis": source["basis"]}

"""The values of a feed that no code list has: shown to whoever may see the export, and stored nowhere."""

from __future__ import annotations

from collections import Counter, defaultdict

import polars as pl

from ckanext.cpdi.feeds import LINE, TextBatch
from ckanext.cpdi.rows import Plan


class Unjudged:
    """Counts such values by column, batch by batch."""

    def __init__(self) -> None:
        """Start with no batch."""
        self._values: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, batch: TextBatch, rejects: pl.DataFrame, plan: Plan) -> None:
        """Count the values of a batch; ``rejects`` are those of the row engine."""
        unmapped_rows = rejects.filter(pl.col("reason") == "unmapped_value")
        for (column,), part in unmapped_rows.group_by("field"):
            headers = plan.mapping.columns.get(str(column), (str(column),))
            rows = batch.frame.join(part, left_on=LINE, right_on="line", how="semi")
            values = rows.select(pl.coalesce(pl.col(*headers).cast(pl.String)).fill_null("").alias("value"))
            self._values[str(column)].update(dict(values["value"].value_counts().iter_rows()))

    @property
    def values(self) -> dict[str, dict[str, int]]:
        """The values by column, with their rows."""
        return {column: dict(counts) for column, counts in self._values.items()}

    @property
    def rows(self) -> dict[str, int]:
        """The rows with such a value, by column."""
        return {column: counts.total() for column, counts in self._values.items()}

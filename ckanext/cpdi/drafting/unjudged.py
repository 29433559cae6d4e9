"""The values of a feed that no code list has: shown to whoever may see the export, and stored nowhere."""

from __future__ import annotations

from collections import Counter, defaultdict

import polars as pl

from ckanext.cpdi.feeds import LINE, TextBatch
from ckanext.cpdi.rows import Plan
from ckanext.cpdi.rows.values.text import read_texts
from ckanext.cpdi.rows.verdicts import Verdicts


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

    def look(self, batch: TextBatch, plan: Plan) -> None:
        """Count the values of a batch in every column that decides a class, also in rows that are lost for another."""
        texts = read_texts(batch.frame, plan.mapping, plan.feed.nulls, Verdicts(batch.frame.height))
        for column, book in plan.books.items():
            if column in texts.columns:
                cells = texts.columns[column]
                self._count(column, cells.filter(~book.look_up(cells)["known"].fill_null(value=True)))
        for flag in plan.feed.flags:
            cells = texts.flags[flag.header]
            self._count(flag.header, cells.filter(~cells.is_in([value for value, name in flag.values.items() if name])))

    def _count(self, column: str, cells: pl.Series) -> None:
        if len(cells):
            self._values[column].update(dict(cells.value_counts().iter_rows()))

    @property
    def values(self) -> dict[str, dict[str, int]]:
        """The values by column, with their rows."""
        return {column: dict(counts) for column, counts in self._values.items()}

    @property
    def rows(self) -> dict[str, int]:
        """The rows with such a value, by column."""
        return {column: counts.total() for column, counts in self._values.items()}

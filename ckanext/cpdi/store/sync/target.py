"""The table that a run writes, as the run found it under the dataset's lock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.sync.terms import Terms
from ckanext.cpdi.store.table import catalogue
from ckanext.cpdi.store.table.catalogue import Entry
from ckanext.cpdi.store.table.shape import Shape


@dataclass(frozen=True)
class Target:
    """``connection`` is in the run's transaction; ``terms`` are what the run works under, ``entry`` is the dataset's.

    ``state`` has the columns ``_key, _fingerprint, _classes, _id, due``: what is known of each row, for the masks.
    ``denied`` are the keys of denied records, by dataset, of a list that had been changed ``list_changes`` times.
    ``home`` stands for this very database. New ids follow ``last_id``. ``is_new``: there is no table yet;
    ``is_another``: it is not the table that readers have copies of.
    """

    connection: Connection
    shape: Shape
    terms: Terms
    entry: Entry
    state: pl.DataFrame
    denied: Mapping[str, pl.Series]
    list_changes: int
    home: str
    last_id: int
    is_new: bool
    is_another: bool

    @property
    def number(self) -> int:
        """The dataset's number."""
        return self.entry.number

    @property
    def rows(self) -> int:
        """How many rows the table had when the run began."""
        return self.state["_id"].count()

    def years(self, ids: list[int]) -> dict[int, int]:
        """Return the rows ``ids`` of the table by the year of their time; empty without ids."""
        if not ids:
            return {}
        shape = self.shape
        return catalogue.count_years(self.connection, shape.name, shape.table.time_field, self.terms.zone, ids)

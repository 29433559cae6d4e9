"""Counts the times of a feed that are midnights: nearly all where an export writes a day as its first instant."""

from __future__ import annotations

import polars as pl
from msgspec import structs

from ckanext.cpdi.feeds import TextBatch
from ckanext.cpdi.rows import Plan
from ckanext.cpdi.rows.values.instants import read_instants
from ckanext.cpdi.rows.values.text import clean

MANY = 0.9
"""Share of times from which midnights are likely to be days without a time."""


class Midnights:
    """Counts the midnights of a feed, batch by batch."""

    def __init__(self, plan: Plan) -> None:
        """Start with no batch."""
        self._times = plan.feed.times
        self._declared = plan.table.time in (*self._times.dates, *self._times.clocks) or self._times.days
        self._zone = plan.zone
        self._headers = plan.mapping.columns[plan.table.time]
        self._midnights = 0
        self._read = 0

    def add(self, batch: TextBatch) -> None:
        """Count the times of a batch; days that are written without a time do not count."""
        texts = batch.frame.select(clean(batch.frame[header].cast(pl.String)) for header in self._headers)
        column = texts.select(pl.coalesce(pl.when(pl.all() != "").then(pl.all()))).to_series()
        as_they_are = read_instants(column, structs.replace(self._times, days=False), self._zone)
        as_days = read_instants(column, structs.replace(self._times, days=True), self._zone)
        self._midnights += int((as_days.dated & ~as_they_are.dated).sum())
        self._read += len(column) - column.null_count()

    @property
    def share(self) -> float:
        """The share of midnights among the times; 0 without times, or where the profile declares their meaning."""
        return self._midnights / self._read if self._read and not self._declared else 0.0

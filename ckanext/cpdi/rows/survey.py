"""Figures of a feed without any of its values: the days that it covers, and how well its columns are filled.

In: a batch whose times are checked. Out: :class:`Survey`; those of a feed's batches add up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.zone import as_datetime, as_micros


@dataclass(frozen=True)
class Survey:
    """``first`` and ``last`` are the earliest and the latest time of the usable rows, None where there is none;
    ``filled`` says of each column that the feed has in how many of the ``rows`` something can be read in it.
    """

    rows: int = 0
    first: datetime | None = None
    last: datetime | None = None
    filled: Mapping[str, int] = field(default_factory=dict[str, int])
    days: Mapping[date, int] = field(default_factory=dict[date, int])
    """The usable rows by the department's day."""

    def __add__(self, other: Survey) -> Survey:
        """Return the survey of the rows of both; ``other``, a batch, has all of the feed's columns."""
        firsts = [part.first for part in (self, other) if part.first]
        lasts = [part.last for part in (self, other) if part.last]
        return Survey(
            rows=self.rows + other.rows,
            first=min(firsts, default=None),
            last=max(lasts, default=None),
            filled={name: self.filled.get(name, 0) + rows for name, rows in other.filled.items()},
            days=Counter(self.days) + Counter(other.days),
        )


def _times(plan: Plan, batch: Batch) -> pl.Series:
    """Return the rows' times, no finer than the table shows any, since figures of a run are kept."""
    times, unit = batch.columns[plan.table.time], plan.table.at_most.time
    if unit in ("minute", "hour", "none"):
        return times
    return as_datetime(plan.zone.floor(as_micros(times), unit))


def survey(plan: Plan, batch: Batch) -> Survey:
    """Return the survey of a batch; rows in quarantine say nothing of the days that a feed reaches."""
    usable = _times(plan, batch).filter(pl.Series(~batch.verdicts.have_outcome("quarantined")))
    first, last = usable.min(), usable.max()
    days = usable.drop_nulls().dt.convert_time_zone(plan.profile.time_zone).dt.date()
    columns = {**batch.columns, "x": batch.position.longitude, "y": batch.position.latitude}
    return Survey(
        rows=batch.height,
        first=first if isinstance(first, datetime) else None,
        last=last if isinstance(last, datetime) else None,
        filled={name: batch.height - columns[name].null_count() for name in plan.mapping.columns},
        days=dict(days.value_counts().iter_rows()),
    )

"""How much of a batch shows, by class and year: what ``ckan cpdi risk`` reports of a run."""

from __future__ import annotations

import numpy as np
import polars as pl

from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.levels import FED, MINUTE, UNIT
from ckanext.cpdi.rows.values.zone import MISSING, as_micros

SHARES = {"class": pl.String, "year": pl.Int32, "outcome": pl.String, "rows": pl.Int64}
"""Rows by their strictest class, the year of their time, and what became of them."""
OUTCOMES = ("exact", "coarse", "waiting", "withheld")
"""Published as fed, with a block for an address; published with less; not yet published; counted only."""
_WAITING = ("embargo", "not_closed", "class_rise")


def shares(plan: Plan, batch: Batch) -> pl.DataFrame:
    """Return the shares of the batch's rows (columns of SHARES), without those that are damaged or have no time."""
    levels, classes = plan.levels, batch.classes
    less = (levels.time[classes] > MINUTE) | (levels.place[classes] > UNIT) | (levels.kind[classes] > FED)
    less |= batch.opened_dated
    waiting = batch.verdicts.have_reason(_WAITING)
    outcome = np.select([batch.verdicts.alive & ~less, batch.verdicts.alive, waiting], [0, 1, 2], 3)
    time = as_micros(batch.columns[plan.table.time])
    counted = np.flatnonzero(batch.verdicts.usable & (time != MISSING))
    local = time[counted] + plan.zone.offset(time[counted])
    years = local.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64)
    first = int(years.min(initial=0))
    # Counting numbers is a fraction of grouping three columns.
    shape = (1 << len(plan.classes.all), len(OUTCOMES), int(years.max(initial=0)) - first + 1)
    codes = np.ravel_multi_index((classes[counted], outcome[counted], years - first), shape)
    counts = np.bincount(codes)
    used = np.flatnonzero(counts)
    masks, outcomes, offsets = np.unravel_index(used, shape)
    names = [plan.classes.strictest_name(int(mask)) for mask in masks]
    columns = [
        pl.Series("class", names, dtype=pl.String),
        pl.Series("year", offsets + first + 1970, dtype=pl.Int32),
        pl.Series("outcome", [OUTCOMES[int(place)] for place in outcomes], dtype=pl.String),
        pl.Series("rows", counts[used], dtype=pl.Int64),
    ]
    return pl.DataFrame(columns)


def joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    """Return the shares of several batches as one."""
    rows = pl.concat([pl.DataFrame(schema=SHARES), *parts])
    return rows.group_by("class", "year", "outcome").agg(pl.col("rows").sum()).sort("class", "year", "outcome")

"""The years of the department's calendar that a run touches, from its plan and the table as it was before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import polars as pl

from ckanext.cpdi.store.sync.diff import Diff
from ckanext.cpdi.store.sync.target import Target


@dataclass(frozen=True)
class Years:
    """Of every touched year: by how many rows it grows (``grown``, none where rows only changed), and how many of its
    rows came, went or changed (``corrected``).
    """

    grown: dict[int, int]
    corrected: dict[int, int]


def touched(target: Target, plan: Diff) -> Years:
    """Return the years that ``plan`` touches; asked before it is written, since rows that leave are looked up."""
    going = target.years([*plan.leaving["_id"], *plan.changed["_id"]])
    years = pl.concat([plan.fresh["_year"], plan.changed["_year"]]).drop_nulls().value_counts()
    coming = {int(year): int(rows) for year, rows in years.iter_rows()}
    grown = Counter(coming)
    grown.subtract(going)
    corrected = {year: max(going.get(year, 0), coming.get(year, 0)) for year in grown}
    for name, rows in target.entry.left.items():  # they left between two runs, and are told of with this one
        if name:
            year = int(name)
            grown[year] += 0  # touched
            corrected[year] = corrected.get(year, 0) + rows
    return Years(dict(grown), corrected)

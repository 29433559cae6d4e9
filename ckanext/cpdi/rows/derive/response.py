"""How long the first unit took to arrive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.derived import Derived
from ckanext.cpdi.rows.values.zone import SECOND
from ckanext.cpdi.rows.verdicts import truths

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

_ARRIVAL = "first_arrival"
_LONGEST_MINUTES = 24 * 60


class Response(Derived):
    """How long the first unit took to arrive."""

    name = "response"
    columns = ("minutes",)
    inputs = ("first_arrival",)
    order = 3

    def derive(self, plan: Plan, batch: Batch) -> Mapping[str, pl.Series]:
        """Return the minutes with one decimal; empty and flagged where it is negative or longer than a day."""
        arrival = batch.column(_ARRIVAL, pl.Datetime("us", "UTC")).cast(pl.Int64)
        minutes = ((arrival - batch.columns[plan.table.time].cast(pl.Int64)) / (60 * SECOND)).round(1)
        minutes = minutes.set(pl.Series(batch.opened_dated), None)
        odd = ~minutes.is_between(0, _LONGEST_MINUTES)
        batch.verdicts.flag(truths(odd), "implausible_response")
        return {"minutes": minutes.set(odd, None)}

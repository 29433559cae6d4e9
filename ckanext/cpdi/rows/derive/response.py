"""How long the first unit took to arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ckanext.cpdi.rows.batch import Sheet, truths
from ckanext.cpdi.rows.derived import Derived
from ckanext.cpdi.rows.values.zone import SECOND

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

    def derive(self, plan: Plan, sheet: Sheet) -> None:
        """Add ``response.minutes``, with one decimal; empty and flagged where it is negative or longer than a day."""
        nothing = pl.repeat(None, sheet.height, dtype=pl.Datetime("us", "UTC"), eager=True)
        arrival = sheet.columns.get(_ARRIVAL, nothing).cast(pl.Int64)
        minutes = ((arrival - sheet.columns[plan.table.time].cast(pl.Int64)) / (60 * SECOND)).round(1)
        minutes = minutes.set(sheet.columns["time.dated"], None)
        odd = ~minutes.is_between(0, _LONGEST_MINUTES)
        sheet.flag(truths(odd), "implausible_response")
        sheet.columns["response.minutes"] = minutes.set(odd, None)

"""Whether a row is an event of its own, by what its codes say: duplicates, cancelled calls and tests are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from ckanext.cpdi.rows.batch import Sheet, truths
from ckanext.cpdi.rows.derived import Derived
from ckanext.cpdi.rows.values.codes import DECISIVE

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan


class Event(Derived):
    """Whether a row is an event of its own, by what its codes say: duplicates, cancelled calls and tests are not."""

    name = "event"
    columns = ("counts", "reason")
    order = 1

    def derive(self, plan: Plan, sheet: Sheet) -> None:
        """Add ``event.counts`` and ``event.reason``; withhold tests, which are no part of the record."""
        reason = pl.repeat(None, sheet.height, dtype=pl.String, eager=True)
        for name in plan.books:
            found = sheet.columns[f"{name}.reason"]
            decisive = found.is_in(list(DECISIVE)).fill_null(value=False)
            reason = found.zip_with(decisive | reason.is_null(), reason)
            sheet.withhold(truths(found == "test"), "test_row", name)
        sheet.columns["event.counts"] = reason.is_null()
        sheet.columns["event.reason"] = reason

"""Whether a row is an event of its own, by what its codes say: duplicates, cancelled calls and tests are not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from ckanext.cpdi.rows.batch import Batch, nulls
from ckanext.cpdi.rows.derived import Derived
from ckanext.cpdi.rows.values.codes import DECISIVE
from ckanext.cpdi.rows.verdicts import truths

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan


class Event(Derived):
    """Whether a row is an event of its own, by what its codes say: duplicates, cancelled calls and tests are not."""

    name = "event"
    columns = ("counts", "reason")
    tells_no_time = True
    order = 1

    def derive(self, plan: Plan, batch: Batch) -> Mapping[str, pl.Series]:
        """Return the columns; withhold tests, which are no part of the record."""
        reason = nulls(batch.height, pl.String)
        for name in plan.books:
            code_reason = batch.columns[f"{name}.reason"]
            if code_reason.null_count() == batch.height:
                continue
            decisive = code_reason.is_in(list(DECISIVE)).fill_null(value=False)
            reason = code_reason.zip_with(decisive | reason.is_null(), reason)
            batch.verdicts.withhold(truths(code_reason == "test"), "test_row", name)
        return {"counts": reason.is_null(), "reason": reason}

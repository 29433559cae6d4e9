"""Which rows belong to the table: those that have what its declaration requires of every row.

What a row has is judged by the feed's row, before anything is masked: a citation of a minor shows no place, and is in
the table because it has one.
"""

from __future__ import annotations

from ckanext.cpdi.declare.tables.table import POINT
from ckanext.cpdi.rows.batch import Sheet, truths
from ckanext.cpdi.rows.plan import Plan

UNKNOWN = "scope_unknown"


def withhold_others(plan: Plan, sheet: Sheet) -> None:
    """Withhold the rows that lack what is required, each for the first reason; where the feed's own word is empty or
    cannot be read, nobody can say.
    """
    for one in plan.requires:
        if one.needs == POINT:
            has = sheet.columns["point.longitude"].is_not_null().to_numpy()
        else:
            said = sheet.columns[one.needs]
            sheet.withhold(said.is_null().to_numpy(), UNKNOWN, one.needs)
            has = truths(said)
        sheet.withhold(~has, one.reason)

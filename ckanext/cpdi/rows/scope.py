"""Which rows belong to the table: those that have what its declaration requires of every row.

What a row has is judged by the feed's row, before anything is masked: a citation of a minor shows no place, and is in
the table because it has one.
"""

from __future__ import annotations

from ckanext.cpdi.declare.tables.table import POINT
from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.verdicts import truths

UNKNOWN = "scope_unknown"


def withhold_others(plan: Plan, batch: Batch) -> None:
    """Withhold the rows that lack what is required, each for the first reason; where the feed's own word is empty or
    cannot be read, nobody can say.
    """
    for requirement in plan.requires:
        if requirement.needs == POINT:
            fulfilled = batch.position.longitude.is_not_null().to_numpy()
        else:
            answers = batch.columns[requirement.needs]
            batch.verdicts.withhold(answers.is_null().to_numpy(), UNKNOWN, requirement.needs)
            fulfilled = truths(answers)
        batch.verdicts.withhold(~fulfilled, requirement.reason)

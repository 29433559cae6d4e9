"""A person's age as a band of years; a person who may be under 18 puts the row into the class for minors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.derived import Derived
from ckanext.cpdi.rows.verdicts import Rows

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

INPUT = "age"
ADULT = 18
MINOR = "minor"
OLDEST = 120
_BREAKS = (25, 35, 45, 55, 65)
_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")


class Age(Derived):
    """A person's age as a band of years; a person who may be under 18 puts the row into the class for minors."""

    name = "age"
    columns = ("range", "class", "adult")
    order = 4

    def derive(self, plan: Plan, batch: Batch) -> Mapping[str, pl.Series]:
        """Return the columns, and add the class of minors to the rows' classes.

        Only a whole number from 18 to 120 says that somebody is an adult. Whatever else stands there is taken for a
        minor: ``Juv``, ``17 1/2``, a birth date, 999. Where nothing stands nobody is known to be one or the other: no
        class, but no adult, so that fields with the mask ``person`` stay empty.
        """
        age = batch.column(INPUT, pl.Int64)
        filled = age.is_not_null().to_numpy()
        unreadable = batch.unreadable.get(INPUT, np.zeros(batch.height, dtype=bool))
        years, adult = age.fill_null(-1).to_numpy(), adults(batch)
        minor = (filled | unreadable) & ~adult
        batch.verdicts.flag(filled & ((years < 0) | (years > OLDEST)), "implausible_age")
        batch.verdicts.flag(~filled & ~unreadable, "no_age")
        band = np.searchsorted(np.array(_BREAKS), years, side="right")
        bands = pl.Series([*_BANDS, None], dtype=pl.String)
        bit = plan.classes.bits.get(MINOR, plan.classes.strictest)
        batch.add_classes(np.where(minor, bit, 0).astype(np.int16))
        return {
            "range": bands.gather(np.where(adult, band, len(_BANDS))),
            "class": pl.Series([None, MINOR], dtype=pl.String).gather(minor.astype(np.int64)),
            "adult": pl.Series(adult),
        }


def adults(batch: Batch) -> Rows:
    """Return which rows say of their person, in whole years, that it is 18 or older."""
    years = batch.column(INPUT, pl.Int64).fill_null(-1).to_numpy()
    return (years >= ADULT) & (years <= OLDEST)

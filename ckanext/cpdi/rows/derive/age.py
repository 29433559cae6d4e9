"""A person's age as a band of years; a person under 18 puts the row into the class for minors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from ckanext.cpdi.rows.sheet import Sheet

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

COLUMNS = ("range", "class")
ADULT = 18
MINOR = "minor"
_INPUT = "age"
_OLDEST = 120
_BREAKS = (25, 35, 45, 55, 65)
_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")


def derive(plan: Plan, sheet: Sheet) -> None:
    """Add ``age.range`` and ``age.class``, and the class itself; an age that cannot be is flagged and left out.

    Nobody is 0 or 140 years old at the wheel, but a clerk who typed 0 may have meant a child: below 18 is below 18.
    """
    nothing = pl.repeat(None, sheet.height, dtype=pl.Int64, eager=True)
    age = sheet.columns.get(_INPUT, nothing)
    years = age.fill_null(-1).to_numpy()
    sheet.flag((age.is_not_null().to_numpy()) & ((years < 0) | (years > _OLDEST)), "implausible_age")
    under = (age.is_not_null().to_numpy()) & (years < ADULT)
    band = np.searchsorted(np.array(_BREAKS), years, side="right")
    bands = pl.Series([*_BANDS, None], dtype=pl.String)
    known = (years >= ADULT) & (years <= _OLDEST)
    sheet.columns["age.range"] = bands.gather(np.where(known, band, len(_BANDS)))
    sheet.columns["age.class"] = pl.Series([None, MINOR], dtype=pl.String).gather(under.astype(np.int64))
    bit = plan.classes.bits.get(MINOR, plan.classes.strictest)
    sheet.classes |= np.where(under, bit, 0).astype(np.int16)

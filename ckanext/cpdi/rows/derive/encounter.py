"""One key for all citations of one person in one stop, and none that links a person across stops or years."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.derived import Derived
from ckanext.cpdi.rows.identity.keys import stand_ins

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan

_PERSON = ("person", "age", "subject_race", "subject_sex")
_APART = "\x1f"


class Encounter(Derived):
    """One key for all citations of one person in one stop, and none that links a person across stops or years."""

    name = "encounter"
    columns = ("key",)
    inputs = ("unit", "person")
    order = 5

    def derive(self, plan: Plan, batch: Batch) -> Mapping[str, pl.Series]:
        """Return the key: over unit, start of the stop and person, with a key of the year.

        Where the feed has no key of the person, age, race and sex stand in for one: two people of one stop who differ
        in them stay apart. It is empty without a unit or an exact time, since a day would join what does not belong
        together.
        """
        start = batch.columns[plan.table.time]
        unit = batch.column("unit")
        person = pl.DataFrame([batch.column(name).cast(pl.String).alias(name) for name in _PERSON])
        complete = unit.is_not_null() & start.is_not_null() & ~pl.Series(batch.opened_dated)
        rows = person.select(
            start.dt.year().alias("year"),
            pl.concat_str(
                unit, start.cast(pl.Int64).cast(pl.String), *_PERSON, separator=_APART, ignore_nulls=True
            ).alias("parts"),
            pl.int_range(pl.len()).alias("place"),
        ).filter(complete)
        keys = [rows.clear().select("place", pl.lit("").alias("key"))]
        for (year,), part in rows.group_by("year"):
            key_of_year = hmac.digest(plan.secret, f"encounter {year}".encode(), "sha256")
            keys.append(
                part.select("place", stand_ins(key_of_year, plan.dataset.name, part["parts"], "E").alias("key"))
            )
        places = pl.int_range(batch.height, eager=True).to_frame("place")
        joined = places.join(pl.concat(keys), on="place", how="left", maintain_order="left")
        return {"key": joined["key"]}

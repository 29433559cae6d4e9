"""From standardised columns to published ones, as far as each row's classes let them show.

In: a sheet that has been decided on. Out: a frame of the declared fields, of the rows that are published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare import Field
from ckanext.cpdi.declare.tables.privacy import TIMES
from ckanext.cpdi.rows.batch import Rows, Sheet
from ckanext.cpdi.rows.derive import sun
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.levels import DATE, FED, MINUTE, TEAM, UNIT
from ckanext.cpdi.rows.values.zone import MISSING, Micros, as_datetime, as_micros

TYPES: dict[str, pl.DataType] = {
    "string": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us", "UTC"),
}
TEAM_COLUMN = "place.team"
LIGHT = "sun.light"
AREA, NOWHERE = "area", "none"


@dataclass(frozen=True)
class Shown:
    """How much of each published row shows. ``at``: its place in the sheet; ``time``, ``place``, ``kind``: places in
    TIMES, PLACES, KINDS; ``odd``: whether its number is like none; ``adult``: whether its person is known to be 18 or
    older, where the table has fields of a person; ``stand_ins``: what stands for the number of a row whose time is
    coarse, or whose number is odd.
    """

    at: npt.NDArray[np.int64]
    time: npt.NDArray[np.int8]
    place: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    odd: Rows
    adult: Rows
    stand_ins: Callable[[npt.NDArray[np.int64]], pl.Series]

    @property
    def coarse(self) -> Rows:
        """The rows whose time is not exact."""
        return self.time > MINUTE


def shown(plan: Plan, sheet: Sheet, stand_ins: Callable[[npt.NDArray[np.int64]], pl.Series]) -> Shown:
    """Return how much of each row shows by its classes; a day without a time is no more than a date."""
    at = np.flatnonzero(sheet.alive)
    classes = sheet.classes[at]
    dated = sheet.columns["time.dated"].to_numpy()[at]
    time = plan.levels.time[classes]
    return Shown(
        at=at,
        time=np.where(dated, np.maximum(time, DATE), time).astype(np.int8),
        place=plan.levels.place[classes],
        kind=plan.levels.kind[classes],
        odd=sheet.columns["key.odd"].to_numpy()[at],
        adult=sheet.columns["age.adult"].to_numpy()[at] if "age.adult" in sheet.columns else np.zeros_like(dated),
        stand_ins=stand_ins,
    )


def publish(plan: Plan, sheet: Sheet, rows: Shown) -> pl.DataFrame:
    """Return the declared fields, in order and typed, of the rows that show."""
    made = {
        "time.precision": pl.Series(TIMES, dtype=pl.String).gather(rows.time),
        "flags.text": sheet.flags().gather(rows.at),
    }
    if any(field.column == LIGHT for field in plan.table.fields):
        made[LIGHT] = sun.light(plan, sheet, rows.at, rows.time)
    place = _place(sheet, rows)
    columns: list[pl.Series] = []
    for field in plan.table.fields:
        if field.column in made:
            column = made[field.column]
        elif field.column in place:
            column = place[field.column]
        else:
            column = sheet.columns[field.column].gather(rows.at)
        masked = _MASKS[field.mask](field, column, rows, plan)
        columns.append(_typed(field, masked, plan).alias(field.name))
    return pl.DataFrame(columns)


def _place(sheet: Sheet, rows: Shown) -> dict[str, pl.Series]:
    """Return the columns of the place: all of the unit, its team alone, or nothing."""
    found = {name: sheet.columns[name].gather(rows.at) for name in sheet.columns if name.startswith("place.")}
    if not found:
        return {}
    no_unit, no_team = pl.Series(rows.place > UNIT), pl.Series(rows.place > TEAM)
    for name in found:
        found[name] = found[name].set(no_team if name == TEAM_COLUMN else no_unit, None)
    team = found[TEAM_COLUMN].is_not_null()
    without = pl.Series([NOWHERE, AREA], dtype=pl.String).gather(team.cast(pl.UInt32))
    found["place.precision"] = found["place.precision"].zip_with(found["place.precision"].is_not_null(), without)
    return found


def _public(_field: Field, column: pl.Series, _rows: Shown, _plan: Plan) -> pl.Series:
    return column


def _key(_field: Field, column: pl.Series, rows: Shown, _plan: Plan) -> pl.Series:
    hidden = np.flatnonzero(rows.coarse | rows.odd)
    return column.cast(pl.String).scatter(hidden, rows.stand_ins(rows.at[hidden]))


def _time(_field: Field, column: pl.Series, rows: Shown, plan: Plan) -> pl.Series:
    utc = as_micros(column)
    found: Micros = np.full(len(utc), MISSING, dtype=np.int64)
    for level, unit in enumerate(TIMES):
        hit = rows.time == level
        if unit != "none" and hit.any():
            found[hit] = plan.zone.floor(utc[hit], unit)
    return as_datetime(found)


def _exact(_field: Field, column: pl.Series, rows: Shown, _plan: Plan) -> pl.Series:
    return column.set(pl.Series(rows.coarse), None)


def _type(_field: Field, column: pl.Series, rows: Shown, _plan: Plan) -> pl.Series:
    return column.set(pl.Series(rows.kind > FED), None)


def _person(_field: Field, column: pl.Series, rows: Shown, _plan: Plan) -> pl.Series:
    return column.set(pl.Series((rows.kind > FED) | ~rows.adult), None)


def _placed(field: Field, column: pl.Series, rows: Shown, _plan: Plan) -> pl.Series:
    """Empty a geography that is none of the unit's own; those were seen to by ``_place``."""
    return column if field.column.startswith("place.") else column.set(pl.Series(rows.place > UNIT), None)


_MASKS: dict[str, Callable[[Field, pl.Series, Shown, Plan], pl.Series]] = {
    "public": _public,
    "key": _key,
    "time": _time,
    "exact": _exact,
    "type": _type,
    "person": _person,
    "place": _placed,
}


def _typed(field: Field, column: pl.Series, plan: Plan) -> pl.Series:
    """Return a column in its declared type; a date is the department's day."""
    if field.type == "date" and column.dtype == pl.Datetime:
        return column.dt.convert_time_zone(plan.profile.time_zone).dt.date()
    return column.cast(TYPES[field.type])

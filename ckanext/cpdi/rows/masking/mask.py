"""From standardised columns to published ones, as far as each row's classes let them show.

In: a batch that has been decided on. Out: a frame of the declared fields, of the rows that are published.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare import Field
from ckanext.cpdi.declare.number import LINK_LETTER
from ckanext.cpdi.declare.tables.privacy import TIMES
from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.derive import sun
from ckanext.cpdi.rows.identity.keys import stand_ins
from ckanext.cpdi.rows.identity.records import Records
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.levels import FED, MINUTE, TEAM, UNIT
from ckanext.cpdi.rows.values.zone import MISSING, Micros, as_datetime, as_micros
from ckanext.cpdi.rows.verdicts import Rows, truths

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
ADULT = "age.adult"
AREA, NOWHERE = "area", "none"


@dataclass(frozen=True)
class Shown:
    """How much of each published row shows. ``at``: its place in the batch; ``alive``: which of the batch's rows
    are published; ``time``, ``place``, ``kind``: places in
    TIMES, PLACES, KINDS; ``adult``: whether its person is known to be 18 or older, where the table has fields
    of a person; ``stand_in``: whether a stand-in takes the place of its number, since its time is coarse or the number
    odd; ``stand_ins``: those, in the order of the rows.
    """

    at: npt.NDArray[np.int64]
    alive: pl.Series
    time: npt.NDArray[np.int8]
    place: npt.NDArray[np.int8]
    kind: npt.NDArray[np.int8]
    adult: Rows
    stand_in: Rows
    stand_ins: pl.Series

    @property
    def coarse(self) -> Rows:
        """The rows whose time is not exact."""
        return self.time > MINUTE

    def of(self, column: pl.Series) -> pl.Series:
        """Return the published rows of a column of the batch; that takes a tenth of gathering them one by one."""
        return column.filter(self.alive)


def shown(plan: Plan, batch: Batch, records: Records) -> Shown:
    """Return how much of each row shows by its classes, and by what the feed says of its time."""
    at = np.flatnonzero(batch.verdicts.alive)
    classes = batch.classes[at]
    time = np.maximum(plan.levels.time[classes], batch.opened_shows[at])
    stand_in = (time > MINUTE) | records.odd[at]
    hidden = np.flatnonzero(stand_in)
    return Shown(
        at=at,
        alive=pl.Series(batch.verdicts.alive),
        time=time,
        place=plan.levels.place[classes],
        kind=plan.levels.kind[classes],
        adult=truths(batch.column(ADULT, pl.Boolean))[at],
        stand_in=stand_in,
        stand_ins=records.stand_ins(plan.secret, f"{plan.dataset.name} stand-in", at[hidden], classes[hidden]),
    )


def publish(plan: Plan, batch: Batch, rows: Shown) -> pl.DataFrame:
    """Return the declared fields, in order and typed, of the rows that show."""
    late = {
        "time.precision": pl.Series(TIMES, dtype=pl.String).gather(rows.time),
        "flags.text": rows.of(batch.verdicts.flags()),
    }
    if any(field.column == LIGHT for field in plan.table.fields):
        late[LIGHT] = sun.light(plan, batch, rows.at, rows.time)
    place = _place(batch, rows)
    columns: list[pl.Series] = []
    for field in plan.table.fields:
        if field.column in late:
            column = late[field.column]
        elif field.column in place:
            column = place[field.column]
        else:
            column = rows.of(batch.columns[_number(field, plan)])
        masked = _MASKS[field.mask](field, column, rows, plan)
        columns.append(_typed(field, masked, plan).alias(field.name))
    return pl.DataFrame(columns)


def _number(field: Field, plan: Plan) -> str:
    """Return the column that a field is made of; a link by a key of several columns is made of the first of them."""
    linked = field.mask == "link" and field.column == plan.table.key
    return plan.mapping.parts[0] if linked and plan.mapping.parts else field.column


def _place(batch: Batch, rows: Shown) -> dict[str, pl.Series]:
    """Return the columns of the place: all of the unit, its team alone, or nothing."""
    columns = {name: rows.of(batch.columns[name]) for name in batch.columns if name.startswith("place.")}
    no_unit, no_team = pl.Series(rows.place > UNIT), pl.Series(rows.place > TEAM)
    for name, column in columns.items():
        columns[name] = column.set(no_team if name == TEAM_COLUMN else no_unit, None)
    team = columns[TEAM_COLUMN].is_not_null()
    without = pl.Series([NOWHERE, AREA], dtype=pl.String).gather(team.cast(pl.UInt32))
    precision = columns["place.precision"]
    columns["place.precision"] = precision.zip_with(precision.is_not_null(), without)
    return columns


def _public(_field: Field, column: pl.Series, _rows: Shown, _plan: Plan) -> pl.Series:
    return column


def _link(field: Field, column: pl.Series, rows: Shown, plan: Plan) -> pl.Series:
    """Replace a number by what stands for its record in every table; empty where only the group of a row shows."""
    owner = plan.table.shares.get(field.name, plan.dataset.name)
    shown = pl.Series(rows.kind <= FED) & column.is_not_null()
    at = np.flatnonzero(shown.to_numpy())
    numbers = column.cast(pl.String)
    links = stand_ins(plan.secret, f"{owner} link", numbers.gather(at), LINK_LETTER)
    return numbers.clear(len(numbers)).scatter(at, links)


def _key(_field: Field, column: pl.Series, rows: Shown, _plan: Plan) -> pl.Series:
    return column.cast(pl.String).scatter(np.flatnonzero(rows.stand_in), rows.stand_ins)


def _time(_field: Field, column: pl.Series, rows: Shown, plan: Plan) -> pl.Series:
    utc = as_micros(column)
    floored: Micros = np.full(len(utc), MISSING, dtype=np.int64)
    for level, unit in enumerate(TIMES):
        hit = rows.time == level
        if unit != "none" and hit.any():
            floored[hit] = plan.zone.floor(utc[hit], unit)
    return as_datetime(floored)


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
    "link": _link,
}


def _typed(field: Field, column: pl.Series, plan: Plan) -> pl.Series:
    """Return a column in its declared type; a date is the department's day."""
    if field.type == "date" and column.dtype == pl.Datetime:
        return column.dt.convert_time_zone(plan.profile.time_zone).dt.date()
    return column.cast(TYPES[field.type])

"""From a batch of text to typed columns under the names of inputs, with what is damaged or odd marked."""

from __future__ import annotations

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Input
from ckanext.cpdi.declare.departments.agreement import NO, YES
from ckanext.cpdi.rows.batch import Batch, Position, begin, nulls
from ckanext.cpdi.rows.identity.composed import composed_key, copies
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.codes import nothing_known
from ckanext.cpdi.rows.values.headers import clock_of
from ckanext.cpdi.rows.values.instants import read_instants
from ckanext.cpdi.rows.values.levels import DATE, MINUTE, MONTH
from ckanext.cpdi.rows.values.months import add_months, read_months
from ckanext.cpdi.rows.values.points import read_points
from ckanext.cpdi.rows.values.text import read_texts
from ckanext.cpdi.rows.values.zone import MISSING, as_datetime
from ckanext.cpdi.rows.verdicts import truths

LINE = "_line"


def standardise(frame: pl.DataFrame, plan: Plan) -> Batch:
    """Return the rows of ``frame`` with every declared input typed, empty where the feed lacks it, what the codes mean
    (``problem.code`` …), and their position.
    """
    batch = begin(frame[LINE])
    texts = read_texts(frame, plan.mapping, plan.feed.nulls, batch.verdicts)
    empty = nulls(batch.height, pl.String)
    batch.columns |= {column.name: texts.columns.get(column.name, empty) for column in plan.table.read}
    batch.columns |= texts.columns
    if plan.mapping.parts:
        batch.columns[plan.table.key] = composed_key(
            [texts.columns[part] for part in plan.mapping.parts], copies(frame)
        )
    if plan.feed.default_class:
        batch.add_classes(np.int16(plan.classes.bit(plan.feed.default_class)))
    _classify_flags(texts.flags, plan, batch)
    translate_values(plan, batch)
    read_position(plan, batch)
    for column in plan.table.read:
        _READERS.get(column.type, _leave_text)(column, plan, batch)
    return batch


def _classify_flags(flags: dict[str, pl.Series], plan: Plan, batch: Batch) -> None:
    """Add the classes that the feed's own flags name; a value that nobody has judged withholds the row."""
    bits = {
        flag.header: {value: plan.classes.bit(name) for value, name in flag.values.items() if name}
        for flag in plan.feed.flags
    }
    for header, column in flags.items():
        classes = column.replace_strict({**bits[header], None: None}, default=None, return_dtype=pl.Int16)
        batch.verdicts.withhold(classes.is_null().to_numpy(), "unmapped_value", header)
        batch.add_classes(classes.fill_null(0).to_numpy())


def translate_values(plan: Plan, batch: Batch) -> None:
    """Replace the feed's values by ours in the columns for which the profile has a map."""
    for name, values in plan.feed.values.items():
        _translate(name, values, batch)


def _translate(name: str, values: dict[str, str], batch: Batch) -> None:
    """Replace the feed's values of a column by ours, an empty text by nothing; others become empty, with a flag."""
    if name in batch.columns:
        before = batch.columns[name]
        after = before.replace_strict(values, default=None, return_dtype=pl.String)
        batch.mark_unreadable(truths(before.is_not_null() & after.is_null()), name, "unknown_value")
        batch.columns[name] = after.set(after == "", None) if "" in values.values() else after


def read_position(plan: Plan, batch: Batch) -> None:
    """Read the position, where the table has inputs for one; quarantine rows whose position lies outside."""
    if not {"x", "y"} <= batch.columns.keys():
        return
    points = read_points(batch.columns.pop("x"), batch.columns.pop("y"), plan.feed.coordinates, plan.jurisdiction)
    batch.verdicts.quarantine(points.outside, "coordinates_outside")
    batch.verdicts.flag(points.missing, "no_coordinates")
    batch.verdicts.flag(points.unreadable, "unreadable_coordinates")
    batch.verdicts.flag(points.swapped, "coordinates_swapped")
    batch.verdicts.flag(points.mirrored, "longitude_sign")
    longitude, latitude = (pl.Series(axis, nan_to_null=True) for axis in (points.longitude, points.latitude))
    batch.position = Position(longitude, latitude)


def _leave_text(_column: Input, _plan: Plan, _batch: Batch) -> None:
    """Leave text as it is."""


def _read_number(column: Input, _plan: Plan, batch: Batch) -> None:
    """Read a number; NaN and infinity are none."""
    if column.name not in batch.columns:  # x and y, which have been read as a point
        return
    before = batch.columns[column.name]
    numbers = before.cast(pl.Float64, strict=False)
    numbers = numbers.set(~numbers.is_finite(), None)
    if column.type == "integer":
        integers = (numbers == numbers.round()) & (numbers.abs() < 2**53)
        numbers = numbers.set(~integers, None).cast(pl.Int64, strict=False)
    _replace(column, before, numbers, batch)


def _read_boolean(column: Input, _plan: Plan, batch: Batch) -> None:
    """Read yes or no."""
    before = batch.columns[column.name]
    words = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    _replace(
        column, before, before.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean), batch
    )


def _replace(column: Input, before: pl.Series, after: pl.Series, batch: Batch) -> None:
    """Take over typed values; a text that is none of the type becomes empty, with a flag."""
    batch.columns[column.name] = after
    batch.mark_unreadable(truths(before.is_not_null() & after.is_null()), column.name, "unreadable_value")


def _read_instant(column: Input, plan: Plan, batch: Batch) -> None:
    """Read instants; the table's own time is checked, others become empty where they cannot be read."""
    times = plan.feed.times
    clocks = batch.columns.get(clock_of(column.name))
    is_day = column.name in times.dates
    instants = read_instants(batch.columns[column.name], times, plan.zone, is_day=is_day, clocks=clocks)
    if column.name == plan.table.time:
        months = read_months(batch.columns[column.name], times.formats)
        instants = add_months(instants, months, plan.zone)
        batch.opened_shows = np.select([months != MISSING, instants.dated], [MONTH, DATE], MINUTE).astype(np.int8)
    batch.columns[column.name] = as_datetime(instants.utc)
    if column.name == plan.table.time:
        batch.verdicts.quarantine(instants.unreadable, "time_unreadable", column.name)
        batch.verdicts.quarantine(instants.utc == MISSING, "time_missing", column.name)
        batch.verdicts.flag(instants.dated, "no_time")
        batch.verdicts.flag(instants.repeated, "ambiguous_hour")
        batch.verdicts.flag(instants.skipped, "nonexistent_hour")
        return
    batch.verdicts.flag(instants.unreadable, "unreadable_time")
    if column.name == plan.table.closed:
        batch.closed_dated = instants.dated


def _read_codes(column: Input, plan: Plan, batch: Batch) -> None:
    """Look the codes up; a row whose code nobody judged is withheld."""
    texts = batch.columns[column.name]
    book = plan.books.get(column.name)
    meanings = book.look_up(texts) if book else nothing_known(batch.height)
    batch.add_group(column.name, meanings.to_dict())
    batch.add_classes(meanings["classes"].fill_null(0).to_numpy())
    batch.verdicts.withhold(truths(~meanings["known"]), "unmapped_value", column.name)
    if column.required and column.name not in plan.feed.optional:
        batch.verdicts.withhold(texts.is_null().to_numpy(), "missing_value", column.name)


_READERS = {
    "integer": _read_number,
    "number": _read_number,
    "boolean": _read_boolean,
    "datetime": _read_instant,
    "code": _read_codes,
    "codes": _read_codes,
}

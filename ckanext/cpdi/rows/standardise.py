"""From a batch of text to typed columns under the names of inputs, with what is damaged or odd marked."""

from __future__ import annotations

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Input
from ckanext.cpdi.declare.departments.agree import NO, YES
from ckanext.cpdi.rows.batch import Sheet, truths
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.codes import nothing_known
from ckanext.cpdi.rows.values.instants import Instants, read_instants
from ckanext.cpdi.rows.values.points import read_points
from ckanext.cpdi.rows.values.text import read_texts
from ckanext.cpdi.rows.values.zone import MISSING, as_datetime

LINE = "_line"


def standardise(frame: pl.DataFrame, plan: Plan) -> Sheet:
    """Return the batch as a sheet with the inputs typed, ``point.longitude`` and ``point.latitude``, and what the codes
    mean (``problem.code`` …); every declared input is there, empty where the feed lacks it.
    """
    sheet = Sheet(frame[LINE])
    flags = read_texts(frame, plan.mapping, plan.feed.nulls, sheet)
    for column in plan.table.read:
        if column.name not in sheet.columns:
            sheet.columns[column.name] = pl.repeat(None, sheet.height, dtype=pl.String, eager=True)
    if plan.feed.default_class:
        sheet.classes |= np.int16(plan.classes.bit(plan.feed.default_class))
    _classify_flags(flags, plan, sheet)
    for name, values in plan.feed.values.items():
        _translate(name, values, sheet)
    read_place(plan, sheet)
    for column in plan.table.read:
        _READERS.get(column.type, _as_it_is)(column, plan, sheet)
    return sheet


def _classify_flags(flags: dict[str, pl.Series], plan: Plan, sheet: Sheet) -> None:
    """Add the classes that the feed's own flags name; a value that the profile does not know withholds the row."""
    bits = {
        flag.header: {value: plan.classes.bit(name) for value, name in flag.values.items()} for flag in plan.feed.flags
    }
    for header, column in flags.items():
        known = bits[header]
        found = column.replace_strict({**known, None: None}, default=None, return_dtype=pl.Int16)
        sheet.withhold(found.is_null().to_numpy(), "unmapped_value", header)
        sheet.classes |= found.fill_null(0).to_numpy()


def _translate(name: str, values: dict[str, str], sheet: Sheet) -> None:
    """Replace the feed's values of a column by ours; others become empty."""
    if name in sheet.columns:
        before = sheet.columns[name]
        after = before.replace_strict(values, default=None, return_dtype=pl.String)
        sheet.columns[name] = after
        sheet.unread(truths(before.is_not_null() & after.is_null()), name, "unknown_value")


def read_place(plan: Plan, sheet: Sheet) -> None:
    """Read the point, where the table has inputs for one; quarantine rows whose point lies outside."""
    if not {"x", "y"} <= sheet.columns.keys():
        return
    points = read_points(sheet.columns.pop("x"), sheet.columns.pop("y"), plan.feed.coordinates, plan.jurisdiction)
    sheet.quarantine(points.outside, "coordinates_outside")
    sheet.flag(points.missing, "no_coordinates")
    sheet.flag(points.unreadable, "unreadable_coordinates")
    sheet.flag(points.swapped, "coordinates_swapped")
    sheet.flag(points.mirrored, "longitude_sign")
    sheet.columns["point.longitude"] = pl.Series(points.longitude, nan_to_null=True)
    sheet.columns["point.latitude"] = pl.Series(points.latitude, nan_to_null=True)


def _as_it_is(_column: Input, _plan: Plan, _sheet: Sheet) -> None:
    """Leave text as it is."""


def _read_number(column: Input, _plan: Plan, sheet: Sheet) -> None:
    """Read a number; NaN and infinity are none."""
    if column.name not in sheet.columns:  # x and y, which have been read as a point
        return
    before = sheet.columns[column.name]
    numbers = before.cast(pl.Float64, strict=False)
    numbers = numbers.set(~numbers.is_finite(), None)
    if column.type == "integer":
        whole = (numbers == numbers.round()) & (numbers.abs() < 2**53)
        numbers = numbers.set(~whole, None).cast(pl.Int64, strict=False)
    _put(column, before, numbers, sheet)


def _read_boolean(column: Input, _plan: Plan, sheet: Sheet) -> None:
    """Read yes or no."""
    before = sheet.columns[column.name]
    words = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
    _put(column, before, before.str.to_lowercase().replace_strict(words, default=None, return_dtype=pl.Boolean), sheet)


def _put(column: Input, before: pl.Series, after: pl.Series, sheet: Sheet) -> None:
    """Take over typed values; a text that is none of the type becomes empty, with a flag."""
    sheet.columns[column.name] = after
    sheet.unread(truths(before.is_not_null() & after.is_null()), column.name, "unreadable_value")


def _read_instant(column: Input, plan: Plan, sheet: Sheet) -> None:
    """Read instants; the table's own time is checked, others become empty where they cannot be read."""
    instants = read_instants(sheet.columns[column.name], plan.feed.times, plan.zone)
    sheet.columns[column.name] = as_datetime(instants.utc)
    if column.name == plan.table.time:
        sheet.quarantine(instants.unreadable, "time_unreadable", column.name)
        sheet.quarantine(instants.utc == MISSING, "time_missing", column.name)
        sheet.flag(instants.dated, "no_time")
        sheet.flag(instants.repeated, "ambiguous_hour")
        sheet.flag(instants.skipped, "nonexistent_hour")
        sheet.columns["time.dated"] = pl.Series(instants.dated)
        return
    sheet.flag(instants.unreadable, "unreadable_time")
    _note_days(column, instants, plan, sheet)


def _note_days(column: Input, instants: Instants, plan: Plan, sheet: Sheet) -> None:
    """Remember which closings are a day without a time: they say little of the order of things."""
    if column.name == plan.table.closed:
        sheet.columns["closed.dated"] = pl.Series(instants.dated)


def _read_codes(column: Input, plan: Plan, sheet: Sheet) -> None:
    """Look the codes up; a row whose code nobody judged is withheld."""
    texts = sheet.columns[column.name]
    book = plan.books.get(column.name)
    found = book.look_up(texts) if book else nothing_known(sheet.height)
    for name in found.columns:
        sheet.columns[f"{column.name}.{name}"] = found[name]
    sheet.classes |= found["classes"].fill_null(0).to_numpy()
    sheet.withhold(truths(~found["known"]), "unmapped_value", column.name)
    if column.required:
        sheet.withhold(texts.is_null().to_numpy(), "missing_value", column.name)


_READERS = {
    "integer": _read_number,
    "number": _read_number,
    "boolean": _read_boolean,
    "datetime": _read_instant,
    "code": _read_codes,
    "codes": _read_codes,
}

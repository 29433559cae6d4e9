"""What makes a row unfit (quarantine) or merely odd (a flag), by the declared constraints and by common sense."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from ckanext.cpdi.declare import Field
from ckanext.cpdi.declare.number import STAND_IN
from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.identity.records import Records, read_records
from ckanext.cpdi.rows.masking.personal import personal
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.zone import MISSING, as_micros, micros
from ckanext.cpdi.rows.verdicts import Rows, truths

LONGEST_TEXT = 500
"""Characters of a published text whose field declares no limit: an index holds no more than 2,704 octets."""
EARLIEST = micros(datetime(1980, 1, 1, tzinfo=UTC))
"""No dispatch system is older; 1900 and 1970 are what empty dates are written as."""
_AHEAD = timedelta(days=1)


def check_key(plan: Plan, batch: Batch) -> Records:
    """Return the rows' records; quarantine rows without a number, or with one that is too long, and flag odd ones.

    What somebody typed in place of a number is not published, nor what looks like a person's number, nor a text in the
    form of a stand-in: a stand-in takes its place, as it does where several columns are the key.
    """
    key, field = plan.table.key, plan.table.key_field
    numbers = batch.columns[key].cast(pl.String)
    batch.verdicts.quarantine(numbers.is_null().to_numpy(), "key_missing", key)
    limit = (field.constraints.max_length if field else None) or LONGEST_TEXT
    batch.verdicts.quarantine(truths(numbers.str.len_chars() > limit), "key_too_long", key)
    if plan.mapping.parts or field is None or field.mask == "link":  # no number is published
        return read_records(plan.secret, plan.dataset.name, numbers, np.ones(batch.height, dtype=bool))
    odd = like_none(field, numbers)
    batch.verdicts.flag(odd, "unknown_value")
    return read_records(plan.secret, plan.dataset.name, numbers, odd)


def like_none(field: Field, numbers: pl.Series) -> Rows:
    """Return which record numbers are like none that the field holds: for these there are stand-ins."""
    return _unlike(field, numbers) | truths(numbers.str.contains(f"^{STAND_IN}$"))


def check_times(plan: Plan, batch: Batch, now: datetime) -> None:
    """Quarantine rows whose time cannot be; empty other instants that cannot be, and flag what runs backwards."""
    time = as_micros(batch.columns[plan.table.time])
    latest = micros(now + _AHEAD)
    batch.verdicts.quarantine((time != MISSING) & (time < EARLIEST), "time_implausible", plan.table.time)
    batch.verdicts.quarantine(time > latest, "time_in_future", plan.table.time)
    for column in plan.table.read:
        if column.type != "datetime" or column.name == plan.table.time:
            continue
        other = as_micros(batch.columns[column.name])
        wrong = (other != MISSING) & ((other < EARLIEST) | (other > latest))
        if wrong.any():
            batch.verdicts.flag(wrong, "implausible_time")
            batch.empty(column.name, wrong)
    if plan.table.closed:
        closed = as_micros(batch.columns[plan.table.closed])
        exact = ~batch.closed_dated & ~batch.opened_dated
        batch.verdicts.flag((closed != MISSING) & (closed < time) & exact, "closed_before_opened")


def check_fields(plan: Plan, batch: Batch) -> None:
    """Hold every published column to what its field declares."""
    for field in plan.table.fields:
        column = batch.columns.get(field.column)
        if column is None or field.name == plan.table.key:
            continue
        if column.dtype == pl.String:
            _check_text(field, column, batch)
        elif column.dtype.is_numeric():
            _check_range(field, column, batch)


def _check_text(field: Field, column: pl.Series, batch: Batch) -> None:
    """Hold a text to its length, its list of values and its pattern."""
    limit = field.constraints.max_length or LONGEST_TEXT
    longest = column.str.len_bytes().max()
    if isinstance(longest, int) and longest > limit:
        batch.verdicts.quarantine(truths(column.str.len_chars() > limit), "text_too_long", field.name)
    if field.constraints.enum:
        _empty(field, truths(~column.is_in(list(field.constraints.enum))), "unknown_value", batch)
    if field.constraints.pattern:
        _empty(field, _unlike(field, column), "unknown_value", batch)


def _unlike(field: Field, column: pl.Series) -> Rows:
    """Return which texts are not as the field's pattern has them, or look like a person's number."""
    pattern = field.constraints.pattern
    if not pattern:
        return np.zeros(len(column), dtype=bool)
    return truths(~column.str.contains(f"^(?:{pattern})$")) | personal(column, pattern)


def _check_range(field: Field, column: pl.Series, batch: Batch) -> None:
    """Empty numbers below the minimum or above the maximum."""
    low, high = field.constraints.minimum, field.constraints.maximum
    if low is not None:
        _empty(field, truths(column < low), "out_of_range", batch)
    if high is not None:
        _empty(field, truths(column > high), "out_of_range", batch)


def _empty(field: Field, rows: Rows, flag: str, batch: Batch) -> None:
    """Empty a field in ``rows`` and flag them."""
    if rows.any():
        batch.verdicts.flag(rows, flag)
        batch.empty(field.column, rows)

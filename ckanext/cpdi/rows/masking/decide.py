"""Which rows may be published now: by class, by a class that rose, by embargo.

``now`` and the run's turn decide nothing else. In: a batch with classes and keys, and the table's state. Out:
:class:`Decision`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from ckanext.cpdi.declare.month import first_of_next_month
from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.identity.known import find, repeated
from ckanext.cpdi.rows.identity.records import Records
from ckanext.cpdi.rows.masking.embargo import LONGEST_OPEN, Turn, next_month, release_times
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.zone import DAY, MISSING, SECOND, Micros, as_micros, micros
from ckanext.cpdi.rows.verdicts import Rows

_ROUNDING = 60 * SECOND
HELD = {"_key": pl.Int64, "_classes": pl.Int16, "due": pl.Date}
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Decision:
    """``held``: rows to remember that are not published (columns of HELD); ``next_due``: when the first of those that
    wait may be published. The classes of the batch now include those that rows had before.
    """

    held: pl.DataFrame
    next_due: datetime | None


@dataclass(frozen=True)
class _Before:
    """What the table knows of the rows of a batch: classes (0 for an unknown row), whether it has it, whether it has or
    had it, day of return.
    """

    classes: npt.NDArray[np.int16]
    standing: Rows
    shown: Rows
    due: Micros


def decide(plan: Plan, batch: Batch, records: Records, state: pl.DataFrame, now: datetime, turn: Turn) -> Decision:
    """Withhold what may not be published at ``now``, by the classes that a row has and those that it had.

    Rows whose class rose come back with the first run of a month, like those that show their month.
    """
    before = _look_up(records.keys, state)
    # A class never falls: what a row was once taken for, it stays, and so does every row with its key.
    batch.classes = _shared(batch, records) | before.classes
    batch.verdicts.withhold(batch.classes == 0, "no_class")
    batch.verdicts.withhold(plan.levels.withheld[batch.classes], "withheld_class")
    grown = batch.classes != before.classes
    today, back = _days(plan, now)
    # A row that was away for a night, damaged or left out, is known to readers all the same.
    rising = before.shown & grown
    returning = ~before.standing & (before.due != MISSING)
    due = np.where(rising, _midnight(back), before.due)
    if not turn.is_monthly(next_month(plan.zone, now)[0]):
        due = np.where(returning & ~rising, np.maximum(due, _midnight(back)), due)
    waiting = returning & (due > _midnight(today))
    returns = _return(plan, batch, rising | waiting, due)
    unclosed, stays = _unclosed(plan, batch), before.standing & ~grown
    times = release_times(plan, batch, unclosed, _embargo_ends(plan, batch, unclosed), now, turn, stays)
    embargoed = batch.verdicts.alive & ~stays & (times > micros(now))
    for reason, rows in (("not_closed", unclosed), ("embargo", np.ones_like(embargoed))):
        batch.verdicts.withhold(embargoed & rows, reason)
    ends = np.where(embargoed, times, returns)
    return Decision(_remember(batch, records, due, grown), _earliest(ends))


def _shared(batch: Batch, records: Records) -> npt.NDArray[np.int16]:
    """Return each row's classes with those of the batch's other rows of the same key: one incident, one set."""
    keys = records.keys
    several = repeated(keys)
    if several.is_empty():
        return batch.classes
    rows = np.flatnonzero(keys.is_in(several.implode()).to_numpy() & records.are_named)
    twins = pl.DataFrame({"key": keys.gather(rows), "classes": batch.classes[rows]})
    shared = batch.classes.copy()
    shared[rows] = twins.select(pl.col("classes").bitwise_or().over("key")).to_series().to_numpy()
    return shared


def _look_up(keys: pl.Series, state: pl.DataFrame) -> _Before:
    """Return what the state says of each key."""
    matches = state.select(pl.all().gather(find(keys, state)))
    days = matches["due"].cast(pl.Int32).cast(pl.Int64) * DAY
    return _Before(
        classes=matches["_classes"].cast(pl.Int16).fill_null(0).to_numpy(),
        standing=matches["_id"].is_not_null().to_numpy(),
        shown=(matches["_id"].is_not_null() | (matches["_fingerprint"].fill_null(0) != 0)).to_numpy(),
        due=days.fill_null(MISSING).to_numpy(),
    )


def _return(plan: Plan, batch: Batch, rows: Rows, due: Micros) -> Micros:
    """Withhold rows that wait for their day of return; return the instant at which it begins, _NEVER for the others."""
    rows = rows & batch.verdicts.alive
    batch.verdicts.withhold(rows, "class_rise")
    begins = np.full(batch.height, _NEVER, dtype=np.int64)
    begins[rows], _, _ = plan.zone.to_utc(due[rows])
    return begins


def _embargo_ends(plan: Plan, batch: Batch, unclosed: Rows) -> Micros:
    """Return until when each row waits: from its closing, else, where the feed has no closings, from its time.

    Where it has them, a row without one is still open, whatever its class.
    """
    time = as_micros(batch.columns[plan.table.time])
    time = np.where(batch.opened_dated, time + DAY, time)
    embargo = plan.levels.embargo[batch.classes]
    if not plan.table.closed:
        return time + embargo
    closed = as_micros(batch.columns[plan.table.closed])
    closed = np.where(batch.closed_dated & (closed != MISSING), closed + DAY, closed)
    base = np.maximum(time, closed)
    return np.where(unclosed, np.maximum(base + LONGEST_OPEN, base + embargo), base + embargo)


def _unclosed(plan: Plan, batch: Batch) -> Rows:
    """Return which rows lack a closing that the feed has for others; one before the opening closes nothing."""
    if plan.table.closed not in plan.mapping.columns:
        return np.zeros(batch.height, dtype=bool)
    closed = as_micros(batch.columns[plan.table.closed])
    # A minute is what clocks and rounding make of a call that was over at once.
    early = closed < as_micros(batch.columns[plan.table.time]) - _ROUNDING
    days = batch.closed_dated | batch.opened_dated
    return (closed == MISSING) | (early & ~days)


def _remember(batch: Batch, records: Records, due: Micros, grown: Rows) -> pl.DataFrame:
    """Return the rows whose classes are to be remembered although they are not published now.

    Rows under embargo are among them, and damaged ones: what a call was first taken for counts, even if it is called
    otherwise before anybody sees it. A code that nobody has judged yet is no class of its own, and not remembered. A
    key with another row that is published carries its classes there.
    """
    named = records.are_named & ~batch.verdicts.have_outcome("denied")
    rows = np.flatnonzero(grown & (batch.classes != 0) & ~batch.verdicts.alive & named)
    days = pl.Series(due[rows], dtype=pl.Int64)
    days = days.set(days == MISSING, None)
    frame = pl.DataFrame(
        {
            "_key": records.keys.gather(rows),
            "_classes": pl.Series(batch.classes[rows], dtype=pl.Int16),
            "due": (days // DAY).cast(pl.Int32).cast(pl.Date),
        }
    )
    shown = records.keys.gather(np.flatnonzero(batch.verdicts.alive)).to_frame("_key")
    frame = frame.join(shown, on="_key", how="anti")
    return frame.group_by("_key").agg(pl.col("_classes").bitwise_or(), pl.col("due").max()).select(*HELD).sort("_key")


def _days(plan: Plan, now: datetime) -> tuple[date, date]:
    """Return the department's day, and the first of the next month, when risen rows come back."""
    local = np.array([micros(now)]) + plan.zone.offset(np.array([micros(now)]))
    today = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(local[0]))).date()
    return today, first_of_next_month(today)


def _midnight(day: date) -> int:
    """Return the beginning of a day as microseconds of wall time."""
    return (day - date(1970, 1, 1)).days * DAY


def _earliest(ends: Micros) -> datetime | None:
    """Return the first of the instants; None where no row waits."""
    first = int(ends.min(initial=_NEVER))
    return None if first == _NEVER else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=first)

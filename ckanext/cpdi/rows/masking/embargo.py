"""When a row comes out: together with all the others that look like it in time.

The night of a row can be told for good, by its id and by the changes since a version. So a row that shows its hour, day
or month comes out on a day that follows from what it shows: the first midnight, or first of a month, at which even the
last row that shows the same is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from ckanext.cpdi.rows.batch import Batch
from ckanext.cpdi.rows.plan import Plan
from ckanext.cpdi.rows.values.levels import DATE, HOURLY, QUARTER
from ckanext.cpdi.rows.values.zone import DAY, HOUR, MISSING, Micros, Unit, Zone, as_micros, micros
from ckanext.cpdi.rows.verdicts import Rows

_MONTHLY: tuple[Unit, ...] = ("month", "quarter")
_LONGEST: dict[Unit, int] = {"month": 31 * DAY, "quarter": 92 * DAY}
Places = npt.NDArray[np.int64]
"""Places of rows in a batch."""

LONGEST_OPEN = 30 * DAY
"""A row that was never closed is taken as closed so long after its time."""
LINGER: dict[Unit, int] = {"hour": HOUR, "date": DAY, "month": DAY, "quarter": DAY}
"""How long a row may have been open, when its hour, day or month was over, and come out with the others still. One that
is closed later comes out later; that tells how long it lasted, and no more of when it began."""
HISTORY = 366 * DAY
"""A month that is over for so long comes out with any run: by then the night tells nothing of the days in it, and
years that are loaded one file after the other need no first of a month each."""
_SETTLED: dict[Unit, int] = {"hour": 70 * DAY, "date": 70 * DAY, "month": 70 * DAY, "quarter": 135 * DAY}
"""No row waits longer than this after its own embargo has ended: two months (a quarter and a month), and some days."""


@dataclass(frozen=True)
class Turn:
    """Which run this is. ``last`` is when the last good one of the same kind began, None where there is none;
    ``covers`` is from when on the feed has all rows, None where it has them from the beginning.
    """

    last: datetime | None = None
    covers: datetime | None = None

    def is_monthly(self, begin: int) -> bool:
        """Return whether this is the first good run of the month that began at ``begin``."""
        return self.last is None or micros(self.last) < begin


def release_times(
    plan: Plan, batch: Batch, unclosed: Rows, ends: Micros, now: datetime, turn: Turn, standing: Rows
) -> Micros:
    """Return when each row comes out; ``ends`` are the ends of the rows' own embargos.

    ``standing`` are the rows that the table has: they stay. A row that shows its month or quarter comes out in the
    first run of a month alone, by a feed that has the whole of it; one that is late joins the next.
    """
    times = ends.copy()
    given = np.where(batch.opened_shows > DATE, batch.opened_shows, 0)
    shows = np.maximum(plan.levels.time[batch.classes], given)
    monthly, quarterly = plan.levels.monthly[batch.classes] | (shows > DATE), shows == QUARTER
    units: dict[Unit, Rows] = {
        "hour": (shows == HOURLY) & ~monthly,
        "date": (shows == DATE) & ~monthly,
        "month": monthly & ~quarterly,
        "quarter": quarterly,
    }
    for unit, rows in units.items():
        at = np.flatnonzero(rows & batch.verdicts.alive & (ends > micros(now) - _SETTLED[unit]))
        times[at] = _together(plan, batch, unit, at, unclosed, ends)
    for unit in _MONTHLY:
        _defer(plan, batch, unit, np.flatnonzero(units[unit] & batch.verdicts.alive & ~standing), times, now, turn)
    return times


def next_month(zone: Zone, now: datetime) -> tuple[int, int]:
    """Return when the month of ``now`` began, and when the next one begins."""
    start = zone.floor(np.array([micros(now)]), "month")
    return int(start[0]), int(_following(zone, start, "month")[0])


def _together(plan: Plan, batch: Batch, unit: Unit, at: Places, unclosed: Rows, ends: Micros) -> Micros:
    """Return when the rows ``at``, which show ``unit``, come out."""
    zone, embargo = plan.zone, plan.levels.embargo[batch.classes[at]]
    over = _following(zone, zone.floor(as_micros(batch.columns[plan.table.time])[at], unit), unit)
    embargo = np.where(unclosed[at], np.maximum(embargo, LONGEST_OPEN), embargo)
    due = np.maximum(ends[at], over + embargo + LINGER[unit])
    step: Unit = "month" if unit in _MONTHLY else "date"
    start = zone.floor(due, step)
    return np.where(due > start, _following(zone, start, step), start)


def _defer(plan: Plan, batch: Batch, unit: Unit, at: Places, times: Micros, now: datetime, turn: Turn) -> None:
    """Let due rows ``at``, which show their month or quarter, wait for the next first of a month where it is not their
    turn.
    """
    start, following = next_month(plan.zone, now)
    monthly, covers = turn.is_monthly(start), micros(turn.covers) if turn.covers else MISSING
    if monthly and turn.covers is None:
        return
    at = at[(times[at] <= micros(now)) & (times[at] != MISSING)]
    begin = plan.zone.floor(as_micros(batch.columns[plan.table.time])[at], unit)
    recent = begin > micros(now) - HISTORY - _LONGEST[unit]
    times[at[recent & ((begin < covers) | (not monthly))]] = following


def _following(zone: Zone, starts: Micros, unit: Unit) -> Micros:
    """Return the beginning of the hour, day, month or quarter after the one that begins at each instant."""
    if unit == "hour":
        return starts + HOUR
    # A day has 23 hours at least and 25 at most, a month 28 days and 31, a quarter 90 and 92.
    return zone.floor(starts + (36 * HOUR if unit == "date" else _LONGEST[unit] + DAY), unit)

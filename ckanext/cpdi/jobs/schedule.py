"""When a harvest source is due: at a time of the department's day. A fixed interval after the last run would drift.

A wall time that a clock change skips (02:30 in March) stands for 03:30; one that occurs twice (01:30 in November)
stands for the first. So there is one run a night, also when the clocks change.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ckanext.cpdi.declare.month import first_of_next_month

STEPS = {"DAILY": 1, "WEEKLY": 7, "BIWEEKLY": 14}
"""Days between two runs, by CKAN's frequency."""
FREQUENCIES = (*STEPS, "MONTHLY")
"""The frequencies that have a time of day."""


def next_due(due: datetime, frequency: str, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the first instant after ``now`` at which a source that was due at ``due`` is due again.

    Missed nights are skipped: the run that starts now makes up for them.
    """
    day = due.astimezone(zone).date()
    while _instant(day, at, zone) <= now:
        day = _next_day(day, frequency)
    return _instant(day, at, zone)


def align(planned: datetime, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when a source that CKAN planned for ``planned`` is due: at its time of day, and no later than planned.

    A source that is due already stays due; a source that is not becomes due no sooner than its next time of day.
    """
    day = planned.astimezone(zone).date()
    instant = _instant(day, at, zone)
    if planned == instant or planned <= now:
        return planned
    if instant > planned:
        instant = _instant(day - timedelta(days=1), at, zone)
    return instant if instant > now else next_due(now, "DAILY", at, zone, now)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant of the wall time ``at`` on ``day``, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _next_day(day: date, frequency: str) -> date:
    """Return the day of the next run; a monthly run keeps its day, or takes the last day of a shorter month."""
    if frequency != "MONTHLY":
        return day + timedelta(days=STEPS[frequency])
    first = first_of_next_month(day)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))

"""When a harvest source is due: at a time of the department's day, not so many hours after the last run, which drifts.

A wall time that a clock change leaves out (02:30 in March) stands for the instant that it would have been, 03:30; one
that comes twice (01:30 in November) for the first. So there is one run a night, whatever the clocks do.
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


def following(due: datetime, frequency: str, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the first instant after ``now`` at which a source is due again that was due at ``due``.

    Nights that went by meanwhile are left out: they are caught up by the one run that starts now.
    """
    day = due.astimezone(zone).date()
    while _instant(day, at, zone) <= now:
        day = _next_day(day, frequency)
    return _instant(day, at, zone)


def aligned(planned: datetime, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when a source is due that CKAN planned for ``planned``: at its time of day, not later than that.

    What is due already stays so; what is planned is not made due by this.
    """
    day = planned.astimezone(zone).date()
    instant = _instant(day, at, zone)
    if planned == instant or planned <= now:
        return planned
    if instant > planned:
        instant = _instant(day - timedelta(days=1), at, zone)
    return instant if instant > now else following(now, "DAILY", at, zone, now)


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant of the wall time ``at`` on ``day``, in UTC."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _next_day(day: date, frequency: str) -> date:
    """Return the day of the next run; one a month keeps its day, or takes the month's last."""
    if frequency != "MONTHLY":
        return day + timedelta(days=STEPS[frequency])
    first = first_of_next_month(day)
    return first.replace(day=min(day.day, monthrange(first.year, first.month)[1]))

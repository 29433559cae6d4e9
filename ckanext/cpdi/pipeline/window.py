"""Applies the declared rule for rows that a feed lacks to the feed at hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ckanext.cpdi.declare import SyncRule
from ckanext.cpdi.rows import Survey
from ckanext.cpdi.store import Window

_DAY = timedelta(days=1)


def removal(rule: SyncRule, survey: Survey, now: datetime, zone: ZoneInfo) -> bool | Window:
    """Return True where all rows that the feed lacks are removed, False for none, or the window of those that are.

    A window has only whole days of the department. The first day of the feed may be incomplete, and so may the day on
    which it was written and the day of its last row; they are left out. Without a usable row there is no window.
    """
    if rule.mode != "window":
        return rule.mode == "full"
    if survey.first is None or survey.last is None:
        return False
    today, first, last = (instant.astimezone(zone).date() for instant in (now, survey.first, survey.last))
    begin = today - timedelta(days=rule.days) + _DAY if rule.days else first + _DAY
    end = min(today, last)
    return Window(begin, end, first) if begin < end else False

"""What becomes of the rows that a feed lacks: the declared rule, made concrete for the feed at hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ckanext.cpdi.declare import SyncRule
from ckanext.cpdi.rows import Survey
from ckanext.cpdi.store import Window

_DAY = timedelta(days=1)


def removal(rule: SyncRule, survey: Survey, now: datetime, zone: ZoneInfo) -> bool | Window:
    """Return whether all rows that the feed lacks are removed, none, or those inside a window.

    A window has whole days of the department only. Neither the day on which the feed was written nor that of its last
    row is over, and the day on which it begins may be cut: both are left out. Without a usable row there is no window.
    """
    if rule.mode != "window":
        return rule.mode == "full"
    if survey.first is None or survey.last is None:
        return False
    today, first, last = (one.astimezone(zone).date() for one in (now, survey.first, survey.last))
    begin = today - timedelta(days=rule.days) + _DAY if rule.days else first + _DAY
    end = min(today, last)
    return Window(begin, end, first) if begin < end else False

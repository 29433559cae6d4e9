"""Which periods a series of reports has from its first report on, and which of them have no report."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from ckanext.cpdi.declare.month import first_of_next_month
from ckanext.cpdi.declare.tables.report_rules import ReportRules

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)

Span = tuple[date, date]
"""The first and the last day of a period."""


def week_of(day: date, last_weekday: int) -> Span:
    """Return the week that ``day`` is in; weeks end with ``last_weekday`` (Monday is 0), across New Year as well."""
    end = day + _DAY * ((last_weekday - day.weekday()) % 7)
    return end - _WEEK + _DAY, end


def month_of(day: date) -> Span:
    """Return the month that ``day`` is in."""
    return day.replace(day=1), first_of_next_month(day) - _DAY


def period_of(day: date, rules: ReportRules) -> Span:
    """Return the period of a series that ``day`` is in."""
    return week_of(day, rules.last_weekday) if rules.every == "week" else month_of(day)


def expected(first: date, last: date, rules: ReportRules) -> Iterator[Span]:
    """Yield the periods of a series from the one that ``first`` is in to the one that ``last`` is in."""
    while first <= last or period_of(first, rules) == period_of(last, rules):
        span = period_of(first, rules)
        yield span
        first = span[1] + _DAY


def gaps(ends: Collection[date], rules: ReportRules, until: date | None = None) -> list[Span]:
    """Return the periods without a report, the earliest first, between the first report and the last.

    ``ends`` are the last days of the periods that have one. With ``until``, those after the last report that are over
    by that day are gaps as well.
    """
    if not ends:
        return []
    present, last = set(ends), max(ends)
    if until and until > last:
        # The period that the day is in counts when the day is its last.
        start, end = period_of(until, rules)
        last = max(last, until if end == until else start - _DAY)
    return [span for span in expected(min(ends), last, rules) if span[1] not in present]


def awaited(ends: Collection[date], rules: ReportRules, today: date) -> list[Span]:
    """Return the periods after the last report whose reports should be there before ``today``, the earliest first.

    None without any report, and where the series does not declare when a report is due.
    """
    if rules.due_days is None or not ends:
        return []
    last, until = max(ends), today - _DAY * (rules.due_days + 1)
    return [span for span in gaps([last], rules, until) if span[1] > last]


def iso_week(end: date) -> tuple[int, int]:
    """Return the ISO year and week of a week by its last day: that of its Thursday where weeks end on Sunday.

    29 December 2025 to 4 January 2026 is the first week of 2026; 28 December 2026 to 3 January 2027 is week 53 of 2026.
    """
    year, week, _ = end.isocalendar()
    return year, week

"""Which period a report is of, from its file's name and its first page. What is not certain is not proposed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from ckanext.cpdi.declare.tables.period_pattern import MONTHS, compiled
from ckanext.cpdi.declare.tables.report_rules import ReportRules
from ckanext.cpdi.reports.calendar import month_of, week_of

_EXTENSION = re.compile(r"\.pdf\s*$", re.IGNORECASE)
_REVISION = re.compile(
    r"(?<![^\W_])(?P<word>revision|revised|rev|corrected|correction|corr|amended|corregid[oa]|revisad[oa]|enmendad[oa])"
    r"(?:[\s_.-]*(?P<number>[1-9]\d?)(?!\d|[._/-]\d))?(?![^\W\d_])",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?<![^\W_])(?:v|ver|version|versi[oó]n|edition|edici[oó]n)[\s_.-]*(?P<number>[1-9]\d?)(?!\w|[./-]\d)",
    re.IGNORECASE,
)


class Period(Struct, frozen=True, order=True):
    """The days from ``start`` to ``end``, both included; ``edition`` is what the file's name says of it, else 1."""

    start: date
    end: date
    edition: int = 1


def propose(file_name: str, first_page: str, rules: ReportRules, until: date | None = None) -> Period | None:
    """Return the period of a report, by the patterns of its series.

    ``first_page`` is the text of the first page; ``until`` is a day by which the period must be over. None where no
    pattern matches, a date is impossible or ends no week of the series, or two places name two periods.
    """
    name = _EXTENSION.sub("", unicodedata.normalize("NFKC", file_name))
    try:
        spans = {*_spans(rules.names, name, rules), *_spans(rules.pages, first_page, rules)}
    except ValueError:
        return None
    if len(spans) != 1:
        return None
    start, end = spans.pop()
    return None if until and end > until else Period(start, end, _edition(name))


def _spans(patterns: Iterable[str], text: str, rules: ReportRules) -> set[tuple[date, date]]:
    """Return the periods that a text names; raise ValueError for an impossible one."""
    return {_span(match, rules) for pattern in patterns for match in compiled(pattern).finditer(text)}


def _span(match: re.Match[str], rules: ReportRules) -> tuple[date, date]:
    said = {name: value for name, value in match.groupdict().items() if value}
    year = int(said["year"]) if "year" in said else 2000 + int(said["yy"])
    if "week" in said:
        return _whole(date.fromisocalendar(year, int(said["week"]), rules.last_weekday + 1), rules)
    month = int(said["month"]) if "month" in said else MONTHS[said["month_name"].lower()]
    if rules.every == "month":
        # A day beside the month must be possible, too.
        return month_of(date(year, month, int(said.get("day", 1))))
    return _whole(date(year, month, int(said["day"])), rules)


def _whole(end: date, rules: ReportRules) -> tuple[date, date]:
    """Return the week that ends on a day; raise ValueError where none does."""
    if end.weekday() != rules.last_weekday:
        raise ValueError(f"{end} ends no week")
    return week_of(end, rules.last_weekday)


def _edition(name: str) -> int:
    """Return the edition that a name hints at: a revision without a number is the second."""
    if version := _VERSION.search(name):
        return int(version["number"])
    if revision := _REVISION.search(name):
        return max(2, int(revision["number"] or 2))
    return 1

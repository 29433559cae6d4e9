"""The rows of a report's week or month, where a table tells of the same events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.address import Address
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.titles import period_title

_MONTHS = {"month": 1, "quarter": 3}
"""How many months a row of a table stands for at least, by the finest time that the table shows."""


@dataclass(frozen=True)
class RowsBeside:
    """A table beside a report: ``name`` is its dataset, ``file`` the path of a CSV of its rows of ``period``."""

    name: str
    title: str
    period: str
    file: str


def rows_beside(table: Dataset, start: date, end: date, language: str) -> RowsBeside:
    """Return the rows of ``table`` that fall into the report's period, both days included.

    A table that shows no days is asked for the whole months or quarters that the period touches.
    """
    first, last = widened(start, end, _MONTHS.get(table.rows.at_most.time, 0))
    days = urlencode({"from": first.isoformat(), "to": last.isoformat()})
    whole = (first, last) == (start, end)
    period = period_title(first, last, language) if whole else words.days(first, last, language)
    path = Address(table.name, None, "csv").path
    return RowsBeside(table.name, table.title.get(language), period, f"{path}?{days}")


def widened(start: date, end: date, months: int) -> tuple[date, date]:
    """Return the first and last day of the whole ``months`` (1, 3) that a period touches; itself for 0."""
    if not months:
        return start, end
    first = date(start.year, start.month - (start.month - 1) % months, 1)
    last = end.month - (end.month - 1) % months + months - 1
    return first, date(end.year + last // 12, last % 12 + 1, 1) - timedelta(days=1)

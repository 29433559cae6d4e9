"""The rows of a report's week or month, where a table tells of the same events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.publish.address import Address
from ckanext.cpdi.query.notation.whole_months import widened
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.titles import period_title


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
    first, last = widened(start, end, table.rows.finest)
    days = urlencode({"from": first.isoformat(), "to": last.isoformat()})
    whole = (first, last) == (start, end)
    period = period_title(first, last, language) if whole else words.days(first, last, language)
    path = Address(table.name, None, "csv").path
    return RowsBeside(table.name, table.title.get(language), period, f"{path}?{days}")

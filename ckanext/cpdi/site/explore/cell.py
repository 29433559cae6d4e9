"""A cell of a row in words, in the reader's language; ``frontend/src/rows/cell.ts`` says it in the same way.

In: values of a row as the database gives them. Out: text; a time says no more of itself than the row shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton

from ckanext.cpdi.site import words
from ckanext.cpdi.site.explore.words import WORDS
from ckanext.cpdi.site.map.table import TableDescription

_DAY, _MONTH = "yMMMd", "yMMMM"
_CLOCKS = {"minute": ("Hm", "hm"), "hour": ("H", "h")}
"""How a clock is written by what a row shows of it: by 24 hours, and by twice 12."""


class Cells:
    """Says the cells of rows of one table: ``description`` is of it in ``language``, ``zone`` the department's."""

    def __init__(self, description: TableDescription, zone: ZoneInfo, language: str) -> None:
        """Take what does not change from row to row."""
        self._values = {column.name: column.values for column in description.columns}
        self._time, self._precision = description.time, description.precision
        self._zone, self._language, self._locale = zone, language, words.locale(language)

    def say(self, row: Mapping[str, Any]) -> dict[str, str]:
        """Return the columns of ``row`` in words, by their names; empty where they are."""
        return {name: self._said(name, value, row) for name, value in row.items()}

    def _said(self, name: str, value: Any, row: Mapping[str, Any]) -> str:  # noqa: ANN401  whatever a column has
        match value:
            case None:
                return ""
            case bool():
                return WORDS["yes" if value else "no"].get(self._language)
            case datetime():
                return self._moment(value.astimezone(self._zone), self._shown(name, row) or "minute")
            case date():
                return self._moment(value, self._shown(name, row) or "date")
            case str():
                return self._values[name].get(value, value)
            case _:
                return words.number(value, self._language)

    def _shown(self, name: str, row: Mapping[str, Any]) -> str:
        """Return what ``row`` shows of the time ``name``; empty where it does not say."""
        return (row.get(self._precision) if name == self._time else "") or ""

    def _moment(self, local: date, shown: str) -> str:
        if shown == "quarter":
            number = str((local.month - 1) // 3 + 1)
            return WORDS["quarter_of"].get(self._language).format(quarter=number, year=local.year)
        day = format_skeleton(_MONTH if shown == "month" else _DAY, local, locale=self._locale)
        return f"{day}, {self._clock(local, shown)}" if shown in _CLOCKS else day

    def _clock(self, local: date, shown: str) -> str:
        by_24, by_12 = _CLOCKS[shown]
        if "a" in self._locale.time_formats["short"].pattern:
            return format_skeleton(by_12, local, locale=self._locale)
        clock = format_skeleton(by_24, local, locale=self._locale)
        return f"{clock} h" if shown == "hour" else clock

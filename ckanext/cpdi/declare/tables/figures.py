"""How the tables of a series of reports are printed, so that their figures can be read as rows."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct, field

from ckanext.cpdi.declare.tables.field import check_pattern

Window = Literal["week", "28_days", "year_to_date"]
WINDOWS: tuple[Window, ...] = ("week", "28_days", "year_to_date")
"""The spans of time that figures are counted over; all end with the last day of the report."""

_AREA = "area"


class FigureColumns(Struct, frozen=True, forbid_unknown_fields=True):
    """The headings of the columns under each window, in all forms that have been printed.

    ``{year}`` and ``{year_before}`` stand for the year of the report and the one before.
    """

    current: tuple[str, ...]
    prior: tuple[str, ...]
    change: tuple[str, ...]


class Figures(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of a series: one for each area, a row for each offence, for each window a group of columns.

    ``title`` is a regular expression for the whole line above a table, whose group ``area`` is the area; ``total`` the
    area that is the sum of all others, where there is one. ``areas``, ``windows`` and ``offences`` lead from what is
    printed to what is published; an area that is not among them is published as it is printed. ``not_calculated`` are
    texts in place of a change where there was nothing before. ``dataset`` is the table that the rows go into.
    """

    dataset: str
    title: str
    windows: dict[str, Window]
    columns: FigureColumns
    offences: dict[str, str]
    total: str = ""
    areas: dict[str, str] = field(default_factory=dict[str, str])
    not_calculated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError (msgspec adds the place) for a pattern without an area, or a table without rows."""
        check_pattern(self.title)
        if _AREA not in re.compile(self.title).groupindex:
            raise ValueError(f"title: {self.title!r} has no group (?P<{_AREA}>…)")
        if not self.windows or not self.offences:
            raise ValueError("windows and offences name at least one each")
        if len(set(self.windows.values())) < len(self.windows):
            raise ValueError("windows: two headings stand for the same window")

    def area(self, line: str) -> str | None:
        """Return the area of the table below ``line`` as it is published; None where it is no title."""
        match = re.fullmatch(self.title, line)
        return self.areas.get(match[_AREA], match[_AREA]) if match else None

"""The columns of a table: headings in, for each of them the window and what is counted, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from ckanext.cpdi.declare.tables.figures import Figures as Layout
from ckanext.cpdi.reports.tables.fault import PARTS, Part
from ckanext.cpdi.reports.tables.lines import Cell, Line

_LINES_ABOVE = 2
"""Lines above the headings of columns in which the windows may stand."""


class Column(Struct, frozen=True):
    """A column of numbers; ``heading`` says where it stands."""

    window: str
    part: Part
    heading: Cell


class Headings:
    """The headings that a layout declares, for a report whose windows end with ``end``."""

    def __init__(self, layout: Layout, end: date) -> None:
        """Take the headings in lower case, with the years of the report."""
        years = {"year": end.year, "year_before": end.year - 1}
        self._windows = {printed.casefold(): window for printed, window in layout.windows.items()}
        self._parts: dict[str, Part] = {
            heading.format(**years).casefold(): part for part in PARTS for heading in getattr(layout.columns, part)
        }

    def columns(self, at: int, page: Sequence[Line]) -> list[Column]:
        """Return the columns below line ``at`` of a page; none where it does not have the headings of a table.

        The headings of all windows stand in one line, the windows in one of the lines above it, in the same order.
        """
        headings = [cell for cell in page[at].cells if cell.text.casefold() in self._parts]
        if not headings or len(headings) % len(PARTS):
            return []
        windows = self._above(page[max(0, at - _LINES_ABOVE) : at])
        if len(windows) * len(PARTS) != len(headings):
            return []
        every = [window for window in windows for _ in PARTS]
        placed = [
            Column(window, self._parts[cell.text.casefold()], cell)
            for window, cell in zip(every, headings, strict=True)
        ]
        is_whole = len({(column.window, column.part) for column in placed}) == len(placed)
        return placed if is_whole else []

    def _above(self, above: Sequence[Line]) -> list[str]:
        """Return the windows in the order in which they stand; none where no line has any."""
        for line in reversed(above):
            texts = (cell.text.casefold() for cell in line.cells)
            if windows := [self._windows[text] for text in texts if text in self._windows]:
                return windows
        return []


def place(cells: Sequence[Cell], into: Sequence[Column]) -> list[str] | None:
    """Return the text of each column; None where the cells do not fall into all columns, one into each."""
    texts: list[str | None] = [None] * len(into)
    for cell in cells:
        nearest = min(range(len(into)), key=lambda at: _distance(cell, into[at].heading))
        if texts[nearest] is not None:
            return None
        texts[nearest] = cell.text
    return None if None in texts else [text for text in texts if text is not None]


def _distance(cell: Cell, heading: Cell) -> float:
    """Return how far a cell stands from a heading: set to the left, to the right, or in the middle below it."""
    return min(abs(cell.left - heading.left), abs(cell.right - heading.right), abs(cell.middle - heading.middle))

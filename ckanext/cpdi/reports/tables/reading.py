"""Reads the tables of one report as its series declares them; what cannot be read is named, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from ckanext.cpdi.declare.tables.figures import Figures as Layout
from ckanext.cpdi.reports.report import Page
from ckanext.cpdi.reports.tables.checks import doubles, objections
from ckanext.cpdi.reports.tables.figure import Figure, Figures
from ckanext.cpdi.reports.tables.grid import PARTS, Column, Headings, place
from ckanext.cpdi.reports.tables.lines import Line, lines

_TITLE_ABOVE = 4
"""Lines above the headings of columns in which the title of a table may stand."""
_NUMBER = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,9}")
_CHANGE = re.compile(r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{1,4})? ?%?")
_MINUS = str.maketrans({"−": "-", "–": "-"})


class _Unreadable(ValueError):
    """A row of a table whose cells are no figures; the message is for staff."""


def read_figures(pages: Iterable[Page], layout: Layout, end: date) -> Figures:
    """Return the figures of a report whose windows end with ``end``, checked by themselves.

    Pages without words, such as scanned ones, have none. A table that stands twice in the same words counts once.
    """
    figures: list[Figure] = []
    unread: list[str] = []
    area: str | None = None
    headings = Headings(layout, end)
    for page in pages:
        printed = lines(page.words)
        at = 0
        while at < len(printed):
            heading = headings.columns(at, printed)
            at += 1
            if not heading:
                continue
            area = _title(printed, at - 1, layout) or area
            for row in _rows(printed[at:], layout):
                at += 1
                if area is None:
                    unread.append(f"Page {page.number}: the table with {row.text!r} has no title that is declared.")
                    continue
                try:
                    figures += _figures(row, heading, layout, area, page.number)
                except _Unreadable as error:
                    unread.append(f"Page {page.number}, {area}: {error}")
    figures = list(dict.fromkeys(figures))
    held = (*doubles(figures), *objections(figures, layout, end))
    return Figures(end, tuple(figures), held, tuple(unread))


def _title(page: Sequence[Line], at: int, layout: Layout) -> str | None:
    """Return the area that the nearest title above the headings names; None where none does, as on a second page."""
    for line in reversed(page[max(0, at - _TITLE_ABOVE) : at]):
        if area := layout.area(line.text):
            return area
    return None


def _rows(below: Sequence[Line], layout: Layout) -> Iterator[Line]:
    """Yield the rows of a table: lines that begin with an offence, until one does not."""
    for line in below:
        if line.cells[0].text not in layout.offences:
            return
        yield line


def _figures(row: Line, heading: Sequence[Column], layout: Layout, area: str, page: int) -> list[Figure]:
    """Return the figures of a row, one for each window; raise _Unreadable where a cell is missing or no number."""
    label, *cells = row.cells
    texts = place(cells, heading)
    if texts is None:
        raise _Unreadable(f"the row {label.text} has {len(cells)} figures in {len(heading)} columns.")
    by_window: dict[str, dict[str, str]] = {}
    for column, text in zip(heading, texts, strict=True):
        by_window.setdefault(column.window, {})[column.part] = text
    return [
        _figure(layout.offences[label.text], window, [parts[part] for part in PARTS], layout, area, page)
        for window, parts in by_window.items()
    ]


def _figure(offence: str, window: str, texts: Sequence[str], layout: Layout, area: str, page: int) -> Figure:
    current, prior, change = texts
    return Figure(
        area, offence, window, _count(current, offence), _count(prior, offence), _change(change, offence, layout), page
    )


def _count(text: str, offence: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _Unreadable(f"{text!r} under {offence} is no number.")
    return int(text.replace(",", ""))


def _change(text: str, offence: str, layout: Layout) -> Decimal | None:
    """Return the change in per cent; None where the report says that it is not calculated."""
    if text.casefold() in (word.casefold() for word in layout.not_calculated):
        return None
    plain = text.translate(_MINUS)
    if not _CHANGE.fullmatch(plain):
        raise _Unreadable(f"{text!r} under {offence} is no change in per cent.")
    return Decimal(plain.replace(",", "").rstrip("% "))

"""Reads the tables of one report as its series declares them; what cannot be read is named, never guessed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from ckanext.cpdi.declare.tables.figures import Figures as Layout
from ckanext.cpdi.reports.report import Page
from ckanext.cpdi.reports.tables.checks import doubles, objections
from ckanext.cpdi.reports.tables.fault import Fault, Kind, Part
from ckanext.cpdi.reports.tables.figure import Figure, Figures, Key
from ckanext.cpdi.reports.tables.grid import Column, Headings, place
from ckanext.cpdi.reports.tables.lines import Line, lines

_READING = "2"
"""Raise it when the code reads or checks tables in another way: every report is then read anew."""
_TITLE_ABOVE = 4
"""Lines above the headings of columns in which the title of a table may stand."""
_NUMBER = re.compile(r"[0-9]{1,3}(,[0-9]{3})+|[0-9]{1,9}")
_CHANGE = re.compile(r"[-+]?([0-9]{1,3}(,[0-9]{3})+|[0-9]{1,9})(\.[0-9]{1,4})? ?%?")
_MINUS = str.maketrans({"−": "-", "–": "-"})


class _Unreadable(ValueError):
    """A row of a table whose cells are no figures."""

    def __init__(self, kind: Kind, printed: str, expected: tuple[str, ...] = ()) -> None:
        """Take what the fault is, what is printed, and what was expected."""
        super().__init__(kind)
        self.kind: Kind = kind
        self.printed, self.expected = printed, expected
        self.window = ""
        self.part: Part | Literal[""] = ""


def recipe(layout: Layout) -> str:
    """Return what figures are read by: the declaration, and the way of reading."""
    return hashlib.sha256(_READING.encode() + msgspec.json.encode(layout, order="sorted")).hexdigest()[:16]


def read_figures(pages: Iterable[Page], layout: Layout, end: date) -> Figures:
    """Return the figures of a report whose windows end with ``end``, checked by themselves.

    Pages without words, such as scanned ones, have none. A table that stands twice in the same words counts once.
    """
    figures: list[Figure] = []
    unread: list[Fault] = []
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
                try:
                    figures += _figures(row, heading, layout, area, page.number)
                except _Unreadable as error:
                    offence = layout.offences[row.cells[0].text]
                    facts = (error.window, error.part, error.printed, error.expected)
                    unread.append(Fault(error.kind, page.number, area or "", offence, *facts))
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


def _figures(row: Line, heading: Sequence[Column], layout: Layout, area: str | None, page: int) -> list[Figure]:
    """Return the figures of a row, one for each window; raise _Unreadable where a cell is missing or no number."""
    label, *cells = row.cells
    if area is None:
        raise _Unreadable("no_title", row.text)
    texts = place(cells, heading)
    if texts is None:
        raise _Unreadable("cells", str(len(cells)), (str(len(heading)),))
    by_window: dict[str, dict[Part, str]] = {}
    for column, text in zip(heading, texts, strict=True):
        by_window.setdefault(column.window, {})[column.part] = text
    return [
        _figure((area, layout.offences[label.text], window), parts, layout, page) for window, parts in by_window.items()
    ]


def _figure(key: Key, texts: Mapping[Part, str], layout: Layout, page: int) -> Figure:
    part: Part = "current"
    try:
        current = _count(texts[part])
        part = "prior"
        prior = _count(texts[part])
        part = "change"
        return Figure(*key, current, prior, _change(texts[part], layout), page)
    except _Unreadable as error:
        error.window, error.part = key[2], part
        raise


def _count(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise _Unreadable("no_number", text)
    return int(text.replace(",", ""))


def _change(text: str, layout: Layout) -> Decimal | None:
    """Return the change in per cent; None where the report says that it is not calculated."""
    if text.casefold() in (word.casefold() for word in layout.not_calculated):
        return None
    plain = text.translate(_MINUS)
    if not _CHANGE.fullmatch(plain):
        raise _Unreadable("no_change", text)
    return Decimal(plain.replace(",", "").rstrip("% "))

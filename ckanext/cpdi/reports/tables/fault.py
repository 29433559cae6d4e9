"""Faults of printed figures as data, by report, and the file in which runs leave them for staff's pages.

The file is our own and private, small beside the ledger of figures: a page that shows what is held reads it alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from ckanext.cpdi.whole_file import written

Kind = Literal[
    "twice", "change", "sum", "no_total", "longer", "year_before", "no_title", "cells", "no_number", "no_change"
]
"""What is wrong: a figure stands twice in two ways; a change does not follow from its figures; areas do not add up to
their total, or have none; a window has more than a longer one around it; the report of the year before has another
figure. Of rows that cannot be read: the table has no title, the row has too many or too few cells, a cell is no number
or no change in per cent.
"""
Part = Literal["current", "prior", "change"]
PARTS: tuple[Part, ...] = ("current", "prior", "change")

_PRIVATE = 0o600


class Fault(Struct, frozen=True):
    """A figure that cannot be right as it is printed, by its place: page, row (area, offence), column (window, part).

    ``window`` and ``part`` are empty where a whole row is meant. ``printed`` is the figure, or what stands in its
    place; ``expected`` are the figures that would be right, more than one where either is: for ``longer`` the most that
    it may be, for ``cells`` numbers of cells. Changes are in per cent, with their digits; an empty text is a change
    that is not calculated, or a total that is not printed. ``other`` is where ``expected`` is from: a page, a window.
    """

    kind: Kind
    page: int
    area: str
    offence: str
    window: str = ""
    part: Part | Literal[""] = ""
    printed: str = ""
    expected: tuple[str, ...] = ()
    other: str = ""

    @property
    def sentence(self) -> str:
        """The fault in English, for the log."""
        row = ", ".join(name.replace("_", " ") for name in (self.area, self.offence, self.window, self.part) if name)
        right = f", and not {' or '.join(map(repr, self.expected))}" if self.expected else ""
        return f"page {self.page}, {row}: {self.kind}, {self.printed!r}{right}"


class ReportFaults(Struct, frozen=True):
    """The faults of the present edition of a report; ``held`` counts the figures that are not published for them."""

    end: date
    edition: int
    held: int
    faults: tuple[Fault, ...]


def write_faults(path: Path, reports: Iterable[ReportFaults]) -> None:
    """Write the faults of a series' reports to ``path``, or leave what is there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path, mode=_PRIVATE) as unfinished:
        unfinished.write_bytes(msgspec.json.encode(tuple(reports)))


def read_faults(path: Path) -> tuple[ReportFaults, ...]:
    """Return the faults that :func:`write_faults` wrote; none where the file is not there or cannot be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=tuple[ReportFaults, ...])
    except (OSError, msgspec.MsgspecError):
        return ()

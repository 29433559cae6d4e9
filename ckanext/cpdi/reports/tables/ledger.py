"""The figures of all reports of a series: kept in one file, compared across years, written as the feed of a table.

The file is our own and private: it has what is held as well, so that a figure comes out as soon as a corrected edition,
of its own report or of that of the year before, makes it right. Only published reports belong into it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from ckanext.cpdi.declare.tables.figure_rules import HEADER
from ckanext.cpdi.reports.tables.checks import fault_of
from ckanext.cpdi.reports.tables.fault import Fault, ReportFaults
from ckanext.cpdi.reports.tables.figure import Figure, Figures, Held, Key
from ckanext.cpdi.whole_file import written

_PRIVATE = 0o600
_YEAR = timedelta(days=364)
_SAME_DAYS = ("week", "28_days")
"""Windows whose prior figure is the current one of the report of 52 weeks before."""


class Entry(Struct, frozen=True):
    """The figures of the present edition of a report; ``source`` is the checksum of the file they were read from."""

    edition: int
    figures: Figures
    source: str = ""


class Kept(Struct, frozen=True):
    """What the file of a ledger has; ``recipe`` is what the figures were read by."""

    recipe: str
    entries: tuple[Entry, ...]


class FigureLedger:
    """The figures of a series by the last day of the report."""

    def __init__(self, recipe: str = "", entries: Iterable[Entry] = ()) -> None:
        """Begin with ``entries``, which were read by ``recipe``."""
        self._recipe = recipe
        self._entries = {entry.figures.end: entry for entry in entries}

    @classmethod
    def read(cls, path: Path, recipe: str = "") -> FigureLedger:
        """Return the ledger that :meth:`save` wrote to ``path``.

        It is empty where there is none, where it cannot be read, or where it was read by another ``recipe``: then each
        report is read again.
        """
        try:
            kept = msgspec.json.decode(path.read_bytes(), type=Kept)
        except (OSError, msgspec.MsgspecError):
            return cls(recipe)
        return cls(recipe, kept.entries if kept.recipe == recipe else ())

    @property
    def sources(self) -> dict[date, str]:
        """The checksums of the files that the figures were read from, by the last day of the report."""
        return {end: entry.source for end, entry in self._entries.items()}

    def put(self, figures: Figures, edition: int, source: str = "") -> bool:
        """Take the figures of an edition in place of those of earlier ones; return whether it is the latest."""
        present = self._entries.get(figures.end)
        if present is not None and present.edition > edition:
            return False
        self._entries[figures.end] = Entry(edition, figures, source)
        return True

    def remove(self, end: date) -> None:
        """Forget the report whose windows end with ``end``, such as one that was withdrawn."""
        self._entries.pop(end, None)

    def save(self, path: Path) -> None:
        """Write the ledger to ``path``, or leave what is there."""
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = Kept(self._recipe, tuple(self._entries[end] for end in sorted(self._entries)))
        with written(path, mode=_PRIVATE) as unfinished:
            unfinished.write_bytes(msgspec.json.encode(kept))

    def faults(self) -> tuple[ReportFaults, ...]:
        """Return the faults of each report that has some, the latest first, page by page, and each once."""
        held = self.held()
        reports = [
            ReportFaults(
                end,
                entry.edition,
                len({against.key for against in held.get(end, ())}),
                tuple(sorted(set(_faults(entry, held.get(end, ()))), key=lambda fault: (fault.page, fault.sentence))),
            )
            for end, entry in sorted(self._entries.items(), reverse=True)
        ]
        return tuple(report for report in reports if report.faults)

    def held(self) -> dict[date, tuple[Held, ...]]:
        """Return what speaks against figures by report, the earliest first; reports without any are left out."""
        against = {
            end: (*self._entries[end].figures.held, *self._of_the_year_before(end)) for end in sorted(self._entries)
        }
        return {end: held for end, held in against.items() if held}

    def feed(self) -> str:
        """Return the feed: CSV, a line for each figure that nothing speaks against, in the order of time."""
        held = self.held()
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow(HEADER)
        for end in sorted(self._entries):
            against = {objection.key for objection in held.get(end, ())}
            entry = self._entries[end]
            lines.writerows(
                _line(end, figure, entry.edition) for figure in entry.figures.figures if figure.key not in against
            )
        return out.getvalue()

    def _of_the_year_before(self, end: date) -> Iterator[Held]:
        """Yield the figures whose prior one is another than the report of a year before gives.

        A figure against which something speaks in that report tells nothing of this one.
        """
        before = self._entries.get(end - _YEAR)
        if before is None:
            return
        own: dict[Key, Figure] = {figure.key: figure for figure in before.figures.accepted}
        for figure in self._entries[end].figures.figures:
            then = own.get(figure.key)
            if figure.window in _SAME_DAYS and then is not None and then.current != figure.prior:
                yield Held(figure.key, fault_of("year_before", figure, "prior", [then.current], str(then.page)))


def _faults(entry: Entry, held: Iterable[Held]) -> Iterator[Fault]:
    yield from entry.figures.unread
    yield from (against.fault for against in held)


def _line(end: date, figure: Figure, edition: int) -> tuple[object, ...]:
    change = "" if figure.change is None else f"{figure.change:f}"
    identity = f"{end} {figure.area} {figure.offence} {figure.window}"
    where = (identity, end, *figure.key)
    return (*where, figure.current, figure.prior, change, edition, figure.page)

"""The schedule of the synthetic reports: three series back from a day, each report with its faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge
from itertools import islice

COMPSTAT = "compstat-reports"
INVESTIGATIONS = "closed-investigations"
RESISTANCE = "response-to-resistance"

_WEEKLY_DELAY = timedelta(days=2)
_MONTHLY_DELAY = timedelta(days=10)
_CORRECTION_DELAY = timedelta(days=7)


@dataclass(frozen=True)
class Faults:
    """The faults of the report of one period. ``corrected``: a second edition corrects a wrong figure."""

    missing: bool = False
    corrected: bool = False
    oddly_named: bool = False
    scanned: bool = False
    commented: bool = False
    covered: bool = False


@dataclass(frozen=True)
class Report:
    """One PDF: ``series`` is the name of its dataset, ``published`` the day of its publication."""

    series: str
    start: date
    end: date
    published: date
    edition: int
    faults: Faults
    file: str

    @property
    def wrong(self) -> bool:
        """Whether it is the first edition of a report that was corrected later."""
        return self.faults.corrected and self.edition == 1


def last_reports(count: int, end: date) -> list[Report]:
    """Return the last ``rows`` reports that were published before ``end``, the latest first."""
    each = (_weeks(end), _months(INVESTIGATIONS, end), _months(RESISTANCE, end))
    published = (
        report for report in merge(*each, key=lambda report: report.published, reverse=True) if report.published < end
    )
    return list(islice(published, count))


def _weeks(end: date) -> Iterator[Report]:
    """Yield the weekly reports, the latest first; a week runs from Monday to Sunday."""
    sunday = end - timedelta(days=end.isoweekday())
    while True:
        # Each fault occurs within half a year, most of them more than once.
        number = sunday.toordinal() // 7
        faults = Faults(
            missing=number % 23 == 11,
            corrected=number % 11 == 4,
            oddly_named=number % 7 == 2,
            scanned=number % 17 == 9,
            commented=number % 19 == 6,
            covered=number % 21 == 3,
        )
        yield from _editions(COMPSTAT, sunday - timedelta(days=6), sunday, sunday + _WEEKLY_DELAY, faults)
        sunday -= timedelta(days=7)


def _months(series: str, end: date) -> Iterator[Report]:
    """Yield the monthly reports of ``series``, the latest first."""
    shift = 0 if series == INVESTIGATIONS else 4
    last = end.replace(day=1) - timedelta(days=1)
    while True:
        number = last.year * 12 + last.month + shift
        faults = Faults(
            corrected=number % 10 == 3,
            oddly_named=number % 6 == 1,
            scanned=number % 12 == 7,
            commented=number % 9 == 5,
            covered=number % 14 == 8,
        )
        yield from _editions(series, last.replace(day=1), last, last + _MONTHLY_DELAY, faults)
        last = last.replace(day=1) - timedelta(days=1)


def _editions(series: str, start: date, end: date, published: date, faults: Faults) -> Iterator[Report]:
    """Yield the editions of one report, the latest first."""
    if faults.missing:
        return
    name = (_ODD_NAMES if faults.oddly_named else _NAMES)[series](end)
    if faults.corrected:
        later = published + _CORRECTION_DELAY
        yield Report(series, start, end, later, 2, faults, f"{name}_rev2.pdf")
    yield Report(series, start, end, published, 1, faults, f"{name}.pdf")


_NAMES: dict[str, Callable[[date], str]] = {
    COMPSTAT: "SAMPLE-compstat-{:%Y-%m-%d}".format,
    INVESTIGATIONS: "SAMPLE-closed-investigations-{:%Y-%m}".format,
    RESISTANCE: "SAMPLE-response-to-resistance-{:%Y-%m}".format,
}
_ODD_NAMES: dict[str, Callable[[date], str]] = {
    COMPSTAT: "SAMPLE Compstat {:%m.%d.%y}".format,
    INVESTIGATIONS: "SAMPLE Closed Investigations {:%b %Y}".format,
    RESISTANCE: "SAMPLE RTR {:%m-%Y}".format,
}

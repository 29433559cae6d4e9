"""The schedule of the synthetic reports: three series back from a day, each report with its faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge
from itertools import islice, takewhile

from ckanext.cpdi.sample.reports.prose import rare_phrase

COMPSTAT = "compstat-reports"
INVESTIGATIONS = "closed-investigations"
RESISTANCE = "response-to-resistance"
SERIES = (COMPSTAT, INVESTIGATIONS, RESISTANCE)

_WEEKLY_DELAY = timedelta(days=2)
_MONTHLY_DELAY = timedelta(days=10)
_CORRECTION_DELAY = timedelta(days=7)
_TAGGED_SINCE = date(2022, 1, 1)
"""Since when the word processor writes the structure of a document into its PDF, unless somebody prints it."""


@dataclass(frozen=True)
class Faults:
    """The faults of the report of one period.

    ``corrected``: a second edition corrects a wrong figure; ``misprinted``: nobody corrects it; ``unreadable``: neither
    the file's name nor its pages say the period; ``mislabelled``: the file is no PDF; ``named``: a person's name and
    telephone number stand in the text; ``attached``: a spreadsheet is attached; ``untagged``: without structure.
    """

    missing: bool = False
    corrected: bool = False
    misprinted: bool = False
    oddly_named: bool = False
    unreadable: bool = False
    mislabelled: bool = False
    scanned: bool = False
    commented: bool = False
    covered: bool = False
    named: bool = False
    attached: bool = False
    untagged: bool = False


@dataclass(frozen=True)
class Report:
    """A PDF: ``series`` is the name of its dataset, ``published`` the day of its publication.

    ``number`` counts the periods of a series.
    """

    series: str
    start: date
    end: date
    published: date
    edition: int
    faults: Faults
    file: str
    number: int

    @property
    def wrong(self) -> bool:
        """Whether it is the first edition of a report that was corrected later."""
        return self.faults.corrected and self.edition == 1

    @property
    def id(self) -> str:
        """The report's number, the same for all editions; without the period where the report does not say it."""
        return (
            _NUMBERS[self.series]
            if self.faults.unreadable
            else f"{_NUMBERS[self.series]}-{self.end:{_STAMPS[self.series]}}"
        )

    @property
    def period(self) -> str:
        """The period as the report says it; empty where it does not."""
        if self.faults.unreadable:
            return ""
        return f"{self.start:%b} {self.start.day} to {self.end:%b} {self.end.day}, {self.end.year}"

    @property
    def phrase(self) -> str:
        """Three words that stand on page 3 of this report's editions and of no other report for twenty years."""
        shift = SERIES.index(self.series)
        return rare_phrase((self.number * len(SERIES) + shift) * _STRIDE % _PHRASES)


_STRIDE, _PHRASES = 2_357, 7_998
"""Steps through the phrases, of which each series has a third; without a common divisor, so that none returns."""


def last_reports(count: int, end: date, series: str | None = None) -> list[Report]:
    """Return the last ``count`` reports that were published before ``end``, the latest first.

    Of all series together, the weekly one is six years old and that of force seven, so that 560 reports go
    back over eleven years; a ``series`` alone goes back as far as is asked.
    """
    kinds = {name: _REPORTS[name](end) for name in SERIES if series in (None, name)}
    if series is None:
        kinds |= {name: _since(kinds[name], end - timedelta(days=days)) for name, days in _AGES.items()}
    newest_first = merge(*kinds.values(), key=lambda report: report.published, reverse=True)
    return list(islice((report for report in newest_first if report.published < end), count))


def _since(reports: Iterator[Report], day: date) -> Iterator[Report]:
    return takewhile(lambda report: report.start >= day, reports)


def _weeks(end: date) -> Iterator[Report]:
    """Yield the weekly reports, the latest first; a week runs from Monday to Sunday."""
    sunday = end - timedelta(days=end.isoweekday())
    while True:
        number = sunday.toordinal() // 7
        broken = Faults(unreadable=number % 131 == 93, mislabelled=number % 157 == 115)
        faults = broken if broken != Faults() else _weekly(number, sunday)
        yield from _editions(COMPSTAT, number, (sunday - timedelta(days=6), sunday), sunday + _WEEKLY_DELAY, faults)
        sunday -= timedelta(days=7)


def _weekly(number: int, sunday: date) -> Faults:
    """Return the faults of a week; the usual ones occur within half a year, most of them more than once."""
    return Faults(
        missing=number % 23 == 11,
        corrected=number % 11 == 4,
        misprinted=number % 47 == 20,
        oddly_named=number % 7 == 2,
        scanned=number % 17 == 9,
        commented=number % 19 == 6,
        covered=number % 21 == 3,
        named=number % 67 == 30,
        attached=number % 41 == 25,
        untagged=sunday < _TAGGED_SINCE or number % 6 == 5,
    )


def _months(series: str, end: date) -> Iterator[Report]:
    """Yield the monthly reports of ``series``, the latest first."""
    shift = 0 if series == INVESTIGATIONS else 4
    last = end.replace(day=1) - timedelta(days=1)
    while True:
        number = last.year * 12 + last.month
        faults = _monthly(number + shift, last)
        yield from _editions(series, number, (last.replace(day=1), last), last + _MONTHLY_DELAY, faults)
        last = last.replace(day=1) - timedelta(days=1)


def _monthly(number: int, last: date) -> Faults:
    return Faults(
        missing=number % 41 == 17,
        corrected=number % 10 == 3,
        oddly_named=number % 6 == 1,
        scanned=number % 12 == 7,
        commented=number % 9 == 5,
        covered=number % 14 == 8,
        named=number % 37 == 22,
        attached=number % 29 == 12,
        untagged=last < _TAGGED_SINCE or number % 5 == 2,
    )


def _editions(series: str, number: int, period: tuple[date, date], published: date, faults: Faults) -> Iterator[Report]:
    """Yield the editions of one report, the latest first."""
    if faults.missing:
        return
    names = _NO_PERIOD if faults.unreadable else _ODD_NAMES if faults.oddly_named else _NAMES
    name = names[series](period[1])
    if faults.corrected:
        yield Report(series, *period, published + _CORRECTION_DELAY, 2, faults, f"{name}_rev2.pdf", number)
    yield Report(series, *period, published, 1, faults, f"{name}.pdf", number)


_REPORTS: dict[str, Callable[[date], Iterator[Report]]] = {
    COMPSTAT: _weeks,
    INVESTIGATIONS: lambda end: _months(INVESTIGATIONS, end),
    RESISTANCE: lambda end: _months(RESISTANCE, end),
}
_AGES = {COMPSTAT: 2_230, RESISTANCE: 2_557}
"""Days since the first report of the series that are younger than the oldest."""
_STAMPS = {COMPSTAT: "%Y-%m-%d", INVESTIGATIONS: "%Y-%m", RESISTANCE: "%Y-%m"}
_NUMBERS = {COMPSTAT: "SAMPLE-CS", INVESTIGATIONS: "SAMPLE-CI", RESISTANCE: "SAMPLE-RR"}
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
_NO_PERIOD: dict[str, Callable[[date], str]] = {
    COMPSTAT: lambda sunday: f"SAMPLE compstat final copy {sunday.toordinal() // 7 % 100}",
}

"""The page of a series: its reports by year and period, the latest on top, gaps marked as gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from ckanext.cpdi.declare import Text
from ckanext.cpdi.declare.tables.report_rules import ReportRules
from ckanext.cpdi.publish.report_files import PICTURE, ROOT, address
from ckanext.cpdi.reports.calendar import Span, awaited, gaps
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.services.reports.series import period_of
from ckanext.cpdi.site import words
from ckanext.cpdi.site.reports.report import ReplacedEdition, replaced
from ckanext.cpdi.site.reports.titles import days_title, edition_title, short_title

_MISSING = Text("No report for {period}", "Sin informe: {period}")
_AWAITED = Text("No report yet for {period}.", "Aún no hay informe: {period}.")
_SEVERAL_AWAITED = Text(
    "No report yet for {n} periods: {first} … {last}.", "Aún no hay informe de {n} períodos: {first} … {last}."
)


@dataclass(frozen=True)
class Entry:
    """A period in the list of its year: a report, or a gap where ``period`` is empty. ``pdf`` is a path on the site."""

    title: str
    period: str = ""
    pdf: str = ""
    size: str = ""
    pages: int = 0
    tagged: bool = True
    replaced: tuple[ReplacedEdition, ...] = ()


@dataclass(frozen=True)
class SeriesYear:
    """A year of the series, the latest period first; ``archive`` is the path of all its reports in one file."""

    year: int
    reports: int
    missing: int
    archive: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Latest:
    """The report of the latest period; ``pdf`` and ``picture`` are paths on the site."""

    title: str
    period: str
    pdf: str
    picture: str
    size: str
    pages: int
    published: str
    edition: int


@dataclass(frozen=True)
class Series:
    """All that was published of a series.

    ``awaited`` is a sentence about periods after the last report, empty where none is late; ``untagged`` counts the
    reports that screen readers cannot use well.
    """

    latest: Latest
    reports: int
    missing: int
    awaited: str
    untagged: int
    years: tuple[SeriesYear, ...]


def describe(
    name: str, rules: ReportRules | None, editions: Sequence[Edition], today: date, language: str
) -> Series | None:
    """Return the series called ``name``, of which ``editions`` are all, latest first; None where there is none.

    ``today`` is the department's day.
    """
    present = [edition for edition in editions if edition.present]
    if not present:
        return None
    ends = [edition.period_end for edition in present]
    missing = gaps(ends, rules) if rules else []
    dated = [
        (edition.period_end, _entry(edition, editions_of, language)) for edition, editions_of in _periods(editions)
    ]
    dated += [(end, _gap(start, end, language)) for start, end in missing]
    dated.sort(key=lambda entry: entry[0], reverse=True)
    return Series(
        latest=_latest(present[0], language),
        reports=len(present),
        missing=len(missing),
        awaited=_awaited(awaited(ends, rules, today), language) if rules else "",
        untagged=sum(not edition.tagged for edition in present),
        years=tuple(
            _year(name, year, [entry for _, entry in entries])
            for year, entries in groupby(dated, key=lambda entry: entry[0].year)
        ),
    )


def _periods(editions: Iterable[Edition]) -> Iterable[tuple[Edition, list[Edition]]]:
    """Yield the edition that stands for each period, and all of the period."""
    for _, of_period in groupby(editions, key=lambda edition: edition.period_end):
        all_of_it = list(of_period)
        yield all_of_it[0], all_of_it


def _entry(edition: Edition, of_period: Sequence[Edition], language: str) -> Entry:
    period = period_of(edition)
    return Entry(
        title=short_title(edition.period_start, edition.period_end, language),
        period=period,
        pdf=address(edition.series, period),
        size=words.size(edition.size, language),
        pages=edition.pages,
        tagged=edition.tagged,
        replaced=replaced(edition, of_period, language) if len(of_period) > 1 else (),
    )


def _gap(start: date, end: date, language: str) -> Entry:
    return Entry(_MISSING.get(language).format(period=days_title(start, end, language)))


def _awaited(spans: Sequence[Span], language: str) -> str:
    """Return that there is no report yet for ``spans``; empty where there is none."""
    titles = [days_title(start, end, language) for start, end in spans]
    if len(titles) > 1:
        return _SEVERAL_AWAITED.get(language).format(n=len(titles), first=titles[0], last=titles[-1])
    return "".join(_AWAITED.get(language).format(period=title) for title in titles)


def _year(series: str, year: int, entries: Sequence[Entry]) -> SeriesYear:
    reports = sum(bool(entry.period) for entry in entries)
    return SeriesYear(year, reports, len(entries) - reports, f"{ROOT}{series}/{year}.zip", tuple(entries))


def _latest(edition: Edition, language: str) -> Latest:
    period = period_of(edition)
    return Latest(
        title=edition_title(edition, language),
        period=period,
        pdf=address(edition.series, period),
        picture=address(edition.series, period, edition.edition, PICTURE),
        size=words.size(edition.size, language),
        pages=edition.pages,
        published=words.day(edition.published, language),
        edition=edition.edition,
    )

"""What reports and series are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from babel.dates import format_date, format_skeleton
from ckan import model

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.publish.report_files import period_name
from ckanext.cpdi.selection.reports.archive import Edition
from ckanext.cpdi.site import words

_WEEK = Text("Week of {days}", "Semana del {days}")
_EDITION = Text("edition {number}", "edición {number}")
_WEEK_DAYS = 7
_IN_A_SENTENCE = (
    Text("d MMM", "d 'de' MMMM"),
    Text("d MMM y", "d 'de' MMMM 'de' y"),
    Text("{first}–{last}", "{first} al {last}"),
    Text("{first} – {last}", "{first} al {last}"),
)
"""Patterns of a day, of a day with its year, of two days of a month, of two days."""
_IN_A_LIST = (
    Text("d MMM", "d MMM"),
    Text("d MMM y", "d MMM y"),
    Text("{first}–{last}", "{first}–{last}"),
    Text("{first} – {last}", "{first} – {last}"),
)


def period_title(start: date, end: date, language: str) -> str:
    """Return ``March 2024``, ``Week of 18–24 Mar 2024``, or the first and the last day."""
    days = days_title(start, end, language)
    is_week = (end - start).days + 1 == _WEEK_DAYS
    return _WEEK.get(language).format(days=days) if is_week else days


def days_title(start: date, end: date, language: str) -> str:
    """Return what a period is called within a sentence: ``March 2024``, ``18–24 Mar 2024``."""
    if is_month(start, end):
        return format_skeleton("yMMMM", start, locale=words.locale(language))
    return _days(start, end, language, with_year=True)


def short_title(start: date, end: date, language: str) -> str:
    """Return what a period is called under the heading of its year: ``March``, ``18–24 Mar``."""
    if is_month(start, end):
        return format_date(start, "LLLL", locale=words.locale(language)).capitalize()
    return _days(start, end, language, with_year=False)


def is_month(start: date, end: date) -> bool:
    """Return whether a period is a month; then its address is called by it, too."""
    return period_name(start, end) != end.isoformat()


def edition_title(edition: Edition, language: str) -> str:
    """Return what the report is called, with the number of an edition after the first."""
    title = period_title(edition.period_start, edition.period_end, language)
    if edition.edition == 1:
        return title
    return f"{title}, {_EDITION.get(language).format(number=edition.edition)}"


def series_titles(series: Iterable[Dataset], language: str) -> dict[str, str]:
    """Return the titles of series by name: the staff's own where it is not the declared English text."""
    series = list(series)
    query = model.Session.query(model.Package.name, model.Package.title)
    rows = query.filter(model.Package.name.in_([dataset.name for dataset in series]))
    written = {str(name): str(title or "") for name, title in rows}
    return {dataset.name: _title(dataset, written.get(dataset.name, ""), language) for dataset in series}


def _title(dataset: Dataset, written: str, language: str) -> str:
    return written if written and written != dataset.title.en else dataset.title.get(language)


def _days(start: date, end: date, language: str, *, with_year: bool) -> str:
    """Return ``18–24 Mar 2024``, as short as tells both days apart; in Spanish a sentence where there is a year."""
    day, whole, joint, apart = _IN_A_SENTENCE if with_year else _IN_A_LIST
    locale = words.locale(language)
    last = format_date(end, (whole if with_year else day).get(language), locale=locale)
    if (start.year, start.month) == (end.year, end.month):
        return joint.get(language).format(first=start.day, last=last)
    first = format_date(start, (day if start.year == end.year else whole).get(language), locale=locale)
    return apart.get(language).format(first=first, last=last)

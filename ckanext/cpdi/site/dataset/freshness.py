"""How current a table is: its last update, its number of rows and the time that they cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ckanext.cpdi.declare import Dataset, Text
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs.ledger import Version

_UPDATED = Text("Updated {when}", "Actualizado {when}")
_ROWS = Text("{rows} {noun}", "{rows} {noun}")
_SINCE = Text("since {day}", "desde el {day}")
_IN_ALL = Text("{rows} in all years", "{rows} en todos los años")


@dataclass(frozen=True)
class Running:
    """The year that the default view now shows, and its rows."""

    year: int
    rows: int


@dataclass(frozen=True)
class Freshness:
    """How current a table with rows is, in words, and the parts that a page shows by themselves.

    ``rows_text`` counts the rows of the default view, ``since`` is its first day. ``in_all`` counts the whole table; it
    is empty where the default view shows all rows.
    """

    updated: str
    updated_iso: str
    rows: int
    rows_text: str
    since: str
    in_all: str
    period: str
    first_day: str
    last_day: str
    version: str

    @property
    def sentence(self) -> str:
        """All of it in one line: ``Updated last night, 24 Nov 2026 · 231,402 calls · Jan 2019 to Nov 2026``."""
        shown = f"{self.rows_text} {self.since}".rstrip()
        return " · ".join(part for part in (self.updated, shown, self.in_all or self.period) if part)


def describe(
    dataset: Dataset, version: Version, running: Running | None, zone: ZoneInfo, now: datetime, language: str
) -> Freshness:
    """Return how current ``dataset`` is, by days of ``zone``; ``running`` is the year that its default view shows."""
    times = (version.first_time, version.last_time)
    first, last = (instant.astimezone(zone).date() if instant else None for instant in times)
    return Freshness(
        updated=_UPDATED.get(language).format(when=words.relative_day(version.published_at, now, zone, language)),
        updated_iso=version.published_at.isoformat(timespec="seconds"),
        rows=version.rows,
        rows_text=_count_text(dataset, running.rows if running else version.rows, language),
        since=_SINCE.get(language).format(day=words.long_day(date(running.year, 1, 1), language)) if running else "",
        in_all=_IN_ALL.get(language).format(rows=words.number(version.rows, language)) if running else "",
        period=words.period(first, last, language) if first and last else "",
        first_day=words.day(first, language) if first else "",
        last_day=words.day(last, language) if last else "",
        version=version.version,
    )


def _count_text(dataset: Dataset, rows: int, language: str) -> str:
    """Return a number of rows with the dataset's noun for them."""
    noun = (dataset.one if rows == 1 else dataset.many).get(language)
    return _ROWS.get(language).format(rows=words.number(rows, language), noun=noun)

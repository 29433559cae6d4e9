"""The weekly summary of calls that stands beside a series of reports: a table for each team, and as CSV.

In: counts, the week, gaps and breaks that the profile names. Out: what the page shows, and the lines of the file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ckanext.cpdi.declare import Text
from ckanext.cpdi.declare.departments.note import Note
from ckanext.cpdi.declare.departments.profile import Feed
from ckanext.cpdi.selection.weekly import Count, Span, Window, windows
from ckanext.cpdi.site import words
from ckanext.cpdi.site.runs.notes import NoteLine, notes

ALL_TEAMS = Text("All teams", "Todos los equipos")
ALL_CATEGORIES = Text("All categories", "Todas las categorías")
_NO_TEAM = Text("Without a team", "Sin equipo")
_NO_CATEGORY = Text("Without a category", "Sin categoría")
_TITLES = {
    "week": Text("Week", "Semana"),
    "28_days": Text("28 days", "28 días"),
    "year_to_date": Text("Year to date", "Año en curso"),
}
COLUMNS = (
    "week_ending",
    "team",
    "category",
    "window",
    "first_day",
    "last_day",
    "prior_first_day",
    "prior_last_day",
    "current",
    "prior",
    "change_percent",
    "current_in_gap",
    "prior_in_gap",
    "break_between",
)
"""The header of the file."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class WindowHead:
    """A window above its three columns: its title and days, and whether a gap or a break makes it hard to compare."""

    title: str
    days: str
    prior_days: str
    gap: bool
    broken: bool


@dataclass(frozen=True)
class Row:
    """A category: its title and, for each window, current, prior and change as people read them."""

    title: str
    cells: tuple[tuple[str, str, str], ...]
    total: bool


@dataclass(frozen=True)
class TeamTable:
    """The rows of a team; ``anchor`` is its place on the page."""

    anchor: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Summary:
    """What the page of a week shows; ``earlier`` and ``later`` are the Sundays of its neighbours, if any."""

    sunday: date
    days: str
    first: date
    last: date
    earlier: date | None
    later: date | None
    heads: tuple[WindowHead, ...]
    tables: tuple[TeamTable, ...]
    gaps: tuple[NoteLine, ...]
    breaks: tuple[NoteLine, ...]


def summary(
    counts: Iterable[Count], sunday: date, weeks: Span, feed: Feed, titles: Mapping[str, str], language: str
) -> Summary:
    """Return the page of the week that ends with ``sunday``; ``titles`` are those of categories by published name."""
    by_team: dict[str | None, list[Count]] = {}
    for count in counts:
        by_team.setdefault(count.team, []).append(count)
    asked = windows(sunday)
    gaps = [note for note in feed.gaps if any(_in_gap(span, [note]) for window in asked for span in window[1:])]
    breaks = [note for note in feed.breaks if any(_is_between(window, [note]) for window in asked)]
    return Summary(
        sunday=sunday,
        days=words.days(asked[0].current.first, sunday, language),
        first=weeks.first,
        last=weeks.last,
        earlier=sunday - _WEEK if sunday > weeks.first else None,
        later=sunday + _WEEK if sunday < weeks.last else None,
        heads=tuple(_head(window, feed, language) for window in asked),
        tables=tuple(_table(at, team, counted, titles, language) for at, (team, counted) in enumerate(by_team.items())),
        gaps=notes(gaps, language),
        breaks=notes(breaks, language),
    )


def lines(counts: Iterable[Count], sunday: date, feed: Feed) -> str:
    """Return the file of a week: a line for each team, category and window; sums are told by ``All``."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    marks = [
        (_in_gap(window.current, feed.gaps), _in_gap(window.prior, feed.gaps), _is_between(window, feed.breaks))
        for window in windows(sunday)
    ]
    for count in counts:
        team = ALL_TEAMS.en if count.team is None else count.team
        category = ALL_CATEGORIES.en if count.category is None else count.category
        for window, (current, prior), marked in zip(windows(sunday), count.pairs, marks, strict=True):
            numbers = (current, prior, change(current, prior))
            yes_or_no = ("yes" if mark else "no" for mark in marked)
            days = (*window.current, *window.prior)
            writer.writerow([sunday, team, category, window.name, *days, *numbers, *yes_or_no])
    return out.getvalue()


def change(current: int, prior: int) -> int | None:
    """Return the change in whole per cent, halves away from zero; None where nothing was counted before."""
    if not prior:
        return None
    twice, sign = 200 * abs(current - prior), 1 if current >= prior else -1
    return sign * ((twice + prior) // (2 * prior))


def _head(window: Window, feed: Feed, language: str) -> WindowHead:
    return WindowHead(
        title=_TITLES[window.name].get(language),
        days=words.days(*window.current, language),
        prior_days=words.days(*window.prior, language),
        gap=any(_in_gap(span, feed.gaps) for span in (window.current, window.prior)),
        broken=_is_between(window, feed.breaks),
    )


def _table(at: int, team: str | None, counts: Sequence[Count], titles: Mapping[str, str], language: str) -> TeamTable:
    title = ALL_TEAMS.get(language) if team is None else team or _NO_TEAM.get(language)
    # The sum stands below what it is the sum of.
    ordered = sorted(counts, key=lambda count: (count.category is None, -count.pairs[-1][0], count.category or ""))
    return TeamTable(f"team-{at}", title, tuple(_row(count, titles, language) for count in ordered))


def _row(count: Count, titles: Mapping[str, str], language: str) -> Row:
    if count.category is None:
        title = ALL_CATEGORIES.get(language)
    else:
        title = titles.get(count.category, count.category) or _NO_CATEGORY.get(language)
    cells = tuple(
        (words.number(current, language), words.number(prior, language), _percent(change(current, prior), language))
        for current, prior in count.pairs
    )
    return Row(title, cells, total=count.category is None)


def _percent(value: int | None, language: str) -> str:
    """Return ``+12%``, ``−3%`` or ``0%``; empty for None."""
    if value is None:
        return ""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{words.number(abs(value), language)}%"


def _in_gap(span: Span, gaps: Iterable[Note]) -> bool:
    """Return whether days of ``span`` lie in a gap of the series."""
    return any(date.fromisoformat(gap.start) <= span.last and span.first <= _end(gap) for gap in gaps)


def _is_between(window: Window, breaks: Iterable[Note]) -> bool:
    """Return whether the series breaks between the days that are compared, or within them."""
    return any(window.prior.first < date.fromisoformat(note.start) <= window.current.last for note in breaks)


def _end(gap: Note) -> date:
    return date.fromisoformat(gap.end) if gap.end else date.max

"""The weekly Compstat report: offences by team, over a week, 28 days and the year to date, beside a year before."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np

from ckanext.cpdi.sample.reports.paper import Column, Paper
from ckanext.cpdi.sample.reports.schedule import Report

Ints = np.ndarray[Any, np.dtype[np.int64]]

# Offence and reports a day in a city of 150,000. Invented, and no city's.
OFFENCES = (
    ("Murder", 0.02),
    ("Rape", 0.12),
    ("Robbery", 0.35),
    ("Aggravated assault", 1.6),
    ("Burglary, residential", 0.8),
    ("Burglary, business", 0.4),
    ("Theft from motor vehicle", 3.4),
    ("Shoplifting", 2.6),
    ("Other larceny", 3.8),
    ("Motor vehicle theft", 1.3),
    ("Arson", 0.03),
)
_BANDS = ("0-4 h", "4-8 h", "8-12 h", "12-16 h", "16-20 h", "20-24 h")
_BAND_SHARES = (0.15, 0.07, 0.15, 0.2, 0.24, 0.19)
_WINDOWS = ("Week", "28 days", "Year to date")
_WRONG_OFFENCE, _WRONG = 8, 9
"""The offence whose figure of the first team's week is too high in an edition that is corrected later; by how much."""

_COLUMNS = (
    Column("Offence", 130),
    *(Column(title, 44, number=True) for _ in _WINDOWS for title in ("Current", "Prior", "Change")),
)


def draw(paper: Paper, report: Report, teams: tuple[str, ...], seed: int) -> None:
    """Write the tables of the whole city, of each team, and by time of day."""
    windows = [_window(report.end, at) for at in range(len(_WINDOWS))]
    figures = [
        (_between(seed, len(teams), *now), _between(seed, len(teams), *before)) for now, before in windows
    ]  # each (current, prior), teams × offences
    if report.wrong:
        figures[0][0][0, _WRONG_OFFENCE] += _WRONG
    paper.paragraph(
        "Prior: the same days of the week one year before (364 days), for the year to date the same dates. Change is"
        " not calculated (n/c) where the prior figure is 0. Figures are preliminary."
    )
    _table(paper, "All teams", [(now.sum(axis=0), before.sum(axis=0)) for now, before in figures])
    for at, team in enumerate(teams):
        _table(paper, team, [(now[at], before[at]) for now, before in figures])
    _times(paper, figures[1][0].sum(axis=0), np.random.default_rng((seed, report.end.toordinal())))


def change(current: int, prior: int) -> str:
    """Return the change in whole per cent with its sign; n/c (not calculated) where ``prior`` is 0."""
    if not prior:
        return "n/c"
    per_cent = round(100 * (current - prior) / prior)
    return f"{per_cent:+d}%" if per_cent else "0%"


def _table(paper: Paper, title: str, figures: list[tuple[Ints, Ints]]) -> None:
    rows = []
    for at, (offence, _) in enumerate(OFFENCES):
        cells = [offence]
        for now, before in figures:
            cells += [str(now[at]), str(before[at]), change(int(now[at]), int(before[at]))]
        rows.append(cells)
    paper.table(title, _COLUMNS, rows, groups=[(title, 3) for title in _WINDOWS])


def _times(paper: Paper, month: Ints, rng: np.random.Generator) -> None:
    """Write the offences of the 28 days by time of day, of all teams together."""
    columns = (Column("Offence", 130), *(Column(band, 60, number=True) for band in _BANDS))
    split = rng.multinomial(month, _BAND_SHARES)
    rows = [[offence, *map(str, split[at])] for at, (offence, _) in enumerate(OFFENCES)]
    paper.table("All teams, 28 days, by time of day", columns, rows)


def _window(end: date, at: int) -> tuple[tuple[date, date], tuple[date, date]]:
    """Return the first and last day of a window that ends with ``end``, and of the prior one."""
    if at < 2:
        start, year = end - timedelta(days=(6, 27)[at]), timedelta(days=364)
        return (start, end), (start - year, end - year)
    # The 29th of February is compared with the 28th.
    day = min(end.day, 28) if end.month == 2 else end.day
    return (date(end.year, 1, 1), end), (date(end.year - 1, 1, 1), date(end.year - 1, end.month, day))


def _between(seed: int, teams: int, first: date, last: date) -> Ints:
    """Return how often each offence was reported from ``first`` to ``last``, both included, by team."""
    total: Ints = np.zeros((teams, len(OFFENCES)), dtype=np.int64)
    for year in range(first.year, last.year + 1):
        days = _year(seed, teams, year)
        begin = (max(first, date(year, 1, 1)) - date(year, 1, 1)).days
        finish = (min(last, date(year, 12, 31)) - date(year, 1, 1)).days
        total += days[finish + 1] - days[begin]
    return total


@cache
def _year(seed: int, teams: int, year: int) -> Ints:
    """Return the sums before each day of ``year``, and at its end: days + 1 × teams × offences."""
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    share = np.array([rate for _, rate in OFFENCES]) / teams
    drawn = np.random.default_rng((seed, year)).poisson(share, size=(days, teams, len(OFFENCES)))
    return np.concatenate([np.zeros_like(drawn[:1]), drawn.cumsum(axis=0)])

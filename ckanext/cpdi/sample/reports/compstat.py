"""The weekly Compstat report: offences by team, over a week, 28 days and the year to date, beside a year before."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from ckanext.cpdi.sample.reports import charts
from ckanext.cpdi.sample.reports.misprints import Figures, figures_of
from ckanext.cpdi.sample.reports.offences import NAMES, WINDOWS, Counts, Ints, year_before
from ckanext.cpdi.sample.reports.paper import Column, Paper
from ckanext.cpdi.sample.reports.prose import Prose
from ckanext.cpdi.sample.reports.schedule import Report

_BANDS = ("0-4 h", "4-8 h", "8-12 h", "12-16 h", "16-20 h", "20-24 h")
_BAND_SHARES = (0.15, 0.07, 0.15, 0.2, 0.24, 0.19)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_BEATS = "ABCD"
_BEAT_SHARES = (0.34, 0.28, 0.22, 0.16)
_PLACES = ("Residence", "Street", "Parking lot", "Shop", "Restaurant or bar", "School", "Park", "Other")
_PLACE_SHARES = (0.27, 0.2, 0.17, 0.15, 0.07, 0.03, 0.04, 0.07)
_WEEKS = 13
_CHANGED, _LEVEL = 4, 1
"""Highlights of offences that rose or fell, and of those that did not."""

_COLUMNS = (
    Column("Offence", 130),
    *(Column(title, 44, number=True) for _ in WINDOWS for title in ("Current", "Prior", "Change")),
)
_MEANINGS = {
    "Murder": "The unlawful killing of a person, without deaths in traffic and without those that were justified.",
    "Rape": "As the state's statute defines it, attempts included, whatever the age and sex of the victim.",
    "Robbery": "Taking something from a person by force or threat. A purse snatched without force is a larceny.",
    "Aggravated assault": "An attack that may cause serious injury, or with a weapon, shots at a house included.",
    "Burglary, residential": "Entering a dwelling without leave to commit a crime; sheds and garages beside it count.",
    "Burglary, business": "The same of any other building, such as a shop, a school, or a site under construction.",
    "Theft from motor vehicle": "Taking things out of or off a vehicle, plates and catalytic converters included.",
    "Shoplifting": "Taking goods that a shop offers for sale while it is open.",
    "Other larceny": "All other thefts: bicycles, parcels, bags, metal, boats without an engine.",
    "Motor vehicle theft": "Taking a vehicle with an engine that runs on land, for whatever distance.",
    "Arson": "Setting fire on purpose to a building, a vehicle or other property.",
}
_METHODS = (
    "A week runs from Monday to Sunday. 28 days are the four weeks that end with the Sunday of the report. The year to"
    " date begins on January 1.",
    "Prior: the same days of the week one year before (364 days), for the year to date the same dates; February 29 is"
    " compared with February 28. Change is not calculated (n/c) where the prior figure is 0.",
    "Figures are counts of offences in reports that officers wrote, by the day on which they were reported. They are"
    " preliminary: reports are reclassified, unfounded or written late. They are not counts of calls for service.",
    "An offence belongs to the team in whose area it was reported. Where an offence has several victims it is counted"
    " once for each victim of murder, rape and aggravated assault, and once for each incident otherwise.",
    "Beats and maps are of an invented city. Nothing in this report says where somebody lives.",
)


def draw(paper: Paper, report: Report, teams: tuple[str, ...], seed: int) -> None:
    """Write the report: highlights, the whole city, each team, hours, places, beats, and how it is counted."""
    counts = Counts(seed, len(teams))
    figures = figures_of(counts, report)
    prose = Prose(f"{seed} {report.series} {report.number}")
    rng = np.random.default_rng((seed, report.end.toordinal()))
    month: Ints = counts.windows(report.end)[1, 0]
    beats = np.array([rng.multinomial(month[team], _BEAT_SHARES) for team in range(len(teams))])
    _city(paper, figures, teams, prose)
    _trends(paper, report, counts, figures)
    paper.turn()
    _from_the_teams(paper, report, teams, prose)
    for at, team in enumerate(teams):
        paper.turn()
        _team(paper, figures, at, team, beats[at], prose)
    paper.turn()
    _hours(paper, month.sum(axis=0), rng, prose)
    paper.turn()
    _places(paper, month.sum(axis=0), rng, prose)
    paper.turn()
    _map(paper, beats.sum(axis=1), prose)
    paper.turn()
    _quarter(paper, report, counts, prose)
    paper.turn()
    _notes(paper)


def _city(paper: Paper, figures: Figures, teams: tuple[str, ...], prose: Prose) -> None:
    """Write the highlights of the week and the table of all teams."""
    paper.heading("Highlights of the week")
    now, before = figures.counts[0, :, 0]
    changed = sorted(range(len(NAMES)), key=lambda at: (-abs(int(now[at] - before[at])), at))[:_CHANGED]
    level = [at for at in range(len(NAMES)) if now[at] == before[at] and now[at]][:_LEVEL]
    for at in [*changed, *level]:
        kind = "level" if now[at] == before[at] else "rise" if now[at] > before[at] else "fall"
        given = {"offence": NAMES[at].lower(), "now": now[at], "before": before[at]}
        paper.paragraph(prose.say(kind, team=prose.pick(teams), **given))
    paper.paragraph(prose.say("reminder"))
    _table(paper, "All teams", figures, 0)


def _trends(paper: Paper, report: Report, counts: Counts, figures: Figures) -> None:
    """Draw the weeks of a quarter, and the year to date by offence."""
    paper.turn()
    labels = _sundays(report)
    now = counts.weeks(report.end, _WEEKS).sum(axis=(1, 2))
    before = counts.weeks(year_before(report.end), _WEEKS).sum(axis=(1, 2))
    charts.weeks(paper, "All offences by week, and a year before (pale)", labels, now.tolist(), before.tolist())
    year = figures.counts[2, :, 0]
    charts.bars(paper, "Year to date by offence, and a year before (pale)", NAMES, year[0].tolist(), year[1].tolist())


def _from_the_teams(paper: Paper, report: Report, teams: tuple[str, ...], prose: Prose) -> None:
    """Write what happened in each team, and the words by which the page is looked for."""
    for team in teams:
        paper.heading(f"Notes from {team}")
        paper.paragraph(prose.text("incident", 3))
        paper.paragraph(prose.text("patrol", 1, team=team, beat=_beat(team, 0)))
    paper.paragraph(prose.say("reference", phrase=report.phrase))


def _team(paper: Paper, figures: Figures, at: int, team: str, beats: Ints, prose: Prose) -> None:
    """Write a team's page."""
    _table(paper, team, figures, at + 1)
    columns = (Column("Offence", 130), *(Column(_beat(team, beat), 70, number=True) for beat in range(len(_BEATS))))
    rows = [[name, *map(str, beats[offence])] for offence, name in enumerate(NAMES)]
    paper.table(f"{team}, 28 days, by beat", columns, rows)
    beat = _beat(team, int(beats.sum(axis=0).argmax()))
    paper.paragraph(prose.text("incident", 2))
    paper.paragraph(prose.text("patrol", 2, team=team, beat=beat))


def _hours(paper: Paper, month: Ints, rng: np.random.Generator, prose: Prose) -> None:
    """Write the offences of the 28 days by time of day, and draw them by weekday and hour."""
    columns = (Column("Offence", 130), *(Column(band, 60, number=True) for band in _BANDS))
    split = rng.multinomial(month, _BAND_SHARES)
    rows = [[offence, *map(str, split[at])] for at, offence in enumerate(NAMES)]
    paper.table("All teams, 28 days, by time of day", columns, rows)
    days = rng.multinomial(split.sum(axis=0), np.full(len(_DAYS), 1 / len(_DAYS))).T
    charts.hours(paper, "All offences, 28 days, by weekday and hour", _DAYS, _BANDS, days.tolist())
    paper.paragraph(prose.text("incident", 2))
    paper.paragraph(prose.say("reminder"))


def _places(paper: Paper, month: Ints, rng: np.random.Generator, prose: Prose) -> None:
    """Write the offences of the 28 days by kind of place."""
    columns = (Column("Offence", 130), *(Column(_short(place), 50, number=True) for place in _PLACES))
    split = rng.multinomial(month, _PLACE_SHARES)
    rows = [[offence, *map(str, split[at])] for at, offence in enumerate(NAMES)]
    paper.table("All teams, 28 days, by kind of place", columns, rows)
    for _ in range(4):
        paper.paragraph(prose.text("incident", 2))
    paper.paragraph(prose.text("reminder", 2))


def _map(paper: Paper, beats: Ints, prose: Prose) -> None:
    """Draw the beats with the offences of the 28 days: ``beats`` is teams × offences × beats, summed over offences."""
    names = [[f"{team + 1}{letter}" for letter in _BEATS] for team in range(len(beats))]
    charts.beats(paper, "All offences, 28 days, by beat", names, beats.tolist())
    paper.paragraph(prose.say("reminder"))


def _quarter(paper: Paper, report: Report, counts: Counts, prose: Prose) -> None:
    """Write the offences of each week of a quarter."""
    columns = (Column("Offence", 130), *(Column(label, 31, number=True) for label in _sundays(report)))
    split = counts.weeks(report.end, _WEEKS).sum(axis=1).T
    rows = [[offence, *map(str, split[at])] for at, offence in enumerate(NAMES)]
    paper.table("All teams, by week", columns, rows)
    for _ in range(3):
        paper.paragraph(prose.text("incident", 3))
    paper.paragraph(prose.text("reminder", 2))


def _notes(paper: Paper) -> None:
    """Write how the report is counted, and what the offences mean."""
    paper.heading("How this report is counted")
    for text in _METHODS:
        paper.paragraph(text)
    paper.heading("What the offences mean")
    for offence, text in _MEANINGS.items():
        paper.paragraph(f"{offence}: {text[:1].lower()}{text[1:]}")


def _sundays(report: Report) -> list[str]:
    """Return labels of the weeks of a quarter: their Sundays, or numbers where the report says no period."""
    ends = [report.end - timedelta(days=7 * back) for back in range(_WEEKS - 1, -1, -1)]
    return [f"{end:%b} {end.day}" for end in ends] if report.period else [f"W{at}" for at in range(1, _WEEKS + 1)]


def _table(paper: Paper, title: str, figures: Figures, area: int) -> None:
    rows = [
        [name, *(cell for window in range(len(WINDOWS)) for cell in figures.cells(window, area, at))]
        for at, name in enumerate(NAMES)
    ]
    paper.table(title, _COLUMNS, rows, groups=[(title, 3) for title in WINDOWS])


def _beat(team: str, beat: int) -> str:
    """Return the name of a beat of ``team``, such as 3B."""
    return f"{team.split()[-1]}{_BEATS[beat]}"


def _short(place: str) -> str:
    return place.split(" or ")[0].removesuffix(" lot")

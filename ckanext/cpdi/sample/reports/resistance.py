"""The monthly report of uses of hands-on or greater force, with sums by kind and a narrative of each incident."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from ckanext.cpdi.sample.reports import charts, months
from ckanext.cpdi.sample.reports.paper import Column, Paper
from ckanext.cpdi.sample.reports.schedule import Report

_KIND = 2
_FORCE = (
    "Hands-on control",
    "Takedown",
    "Pepper spray",
    "Taser displayed",
    "Taser used",
    "Firearm displayed",
    "Canine",
)
_FORCE_SHARES = (0.42, 0.2, 0.05, 0.1, 0.08, 0.14, 0.01)
_CONTACTS = ("Arrest", "Traffic stop", "Disturbance call", "Mental health call", "Warrant service", "Patrol")
_INCIDENTS_A_MONTH = 22.6
_LEVEL, _TEAM, _CONTACT = 4, 2, 3
"""Places in an incident's row."""
_COLUMNS = tuple(
    Column(title, width)
    for title, width in (
        ("Incident", 115),
        ("Day", 45),
        ("Team", 50),
        ("Contact", 100),
        ("Highest level", 97),
        ("Subject hurt", 65),
        ("Officer hurt", 60),
    )
)
_NOTES = (
    "Officers report every use of hands-on or greater force, and every display of a taser or firearm towards a person."
    " Handcuffing without resistance is not reported.",
    "An incident is counted once, by its highest level, however many officers or people were part of it. The day is"
    " that of the incident, the team that of the place.",
    "Hurt means any complaint of pain or visible injury, whether or not it was treated. Narratives leave out names,"
    " addresses and ages.",
)


def draw(paper: Paper, report: Report, teams: tuple[str, ...], seed: int) -> None:
    """Write every use of hands-on or greater force, after the sums by kind."""
    rows, prose = _incidents(report, teams, seed), months.prose(seed, report)
    if report.wrong:
        rows = rows[:-1]
    sums = [[kind, str(sum(row[_LEVEL] == kind for row in rows))] for kind in _FORCE]
    paper.table("By highest level of force", [Column("Force", 180), Column("Incidents", 70, number=True)], sums)
    _cross(paper, "By contact and team", rows, teams)
    paper.turn()
    paper.table("Incidents", _COLUMNS, rows)
    paper.turn()
    paper.heading("Review of the month")
    paper.paragraph(prose.say("reference", phrase=report.phrase))
    for _ in range(5):
        paper.paragraph(prose.text("review", 2))
    _year(paper, report, seed)
    for row in rows:
        paper.heading(f"{row[0]}: {row[_LEVEL].lower()}, {row[_CONTACT].lower()}")
        paper.paragraph(prose.text("force", 2))
        paper.paragraph(prose.text("review", 2))
        paper.paragraph(prose.say("examined"))
    paper.heading("How this report is counted")
    for text in _NOTES:
        paper.paragraph(text)


def _cross(paper: Paper, title: str, rows: list[list[str]], teams: tuple[str, ...]) -> None:
    """Write the incidents by contact and team."""
    columns = (Column("Contact", 130), *(Column(team, 60, number=True) for team in teams))
    pairs = [(row[_CONTACT], row[_TEAM]) for row in rows]
    paper.table(title, columns, [[of, *(str(pairs.count((of, team))) for team in teams)] for of in _CONTACTS])


def _year(paper: Paper, report: Report, seed: int) -> None:
    """Draw the incidents of twelve months beside those of a year before."""
    numbers = range(report.number - months.MONTHS + 1, report.number + 1)
    now, before = ([_count(seed, number - back) for number in numbers] for back in (0, months.MONTHS))
    charts.weeks(paper, "Incidents by month, and a year before", months.labels(report.number), now, before)


def _incidents(report: Report, teams: tuple[str, ...], seed: int) -> list[list[str]]:
    """Return a row for each incident, by day."""
    rng = months.generator(seed, _KIND, report.number)
    days = np.sort(rng.integers(0, (report.end - report.start).days + 1, _count(seed, report.number)))
    return [
        [
            f"SAMPLE-RTR-{report.end:%Y%m}-{number + 1:02}",
            f"{report.start + timedelta(days=int(day)):%b %d}",
            teams[rng.integers(len(teams))],
            _CONTACTS[rng.integers(len(_CONTACTS))],
            str(rng.choice(_FORCE, p=_FORCE_SHARES)),
            "Yes" if rng.random() < 0.2 else "No",
            "Yes" if rng.random() < 0.08 else "No",
        ]
        for number, day in enumerate(days)
    ]


def _count(seed: int, number: int) -> int:
    """Return how many incidents a month has."""
    return int(months.generator(seed, _KIND + 10, number).poisson(_INCIDENTS_A_MONTH))

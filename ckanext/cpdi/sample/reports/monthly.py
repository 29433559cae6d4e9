"""The monthly reports: investigations of external complaints that were closed, and uses of force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from ckanext.cpdi.sample.reports.paper import Column, Paper
from ckanext.cpdi.sample.reports.schedule import Report

_ALLEGATIONS = ("Courtesy", "Conduct", "Use of force", "Search or seizure", "Performance of duty", "Bias")
_FINDINGS = ("Not sustained", "Sustained", "Exonerated", "Unfounded", "Policy failure", "Withdrawn")
_SOURCES = ("Online form", "Telephone", "In person", "Letter")
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

_NO_CASE = "No investigation of an external complaint was closed in this month."
_CASES_A_MONTH, _INCIDENTS_A_MONTH = 1.5, 22.6


def draw_investigations(paper: Paper, report: Report, teams: tuple[str, ...], seed: int) -> None:  # noqa: ARG001  drawn as the others are
    """Write the closed investigations, one line an allegation."""
    rng = _rng(seed, report, 1)
    rows: list[list[str]] = []
    for case in range(rng.poisson(_CASES_A_MONTH)):
        closed = report.start + timedelta(days=int(rng.integers(0, (report.end - report.start).days + 1)))
        received = closed - timedelta(days=int(rng.integers(30, 150)))
        number, source = f"SAMPLE-IA-{report.end:%Y%m}-{case + 1}", _pick(_SOURCES, rng)
        for _ in range(1 + rng.poisson(1.0)):
            allegation, finding = _pick(_ALLEGATIONS, rng), _pick(_FINDINGS, rng)
            rows.append([number, f"{received:%b %Y}", f"{closed:%b %Y}", source, allegation, finding])
    paper.paragraph("Complaints that came from outside the department, one line for each allegation.")
    if not rows:
        paper.paragraph(_NO_CASE)
        return
    columns = [("Case", 110), ("Received", 65), ("Closed", 65), ("Source", 85), ("Allegation", 110), ("Finding", 90)]
    paper.table("Allegations", [Column(*column) for column in columns], rows[:-1] if report.wrong else rows)


def draw_resistance(paper: Paper, report: Report, teams: tuple[str, ...], seed: int) -> None:
    """Write every use of hands-on or greater force, after the sums by kind."""
    rng = _rng(seed, report, 2)
    count = int(rng.poisson(_INCIDENTS_A_MONTH))
    days = np.sort(rng.integers(0, (report.end - report.start).days + 1, count))
    rows = [
        [
            f"SAMPLE-RTR-{report.end:%Y%m}-{number + 1:02}",
            f"{report.start + timedelta(days=int(day)):%b %d}",
            _pick(teams, rng),
            _pick(_CONTACTS, rng),
            str(rng.choice(_FORCE, p=_FORCE_SHARES)),
            "Yes" if rng.random() < 0.2 else "No",
            "Yes" if rng.random() < 0.08 else "No",
        ]
        for number, day in enumerate(days)
    ]
    if report.wrong:
        rows = rows[:-1]
    sums = [[kind, str(sum(row[4] == kind for row in rows))] for kind in _FORCE]
    paper.table("By highest level of force", [Column("Force", 180), Column("Incidents", 70, number=True)], sums)
    columns = [("Incident", 115), ("Day", 45), ("Team", 50), ("Contact", 100), ("Highest level", 97)]
    columns += [("Subject hurt", 65), ("Officer hurt", 60)]
    paper.table("Incidents", [Column(*column) for column in columns], rows)


def _pick(choices: Sequence[str], rng: np.random.Generator) -> str:
    return choices[int(rng.integers(len(choices)))]


def _rng(seed: int, report: Report, series: int) -> np.random.Generator:
    return np.random.default_rng((seed, series, report.end.year, report.end.month))

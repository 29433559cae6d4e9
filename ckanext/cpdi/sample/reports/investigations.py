"""The monthly report of investigations of external complaints that were closed, with a narrative of each case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ckanext.cpdi.sample.reports import charts, months
from ckanext.cpdi.sample.reports.paper import Column, Paper
from ckanext.cpdi.sample.reports.prose import Prose
from ckanext.cpdi.sample.reports.schedule import Report

_KIND = 1
_ALLEGATIONS = ("Courtesy", "Conduct", "Use of force", "Search or seizure", "Performance of duty", "Bias")
_FINDINGS = ("Not sustained", "Sustained", "Exonerated", "Unfounded", "Policy failure", "Withdrawn")
_SOURCES = ("Online form", "Telephone", "In person", "Letter")
_OFFICERS = ("Officer A", "Officer B", "Officer C")
_NO_CASE = "No investigation of an external complaint was closed in this month."
_CASES_A_MONTH = 1.5
_COLUMNS = tuple(
    Column(title, width)
    for title, width in (
        ("Case", 110),
        ("Received", 65),
        ("Closed", 65),
        ("Source", 85),
        ("Allegation", 110),
        ("Finding", 90),
    )
)
_FINDINGS_EXPLAINED = (
    "Sustained: the allegation is supported by the evidence. Not sustained: the evidence is not enough to decide.",
    "Exonerated: what was alleged took place, and was lawful and proper. Unfounded: it did not take place.",
    "Policy failure: the officer followed a policy that has to be changed. Withdrawn: the complaint was taken back.",
)
_HOW = (
    "Anybody may complain, in person, by telephone, by letter or with the online form, and need not give a name. A"
    " complaint is read by the professional standards office within two working days.",
    "An investigator hears the complainant, witnesses and officers, and collects recordings and records. The chain of"
    " command reviews the finding. Complainants are informed of the outcome in writing.",
    "A case is closed in the month in which the chief signs it. It may have been received months before. One case may"
    " have several allegations, each with a finding of its own.",
)


@dataclass(frozen=True)
class Case:
    """A case with its allegations and findings; months as they are printed."""

    number: str
    received: str
    closed: str
    source: str
    allegations: tuple[tuple[str, str], ...]


def draw(paper: Paper, report: Report, teams: tuple[str, ...], seed: int) -> None:  # noqa: ARG001  drawn as the others are
    """Write the cases of the month: sums, allegations, narratives, the year before, how complaints are handled."""
    cases, prose = _cases(report, seed), months.prose(seed, report)
    paper.paragraph("Complaints that came from outside the department, one line for each allegation.")
    if cases:
        rows = [
            [case.number, case.received, case.closed, case.source, *pair] for case in cases for pair in case.allegations
        ]
        paper.table("Allegations", _COLUMNS, rows[:-1] if report.wrong else rows)
    else:
        paper.paragraph(_NO_CASE)
    _sums(paper, cases)
    paper.turn()
    _year(paper, report, seed)
    paper.turn()
    paper.heading("Notes of the professional standards office")
    paper.paragraph(prose.say("reference", phrase=report.phrase))
    for _ in range(6):
        paper.paragraph(prose.text("ruled", 3))
    paper.heading("From the interviews of the month")
    for _ in range(6):
        paper.paragraph(prose.text("examined", 2))
    for case in cases:
        paper.turn()
        _narrative(paper, case, prose)
    paper.turn()
    for title, texts in (("How complaints are handled", _HOW), ("Findings", _FINDINGS_EXPLAINED)):
        paper.heading(title)
        for text in texts:
            paper.paragraph(text)


def _sums(paper: Paper, cases: list[Case]) -> None:
    """Write allegations by finding."""
    pairs = [pair for case in cases for pair in case.allegations]
    columns = (Column("Allegation", 110), *(Column(finding, 68, number=True) for finding in _FINDINGS))
    rows = [[kind, *(str(pairs.count((kind, finding))) for finding in _FINDINGS)] for kind in _ALLEGATIONS]
    paper.table("Allegations by finding", columns, rows)


def _year(paper: Paper, report: Report, seed: int) -> None:
    """Draw the closed cases of twelve months beside those of a year before."""
    numbers = range(report.number - months.MONTHS + 1, report.number + 1)
    now, before = ([_count(seed, number - back) for number in numbers] for back in (0, months.MONTHS))
    charts.weeks(paper, "Closed cases by month, and a year before", months.labels(report.number), now, before)
    columns = (Column("Month", 90), Column("Closed cases", 80, number=True), Column("A year before", 80, number=True))
    rows = [list(row) for row in zip(months.labels(report.number), map(str, now), map(str, before), strict=True)]
    paper.table("Closed cases by month", columns, rows)


def _narrative(paper: Paper, case: Case, prose: Prose) -> None:
    """Write a case as such departments do: what was alleged, said, examined, and decided."""
    officer = prose.pick(_OFFICERS)
    paper.heading(f"Case {case.number}")
    paper.paragraph(f"Received in {case.received} by {case.source.lower()}, closed in {case.closed}.")
    paper.heading("Summary of the complaint")
    paper.paragraph(prose.text("complaint", 3, officer=officer))
    paper.heading("Statements")
    paper.paragraph(prose.text("account", 3, officer=officer))
    paper.heading("Investigation")
    paper.paragraph(prose.text("examined", 4))
    for allegation, finding in case.allegations:
        paper.heading(f"{allegation}: {finding.lower()}")
        paper.paragraph(prose.text("ruled", 3))
        paper.paragraph(prose.text("examined", 3))
        paper.paragraph(prose.text("account", 3, officer=officer))
    paper.heading("Decision")
    paper.paragraph(prose.text("ruled", 4))


def _cases(report: Report, seed: int) -> list[Case]:
    rng = months.generator(seed, _KIND, report.number)
    cases: list[Case] = []
    for case in range(_count(seed, report.number)):
        closed = report.start + timedelta(days=int(rng.integers(0, (report.end - report.start).days + 1)))
        received = closed - timedelta(days=int(rng.integers(30, 150)))
        pairs = tuple(
            (_ALLEGATIONS[rng.integers(len(_ALLEGATIONS))], _FINDINGS[rng.integers(len(_FINDINGS))])
            for _ in range(1 + rng.poisson(1.0))
        )
        number, source = f"SAMPLE-IA-{report.end:%Y%m}-{case + 1}", _SOURCES[rng.integers(len(_SOURCES))]
        cases.append(Case(number, f"{received:%b %Y}", f"{closed:%b %Y}", source, pairs))
    return cases


def _count(seed: int, number: int) -> int:
    """Return how many cases were closed in a month."""
    return int(months.generator(seed, _KIND + 10, number).poisson(_CASES_A_MONTH))

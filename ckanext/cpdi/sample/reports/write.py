"""Writes the planned reports and their index into a folder or a ZIP file."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from ckanext.cpdi.declare import Profile
from ckanext.cpdi.sample.reports import blemishes, compstat, investigations, resistance
from ckanext.cpdi.sample.reports.paper import Head, Paper
from ckanext.cpdi.sample.reports.schedule import COMPSTAT, INVESTIGATIONS, RESISTANCE, Report, last_reports
from ckanext.cpdi.whole_file import written

DEFAULT_END = date(2026, 1, 1)
INDEX = "index.csv"
COLUMNS = ("series", "period_start", "period_end", "published", "file", "sha256")

_TEAMS = ("Team 1", "Team 2", "Team 3", "Team 4")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

_Draw = Callable[[Paper, Report, tuple[str, ...], int], None]
_KINDS: dict[str, tuple[str, _Draw]] = {
    COMPSTAT: ("Compstat Weekly Report", compstat.draw),
    INVESTIGATIONS: ("Closed Investigations", investigations.draw),
    RESISTANCE: ("Response to Resistance", resistance.draw),
}


def write_reports(
    path: Path, profile: Profile, rows: int, seed: int, end: date = DEFAULT_END, series: str | None = None
) -> None:
    """Write the last ``rows`` reports before ``end``, of one series or all, and their ``index.csv``, the latest first.

    ``path`` is a folder, created if it is missing, or a file whose name ends with ``.zip``. The index is written last,
    so that all files that it names exist; other files in the folder stay. Raises ValueError where ``rows`` is below 1,
    OSError where ``path`` cannot be written.
    """
    if rows < 1:
        raise ValueError("at least one row is needed")
    files = _files(profile, last_reports(rows, end, series), seed)
    if path.suffix == ".zip":
        _pack(path, files)
        return
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files:
        (path / name).write_bytes(content)


def _files(profile: Profile, reports: list[Report], seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield the files with their names, the index last."""
    index = io.StringIO()
    lines = csv.writer(index, lineterminator="\n")
    lines.writerow(COLUMNS)
    for report in reports:
        content = draw(report, profile, seed)
        digest = hashlib.sha256(content).hexdigest()
        lines.writerow((report.series, report.start, report.end, report.published, report.file, digest))
        yield report.file, content
    yield INDEX, index.getvalue().encode()


def draw(report: Report, profile: Profile, seed: int) -> bytes:
    """Return the PDF of ``report``, with its faults."""
    if report.faults.mislabelled:
        return blemishes.NO_PDF
    title, write = _KINDS[report.series]
    head = Head(report.id, profile.agency.name.en, title, report.period, report.published)
    paper = Paper(head, tagged=not report.faults.untagged)
    if report.edition > 1:
        paper.paragraph("Corrected edition: it replaces the one that was published before.", bold=True)
    write(paper, report, _teams(profile), seed)
    attached = _blemish(paper, report)
    return paper.canvas.finish(blemishes.metadata(head), attached)


def _blemish(paper: Paper, report: Report) -> dict[str, bytes]:
    """Add the faults that do not depend on the kind of report; return the attached files."""
    faults = report.faults
    if faults.named:
        paper.paragraph(blemishes.LEFT_IN)
    if faults.commented:
        blemishes.comment(paper, "SAMPLE comment: ask Q. Marrow before this goes out")
    if faults.covered:
        blemishes.cover(paper, "Reviewed by SAMPLE Sgt. Q. Marrow, 843-555-0100")
    if faults.scanned:
        blemishes.scan(
            paper, ["Approved for release", f"Period: {report.period}", f"Reference: {report.phrase}", "(signature)"]
        )
    return {"SAMPLE-worksheet.csv": blemishes.WORKSHEET} if faults.attached else {}


def _teams(profile: Profile) -> tuple[str, ...]:
    """Return the names of the department's teams; invented ones where the profile has none."""
    if not profile.teams:
        return _TEAMS
    return tuple(str(feature["properties"]["name"]) for feature in profile.geojson(profile.teams)["features"])


def _pack(path: Path, files: Iterator[tuple[str, bytes]]) -> None:
    """Write ``files`` into a ZIP file without times, or none of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written(path) as unfinished, zipfile.ZipFile(unfinished, "w") as packed:
        for name, content in files:
            packed.writestr(zipfile.ZipInfo(name, _LONG_AGO), content)

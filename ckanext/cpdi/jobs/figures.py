"""Figures in the tables of a series' reports become rows of a table: read where a report is new, checked, loaded.

Only reports that stand for their periods are read, in their public form. What is held, and why, is written down for
staff's pages and logged; a figure comes out with the next run after a correction.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.cpdi import config
from ckanext.cpdi.jobs import load
from ckanext.cpdi.publish import report_files
from ckanext.cpdi.reports import Page, Refused, examine
from ckanext.cpdi.reports.tables import FigureLedger, read_figures, recipe, write_faults
from ckanext.cpdi.whole_file import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.cpdi.declare import Dataset
    from ckanext.cpdi.declare.tables.figures import Figures as Layout
    from ckanext.cpdi.pipeline.report import NightReport
    from ckanext.cpdi.reports.tables import ReportFaults
    from ckanext.cpdi.store.reports import Held

log = logging.getLogger(__name__)

_LEDGER, _FEED, _TRIED = "figures.json", "figures.csv", "tried.csv"
_AGAIN = 3_600
"""Seconds after which a feed that was held, or failed, is tried once more: staff may have released it."""
_PRIVATE = 0o600


def refresh(series: str, profile: str = "") -> NightReport | None:
    """Load the figures of the reports of ``series``, where they are not those that were loaded last.

    Returns the run's report; None where nothing changed, where no tables are declared, or where the department of
    ``profile`` does not publish the table that they go into. Raises DatasetBusy where the table is being loaded.
    """
    dataset, department = config.library().dataset(series), config.profile(profile)
    layout = department.printed_figures(dataset)
    if layout is None or layout.dataset not in department.datasets:
        return None
    folder = config.figures_path(series)
    ledger = FigureLedger.read(folder / _LEDGER, recipe(layout))
    if _follow(ledger, dataset, layout):
        faults = ledger.faults()
        write_faults(config.faults_path(series), faults)
        ledger.save(folder / _LEDGER)
        _tell(series, faults)
    feed = ledger.feed()
    if not _is_due(folder, feed):
        return None
    with tempfile.TemporaryDirectory(dir=folder) as name:
        path = Path(name) / _FEED
        path.write_text(feed, encoding="utf-8")
        path.chmod(_PRIVATE)
        report = load.run(layout.dataset, str(path), profile, label=f"Figures of {series}", trusted_path=True)
    done = report.state in ("published", "unchanged")
    with written(folder / (_FEED if done else _TRIED), mode=_PRIVATE) as unfinished:
        unfinished.write_text(feed, encoding="utf-8")
    return report


def forget(series: str) -> None:
    """Forget what was read of ``series``, whose reports are gone: the next ones are read anew."""
    shutil.rmtree(config.figures_path(series), ignore_errors=True)


def _follow(ledger: FigureLedger, dataset: Dataset, layout: Layout) -> bool:
    """Read the reports that are new, and forget those that are gone; return whether the ledger changed."""
    with config.store() as store:
        published = store.reports.published(dataset.name)
    present = {report.period_end: report for report in published if report.present and report.period_end}
    before = ledger.sources
    for end in before.keys() - present.keys():
        ledger.remove(end)
    fresh = [report for end, report in present.items() if before.get(end) != report.clean_sha256]
    for report in fresh:
        end = report.period_end
        if end is not None:
            ledger.remove(end)
            ledger.put(read_figures(_pages(report), layout, end), report.edition or 1, report.clean_sha256)
    return bool(fresh) or ledger.sources.keys() != before.keys()


def _pages(report: Held) -> tuple[Page, ...]:
    """Return the pages of a published report with their words; none where its file is not there or cannot be read."""
    if report.period_start is None or report.period_end is None or report.edition is None:
        return ()
    period = report_files.period_name(report.period_start, report.period_end)
    path = report_files.public_file(config.files_path(), report.series, period, report.edition)
    with tempfile.TemporaryDirectory() as name:
        try:
            return examine(path, Path(name) / "clean.pdf", Path(name) / "page.webp").pages
        except (Refused, FileNotFoundError) as error:
            log.warning("figures of %s %s: %s", report.series, period, type(error).__name__)
            return ()


def _tell(series: str, faults: Iterable[ReportFaults]) -> None:
    """Log what is held and what could not be read."""
    for report in faults:
        for fault in report.faults:
            log.warning("figures of %s %s held: %s", series, report.end, fault.sentence)


def _is_due(folder: Path, feed: str) -> bool:
    """Return whether ``feed`` is to be loaded: not again once it was, and once in an hour while it is held or fails."""
    loaded, tried = folder / _FEED, folder / _TRIED
    if _has(loaded, feed) or (feed.count("\n") == 1 and not loaded.exists()):
        return False
    return not _has(tried, feed) or time.time() - tried.stat().st_mtime > _AGAIN


def _has(path: Path, feed: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == feed

"""Staff's hand on the archive of reports: files that they send, and what they decide on each.

What staff send is examined as what a run brings, and waits for their decision even where nothing was noticed.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from ckanext.cpdi import config
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.errors import PortalError, Said
from ckanext.cpdi.feeds.files.spool import SpoolFolder, digest
from ckanext.cpdi.pipeline.publish import FollowUpError
from ckanext.cpdi.pipeline.reports import publication, shelf
from ckanext.cpdi.pipeline.reports.intake import LIMITS, Intake
from ckanext.cpdi.reports import Box, draw_page
from ckanext.cpdi.reports.calendar import Span, period_of
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.reports import Held, Notice

log = logging.getLogger(__name__)

WIDTH = 1000
"""Pixels that the picture of a page is wide for staff."""


class ReportError(PortalError, ValueError):
    """A report cannot be taken, or decided on; the message is for staff."""


def receive(store: Store, series: str, name: str, source: Path) -> Held:
    """Examine the file ``source``, called ``name``, and keep it as held; return it, or the report of the same file.

    Raises Refused for a file that is no report, ReportError for one that staff withdrew or refused before.
    """
    with source.open("rb") as file:
        sha256, _ = digest(file)
    known = store.reports.known(series).get(sha256)
    if known is not None and known.report is not None:
        return _known(store, known.report)
    if config.production() and name.upper().startswith("SAMPLE"):
        raise ReportError("Its name says that it is synthetic: a real portal does not publish it.")
    intake = Intake(config.library().dataset(series), config.profile())
    folder = SpoolFolder(config.spool_path())
    try:
        examined = intake.examine(source, name, folder)
        kept = shelf.keep(store, [(intake.received(examined), examined.files)], None)
    finally:
        folder.delete()
    # A run may have taken the same file meanwhile.
    return _known(store, kept.get(sha256) or store.reports.known(series)[sha256].report)


def release(store: Store, report: UUID, who: str, note: str, day: date | None = None) -> Held:
    """Publish a held report, of the period that ``day`` is in where one is given; return it as published.

    Raises ReportError for a period that is still to come, and where the report has none.
    """
    held = _known(store, report)
    if held.state != "held":
        raise ReportError("This report does not wait for a decision any more.")
    if day is not None:
        start, end = span_of(config.library().dataset(held.series), day)
        store.reports.set_period(report, start, end)
        held = replace(held, period_start=start, period_end=end)
    if held.period_end is None:
        raise ReportError("Say which period the report is of: any day of it.")
    if held.period_end > datetime.now(config.profile().zone).date():
        raise ReportError(Said("The period ends on {day}, which is still to come.", day=held.period_end))
    shelf.publish(store, held.series, [report], who, note)
    follow(held.series)
    return _known(store, report)


def withdraw(store: Store, report: UUID, who: str, note: str) -> Held:
    """Refuse a held report, or take a published one out; return it as it was.

    Its text, its files and what was noticed in it are deleted, and the same file is not taken again. Raises ReportError
    where a published one is withdrawn without a reason.
    """
    known = _known(store, report)
    if known.state == "published" and not note.strip():
        raise ReportError("Say why the report is withdrawn: the reason stays in the records.")
    before = shelf.withdraw(store, report, who, note)
    if before.state == "published":
        follow(before.series)
    return before


def span_of(series: Dataset, day: date) -> Span:
    """Return the first and last day of the period of ``series`` that ``day`` is in; raise ReportError without rules."""
    rules = config.profile().report_rules.get(series.name, series.reports)
    if rules is None:
        raise ReportError(
            Said("The declaration of {series} does not say which periods it has (reports).", series=series.name)
        )
    return period_of(day, rules)


def picture(store: Store, report: UUID, number: int) -> bytes:
    """Return page ``number`` of a report as a WebP picture, made in a process of its own and not kept.

    What was noticed on it has a frame, with its number among all that was noticed.

    Raises ReportError where there is no such page, Refused where it cannot be drawn.
    """
    known = _known(store, report)
    if not 1 <= number <= known.pages:
        raise ReportError("The report has no such page.")
    folder = SpoolFolder(config.spool_path())
    try:
        target = folder.path / "page.webp"
        notices = enumerate(store.reports.notices(report), 1)
        boxes = [(at, _box(notice)) for at, notice in notices if notice.page == number and notice.box]
        draw_page(shelf.file_of(known), number, target, WIDTH, boxes, LIMITS)
        return target.read_bytes()
    finally:
        folder.delete()


def _box(notice: Notice) -> Box:
    left, top, right, bottom = notice.box
    return left, top, right, bottom


def follow(series: str) -> None:
    """Let files and catalogue follow at once; what fails is done by the next tick."""
    try:
        publication.publish(series, config.profile())
    except FollowUpError:
        log.exception("the page of %s is left to the next tick", series)


def _known(store: Store, report: UUID | None) -> Held:
    known = store.reports.get(report) if report else None
    if known is None or known.state == "withdrawn":
        raise ReportError("There is no such report; staff may have withdrawn or refused it.")
    return known

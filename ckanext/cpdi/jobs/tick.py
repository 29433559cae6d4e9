"""The work of every few minutes: start sources that are due, recover jobs, build and freeze files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.feeds import sweep
from ckanext.cpdi.jobs import figures, kinds, planner, recovery
from ckanext.cpdi.notify import alert
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.pipeline.claim import DatasetBusy, claim
from ckanext.cpdi.services.heartbeat import beat

log = logging.getLogger(__name__)


@dataclass
class TickReport:
    """The result of a tick; ``faults`` names the steps that failed, whose errors are in the log."""

    skipped: bool = False
    ended: int = 0
    started: int = 0
    queued: int = 0
    built: int = 0
    frozen: int = 0
    faults: tuple[str, ...] = ()


def tick() -> TickReport:
    """Do all steps, whether or not others fail; do nothing while another tick is under way."""
    with claim("cpdi tick") as claimed:
        if not claimed:
            return TickReport(skipped=True)
        report = TickReport()
        _step(report, "sweeping the spool", _sweep)
        _step(report, "ending jobs", _end)
        _step(report, "starting sources", _start)
        _step(report, "closing jobs", _close)
        _step(report, "filling queues", _send)
        for name in (*(table.name for table in config.library().tables), *kinds.series()):
            _step(report, f"building {name}", lambda report, name=name: _build(report, name))
        for name in kinds.series():
            _step(report, f"figures of {name}", lambda _report, name=name: _figures(name))
        for dataset in config.library().tables:
            _step(report, f"full feeds of {dataset.name}", lambda report, name=dataset.name: _full(report, name))
            _step(report, f"freezing {dataset.name}", lambda report, name=dataset.name: _freeze(report, name))
        _step(report, "reported errors", _errata)
        if not report.faults:
            beat("tick")
        return report


def _step(report: TickReport, name: str, step: Callable[[TickReport], None]) -> None:
    try:
        step(report)
    except Exception:
        log.exception("tick: %s", name)
        report.faults += (name,)
        model.Session.rollback()


def _sweep(report: TickReport) -> None:  # noqa: ARG001  a step like the others
    """Remove the feeds that killed runs left behind."""
    sweep(config.spool_path())


def _end(report: TickReport) -> None:
    report.ended = recovery.end_late()


def _start(report: TickReport) -> None:
    report.started = planner.start_due(datetime.now(UTC))


def _close(report: TickReport) -> None:  # noqa: ARG001  a step like the others
    """Finish the jobs whose objects are all done, and start due sources of other extensions."""
    tk.get_action("harvest_jobs_run")(portal_user(), {})


def _send(report: TickReport) -> None:
    report.queued = recovery.requeue()


def _build(report: TickReport, dataset: str) -> None:
    try:
        built, _ = kinds.follow(dataset)
    except publish.FollowUpError as error:
        alert.tell_files(dataset, error.said)
        raise
    alert.tell_files(dataset, "")
    report.built += built


def _figures(series: str) -> None:
    """Load what tables of new reports say, unless somebody else loads it; notify staff of what does not add up."""
    with suppress(DatasetBusy):
        figures.refresh(series)
    alert.tell_figures(series)


def _errata(report: TickReport) -> None:  # noqa: ARG001  a step like the others
    """Delete what visitors wrote in reports that are answered; notify staff of those that wait."""
    with config.store() as store:
        store.errata.forget_letters(datetime.now(UTC) - config.letters_kept())
    alert.tell_errata()


def _full(report: TickReport, dataset: str) -> None:  # noqa: ARG001  a step like the others
    """Notify staff where no full feed has come for more days than the settings allow."""
    with config.store() as store:
        since = store.ledger.without_full(dataset)
    limit, days = config.full_after(), (datetime.now(UTC) - since).days if since else 0
    alert.tell_full(dataset, days if limit and days > limit else 0)


def _freeze(done: TickReport, dataset: str) -> None:
    done.frozen += len(publish.freeze_years(dataset, publish.profile_of(dataset)))

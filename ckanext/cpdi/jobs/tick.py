"""What has to happen every few minutes: start what is due, put right what hangs, build and freeze files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.feeds import sweep
from ckanext.cpdi.jobs import planner, recovery
from ckanext.cpdi.notify import alert
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.pipeline.claim import claim
from ckanext.cpdi.services.heartbeat import beat

log = logging.getLogger(__name__)


@dataclass
class Ticked:
    """What a tick did; ``faults`` names the steps that failed, whose reasons are in the log."""

    skipped: bool = False
    ended: int = 0
    started: int = 0
    queued: int = 0
    built: int = 0
    frozen: int = 0
    faults: tuple[str, ...] = ()


def tick() -> Ticked:
    """Do all steps, each whether or not the others fail; do nothing while another tick is at it."""
    with claim("cpdi tick") as mine:
        if not mine:
            return Ticked(skipped=True)
        done = Ticked()
        _step(done, "sweeping the spool", _sweep)
        _step(done, "ending jobs", _end)
        _step(done, "starting sources", _start)
        _step(done, "closing jobs", _close)
        _step(done, "filling queues", _send)
        for dataset in config.library().tables:
            _step(done, f"building {dataset.name}", lambda done, name=dataset.name: _build(done, name))
            _step(done, f"looking for a full feed of {dataset.name}", lambda done, name=dataset.name: _full(done, name))
            _step(done, f"freezing {dataset.name}", lambda done, name=dataset.name: _freeze(done, name))
        if not done.faults:
            beat("tick")
        return done


def _step(done: Ticked, name: str, step: Callable[[Ticked], None]) -> None:
    try:
        step(done)
    except Exception:
        log.exception("tick: %s", name)
        done.faults += (name,)
        model.Session.rollback()


def _sweep(done: Ticked) -> None:  # noqa: ARG001  a step like the others
    """Remove the feeds that killed runs left behind."""
    sweep(config.spool_path())


def _end(done: Ticked) -> None:
    done.ended = recovery.end_late()


def _start(done: Ticked) -> None:
    done.started = planner.start_due(datetime.now(UTC))


def _close(done: Ticked) -> None:  # noqa: ARG001  a step like the others
    """Finish the jobs of which nothing is left to do, and start what is due of other extensions' sources."""
    tk.get_action("harvest_jobs_run")(portal_user(), {})


def _send(done: Ticked) -> None:
    done.queued = recovery.send_again()


def _build(done: Ticked, dataset: str) -> None:
    try:
        built, _ = publish.publish(dataset, publish.profile_of(dataset))
    except publish.FollowUpError as error:
        alert.tell_files(dataset, str(error))
        raise
    alert.tell_files(dataset, "")
    done.built += built


def _full(done: Ticked, dataset: str) -> None:  # noqa: ARG001  a step like the others
    """Tell staff where only feeds of windows or changes have come for longer than the settings say."""
    with config.store() as store:
        since = store.ledger.without_full(dataset)
    limit, days = config.full_after(), (datetime.now(UTC) - since).days if since else 0
    alert.tell_full(dataset, days if limit and days > limit else 0)


def _freeze(done: Ticked, dataset: str) -> None:
    done.frozen += len(publish.freeze_years(dataset, publish.profile_of(dataset)))

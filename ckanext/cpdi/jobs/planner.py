"""Starts the harvest sources that are due, and stores when each is due next."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.catalog.people import portal_user
from ckanext.cpdi.declare import DeclarationError
from ckanext.cpdi.declare.clock import clock
from ckanext.cpdi.jobs import schedule
from ckanext.cpdi.jobs.ckan_harvest import HarvestJobExists, HarvestSource
from ckanext.cpdi.jobs.source import OURS, SourceError, read_config

log = logging.getLogger(__name__)


def start_due(now: datetime) -> int:
    """Start every source of ours that is due at ``now``, and plan its next run; return how many were started.

    A new source is due at once. A source that cannot be started stays due, and the others are started all the same.
    """
    ids = [source.id for source in _scheduled_sources()]
    return sum(_start(source_id, now) for source_id in ids)


def _start(source_id: str, now: datetime) -> bool:
    """Start a source if it is due; return whether it was started."""
    try:
        source = HarvestSource.get(source_id)
        at, zone = _clock(source)
        due = schedule.align(source.next_run.replace(tzinfo=UTC), at, zone, now) if source.next_run else now
        if due > now:
            _plan(source, due)
            return False
        try:
            tk.get_action("harvest_job_create")(portal_user(), {"source_id": source_id, "run": True})
        except HarvestJobExists:
            log.warning("source %s: its last job has not ended, so no other is started", source_id)
        _plan(source, schedule.next_due(due, source.frequency, at, zone, now))
        return True
    except Exception:
        log.exception("source %s cannot be started", source_id)
        model.Session.rollback()
        return False


def _scheduled_sources() -> list[HarvestSource]:
    """Return our active sources whose frequency has a time of day."""
    query = model.Session.query(HarvestSource).filter(
        HarvestSource.active.is_(True),
        HarvestSource.type.startswith(OURS),
        HarvestSource.frequency.in_(schedule.FREQUENCIES),
    )
    return query.order_by(HarvestSource.id).all()


def _clock(source: HarvestSource) -> tuple[time, ZoneInfo]:
    """Return the time of day and the zone of a source.

    Where its configuration cannot be used, both are the site's own, and its job reports the error.
    """
    try:
        source_config = read_config(source.config, "-")
        profile = config.profile(source_config.profile)
        return clock(source_config.at) if source_config.at else config.nightly_at(), profile.zone
    except (SourceError, DeclarationError):
        return config.nightly_at(), config.profile().zone


def _plan(source: HarvestSource, due: datetime) -> None:
    """Store when the source is due next, in CKAN's form: UTC without a zone."""
    planned = due.astimezone(UTC).replace(tzinfo=None)
    if source.next_run != planned:
        source.next_run = planned
        source.save()

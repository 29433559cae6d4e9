"""Harvest sources whose run did not start when it was due, or failed before the ledger had a run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from ckan import model

_SOURCES = sa.text(r"""
    WITH last AS (
        SELECT DISTINCT ON (source_id) id, source_id FROM harvest_job
        WHERE status = 'Finished' ORDER BY source_id, created DESC
    )
    SELECT package.name, source.frequency, source.next_run,
           EXISTS (SELECT FROM harvest_gather_error AS error WHERE error.harvest_job_id = last.id)
           OR EXISTS (
               SELECT FROM harvest_object AS part
               WHERE part.harvest_job_id = last.id AND part.report_status = 'errored' AND part.content IS NULL
           ) AS failed
    FROM harvest_source AS source
    JOIN package ON package.id = source.id AND package.state = 'active'
    LEFT JOIN last ON last.source_id = source.id
    WHERE source.active
    ORDER BY package.name
""")


@dataclass(frozen=True)
class Source:
    """An active harvest source: its name in URLs, and when its next run is due; None where it has no schedule.

    ``late``: the time has passed and nothing was started. ``failed``: the last job ended with an error and without a
    run; a job with a run is judged by the ledger.
    """

    name: str
    due: datetime | None
    state: Literal["ok", "late", "failed"]


def sources(now: datetime, patience: timedelta) -> list[Source]:
    """Return the active sources, by name; a source is late ``patience`` after its time."""
    rows = model.Session.execute(_SOURCES)
    return [_source(name, frequency, planned, failed, now - patience) for name, frequency, planned, failed in rows]


def _source(name: str, frequency: str, planned: datetime | None, failed: bool, limit: datetime) -> Source:
    due = planned.replace(tzinfo=UTC) if planned and frequency != "MANUAL" else None
    if due is not None and due < limit:
        return Source(name, due, "late")
    return Source(name, due, "failed" if failed else "ok")

"""``/healthz``: whether the services answer, whether last night's runs were in time, and whether the worker is alive.

Status 200 where everything that a reader needs works, else 503. A late or failed run, or a silent worker, is shown
with 200, since readers still have the data before it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, jsonify

from ckanext.cpdi import config
from ckanext.cpdi.services.heartbeat import heartbeats, silence
from ckanext.cpdi.services.http.headers import cache
from ckanext.cpdi.services.lateness import runs as lateness
from ckanext.cpdi.services.lateness import sources as due

log = logging.getLogger(__name__)

blueprint = Blueprint("cpdi_health", __name__)

_SECONDS = 3


@blueprint.route("/healthz")
def show() -> tuple[Response, int]:
    """Answer with the state of each part, without messages of services, which could name hosts or users."""
    services = {name: _state(check) for name, check in _CHECKS.items()}
    runs = last_runs() if services["datastore"] == "ok" else {}
    sources = last_jobs() if services["database"] == "ok" else {}
    processes = last_heartbeats(needed=bool(sources))
    well = all(state == "ok" for state in services.values())
    late = any(entry["state"] not in ("ok", "none") for part in (runs, sources, processes) for entry in part.values())
    status = "down" if not well else "late" if late else "ok"
    parts = {"services": services, "processes": processes, "sources": sources, "runs": runs}
    return cache(jsonify({"status": status, **parts}), 0), 200 if well else 503


def last_jobs() -> dict[str, dict[str, Any]]:
    """Return the active harvest sources by name: ``state`` (ok, late, failed) and ``due`` (ISO 8601 or None)."""
    sources = due.sources(datetime.now(UTC), silence())
    return {source.name: {"state": source.state, "due": _iso(source.due)} for source in sources}


def last_heartbeats(*, needed: bool) -> dict[str, dict[str, Any]]:
    """Return the processes of the nightly runs: ``state`` (ok, silent, none) and their ``last`` heartbeat.

    Where none is ``needed``, as before the first harvest source, one without a heartbeat is ``none``, not silent.
    """
    return {
        heartbeat.name: {
            "state": "ok" if not heartbeat.silent else "silent" if needed or heartbeat.at else "none",
            "last": _iso(heartbeat.at),
        }
        for heartbeat in heartbeats().values()
    }


def last_runs() -> dict[str, dict[str, Any]]:
    """Return the last run of each table by dataset: ``state`` (ok, late, failed, none), ``run`` and ``finished``.

    ``finished`` is that of the last good run, in ISO 8601; late is one that is older than ``ckanext.cpdi.late_after``
    hours where the dataset is updated daily.
    """
    last: dict[str, dict[str, Any]] = {}
    with config.store() as store:
        ledger = {dataset.name: store.ledger.runs(dataset.name, limit=30) for dataset in config.library().tables}
    for dataset in config.library().tables:
        runs = ledger[dataset.name]
        good = lateness.last_good(runs)
        finished = _iso(good.finished if good else None)
        daily = dataset.metadata.get("frequency") == "daily"
        state = lateness.state(runs, daily=daily, now=datetime.now(UTC), hours=tk.config["ckanext.cpdi.late_after"])
        last[dataset.name] = {"state": state, "run": runs[0].id if runs else None, "finished": finished}
    return last


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None


def _state(check: Callable[[], None]) -> str:
    """Return ``ok``, or ``down`` for a check that raises anything at all."""
    try:
        check()
    except Exception as error:
        log.warning("%s: %s", check.__name__, type(error).__name__)
        return "down"
    return "ok"


def _database() -> None:
    import sqlalchemy as sa
    from ckan import model

    model.Session.execute(sa.text("SELECT 1"))


def _datastore() -> None:
    import psycopg

    with psycopg.connect(config.read_dsn(), connect_timeout=_SECONDS) as connection:
        connection.execute("SELECT 1 FROM public._cpdi_version LIMIT 1")


def _solr() -> None:
    import requests

    url = tk.config["solr_url"].rstrip("/")
    requests.get(f"{url}/admin/ping?wt=json", timeout=_SECONDS).raise_for_status()


def _redis() -> None:
    from ckan.lib.redis import connect_to_redis

    connect_to_redis().ping()


_CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "datastore": _datastore,
    "solr": _solr,
    "redis": _redis,
}

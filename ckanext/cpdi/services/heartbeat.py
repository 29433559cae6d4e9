"""Heartbeats of the two processes of the nightly runs, in Redis, which all machines of a portal share.

``ckan cpdi tick`` writes one after each round in which no step failed, ``ckan cpdi worker`` every 20 seconds, busy or
idle. An emptied Redis has them again after the next one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Literal

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis import RedisError

log = logging.getLogger(__name__)

Name = Literal["tick", "worker"]
NAMES: tuple[Name, ...] = ("tick", "worker")

_BEAT_SECONDS = 20
_EXPIRY = timedelta(days=90)


@dataclass(frozen=True)
class Heartbeat:
    """The last heartbeat of a process; ``at`` is None where there is none."""

    name: Name
    at: datetime | None
    silent: bool
    """Whether it is older than ``ckanext.cpdi.silent_after`` minutes, or missing."""


def heartbeats(now: datetime | None = None) -> dict[Name, Heartbeat]:
    """Return the last heartbeat of each process; all are missing where Redis does not answer."""
    limit = (now or datetime.now(UTC)) - silence()
    return {name: Heartbeat(name, at, at is None or at < limit) for name, at in _read().items()}


def silence() -> timedelta:
    """Return how long a process may be without a heartbeat."""
    return timedelta(minutes=tk.config["ckanext.cpdi.silent_after"])


def beat(name: Name) -> None:
    """Write a heartbeat of the process ``name``; where Redis does not answer, log that."""
    try:
        connect_to_redis().set(_key(name), datetime.now(UTC).isoformat(), ex=_EXPIRY)
    except RedisError as error:
        log.warning("no sign of life of %s: %s", name, type(error).__name__)


@contextmanager
def pulse(name: Name) -> Iterator[None]:
    """Write heartbeats of the process ``name`` while the block runs, however long one of its steps takes."""
    stop = Event()

    def repeat() -> None:
        beat(name)
        while not stop.wait(_BEAT_SECONDS):
            beat(name)

    thread = Thread(target=repeat, name=f"cpdi {name} pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(_BEAT_SECONDS)


def _read() -> dict[Name, datetime | None]:
    try:
        values = connect_to_redis().mget([_key(name) for name in NAMES])
    except RedisError as error:
        log.warning("no signs of life: %s", type(error).__name__)
        values = [None] * len(NAMES)
    return dict(zip(NAMES, map(_instant, values), strict=True))


def _instant(value: bytes | str | None) -> datetime | None:
    """Return a value of Redis as an instant; None for a missing or foreign value."""
    try:
        text = value.decode() if isinstance(value, bytes) else value
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _key(name: Name) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:cpdi:heartbeat:{name}"

"""Signs of life of the two processes that do the nights, kept in Redis, where every machine of a portal sees them.

``ckan cpdi tick`` leaves one after each round in which no step failed, ``ckan cpdi worker`` every few seconds, at work
as well as at rest. A Redis that was emptied has them again with the next one.
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
_KEPT = timedelta(days=90)


@dataclass(frozen=True)
class Heartbeat:
    """The last sign of a process; ``at`` is None where there is none."""

    name: Name
    at: datetime | None
    silent: bool
    """Whether it is older than ``ckanext.cpdi.silent_after`` minutes, or there is none."""


def heartbeats(now: datetime | None = None) -> dict[Name, Heartbeat]:
    """Return the last sign of each process; none of any where Redis does not answer."""
    limit = (now or datetime.now(UTC)) - silence()
    return {name: Heartbeat(name, at, at is None or at < limit) for name, at in _read().items()}


def silence() -> timedelta:
    """Return how long a process may give no sign."""
    return timedelta(minutes=tk.config["ckanext.cpdi.silent_after"])


def beat(name: Name) -> None:
    """Leave a sign of the process ``name``; without Redis there is none."""
    try:
        connect_to_redis().set(_key(name), datetime.now(UTC).isoformat(), ex=_KEPT)
    except RedisError as error:
        log.warning("no sign of life of %s: %s", name, type(error).__name__)


@contextmanager
def pulse(name: Name) -> Iterator[None]:
    """Leave signs of the process ``name`` while the block runs, however long one of its steps takes."""
    ended = Event()

    def go_on() -> None:
        beat(name)
        while not ended.wait(_BEAT_SECONDS):
            beat(name)

    thread = Thread(target=go_on, name=f"cpdi {name} pulse", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(_BEAT_SECONDS)


def _read() -> dict[Name, datetime | None]:
    try:
        found = connect_to_redis().mget([_key(name) for name in NAMES])
    except RedisError as error:
        log.warning("no signs of life: %s", type(error).__name__)
        found = [None] * len(NAMES)
    return dict(zip(NAMES, map(_instant, found), strict=True))


def _instant(value: bytes | str | None) -> datetime | None:
    """Return what Redis holds as an instant; None for nothing, or for what no portal wrote."""
    try:
        text = value.decode() if isinstance(value, bytes) else value
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        return None


def _key(name: Name) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:cpdi:heartbeat:{name}"

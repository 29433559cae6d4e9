"""The tables that are collections: those that were published and that the reader may see, and what is known of them."""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache

import ckan.plugins.toolkit as tk
from msgspec import Struct

from ckanext.cpdi import config
from ckanext.cpdi.catalog.extent import extent
from ckanext.cpdi.declare import Dataset
from ckanext.cpdi.selection.pool import transaction
from ckanext.cpdi.services.http.access import Readers, readers
from ckanext.cpdi.services.http.table import readable

_SECONDS = 5
"""Seconds that the state of all tables may take."""
_STATES = "SELECT dataset, version, rows::bigint, published_at, first_time, last_time, zone FROM public._cpdi_version"


class State(Struct, frozen=True):
    """A table's version, its rows, when it was published, the times of its first and last row, its zone."""

    version: str
    rows: int
    published_at: datetime
    first_time: datetime | None
    last_time: datetime | None
    zone: str


class Collection(Struct, frozen=True):
    """A table as a collection: its declaration, its state, who may read it, and its box in degrees, if it has one."""

    dataset: Dataset
    state: State
    allowed: Readers
    box: tuple[float, float, float, float] | None

    @property
    def name(self) -> str:
        """The identifier of the collection."""
        return self.dataset.name


def collections() -> list[Collection]:
    """Return the collections that the reader may see, in the order of their declaration."""
    states = _states()
    allowed = {dataset.name: readers(dataset.name) for dataset in config.library().tables if dataset.name in states}
    return [
        Collection(dataset, states[dataset.name], allowed[dataset.name], _box(dataset))
        for dataset in config.library().tables
        if allowed.get(dataset.name, Readers.NOBODY) is not Readers.NOBODY
    ]


def collection(name: str) -> Collection:
    """Return the collection called ``name``; raise ObjectNotFound where the reader may not see one."""
    dataset, allowed = readable(name)
    state = _states().get(name)
    if state is None:
        raise tk.ObjectNotFound
    return Collection(dataset, state, allowed, _box(dataset))


def _states() -> dict[str, State]:
    with transaction(config.read_dsn(), _SECONDS) as connection:
        return {name: State(*rest) for name, *rest in connection.execute(_STATES)}


def _box(dataset: Dataset) -> tuple[float, float, float, float] | None:
    """Return the box around the department's boundary; None for a table without points."""
    outline = extent(dataset, config.profile())
    return _sides(outline) if outline else None


@lru_cache(maxsize=8)
def _sides(outline: str) -> tuple[float, float, float, float]:
    ring = json.loads(outline)["coordinates"][0]
    return (*ring[0], *ring[2])

"""Purges remove rows from every copy: denied rows, rows whose class rose, rows masked by older rules.

Rows leave the table first, then :data:`COPIES` in turn, then the disk space. The store lists unfinished purges; they
are continued after every run and at every tick.
"""

from __future__ import annotations

from collections.abc import Callable

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.declare import Profile
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.store import Purge, RunInProgress, Store

SHORT, LONG = "3s", "20min"
"""How long to wait for a run that is under way: on a page, and in a command."""

Copy = Callable[[str, Profile, list[Purge]], None]
"""Removes the rows of the purges from one kind of copy of a dataset; calling it again does nothing.

It is called after the rows have left the table and the files of the new version are published.
"""

COPIES: list[Copy] = []
"""Every kind of copy except files and catalogue, which are updated after each run anyway."""


def remove(store: Store, dataset: str, zone: str, patience: str = SHORT) -> bool:
    """Remove denied rows of ``dataset`` from its table; return False where a run under way prevents it.

    ``zone`` is the time zone in which its years are counted.
    """
    if all(purge.removed for purge in store.privacy.purges(dataset)):
        return True
    try:
        store.privacy.remove(dataset, resource_id(dataset), config.library().dataset(dataset).rows, zone, patience)
    except RunInProgress:
        return False
    return True


def clear(store: Store, dataset: str) -> None:
    """Delete the files of ``dataset`` if a purge is unfinished; for files that could not be rebuilt."""
    if store.privacy.purges(dataset):
        snapshot_store.clear(config.files_path(), dataset)


def finish(store: Store, dataset: str, profile: Profile) -> None:
    """Finish the purges of ``dataset`` whose rows have left the table; its files must be those of the new version."""
    purges = [purge for purge in store.privacy.purges(dataset) if purge.removed]
    if not purges:
        return
    for copy in COPIES:
        copy(dataset, profile, purges)
    store.privacy.sweep(dataset, resource_id(dataset), config.library().dataset(dataset).rows)
    store.privacy.finish(purges)

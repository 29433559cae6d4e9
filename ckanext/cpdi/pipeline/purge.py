"""The one way on which rows leave every copy: denied ones, those whose class rose, those masked by older rules.

The table comes first, then :data:`COPIES` in turn, then the space that they took. What is not done stands in the store,
and is taken up again after every run and at every tick.
"""

from __future__ import annotations

from collections.abc import Callable

from ckanext.cpdi import config
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.declare import Profile
from ckanext.cpdi.publish import snapshot_store
from ckanext.cpdi.store import Purge, RunInProgress, Store

SHORT, LONG = "3s", "20min"
"""How long to wait for a run at work: on a page, and at a command."""

Copy = Callable[[str, Profile, list[Purge]], None]
"""Rids one kind of copy of a dataset of what the purges name; done twice, it does nothing the second time.

It is called after the rows have left the table and the files of the new version stand on the shelf.
"""

COPIES: list[Copy] = []
"""Every kind of copy beside the shelf of files and the catalogue, which follow the table by themselves."""


def remove(store: Store, dataset: str, zone: str, patience: str = SHORT) -> bool:
    """Remove rows of ``dataset`` that are denied and still in its table; return False where a run keeps them there.

    ``zone`` is the time zone in which its years are counted.
    """
    if all(one.removed for one in store.privacy.purges(dataset)):
        return True
    try:
        store.privacy.remove(dataset, resource_id(dataset), config.library().dataset(dataset).rows, zone, patience)
    except RunInProgress:
        return False
    return True


def clear(store: Store, dataset: str) -> None:
    """Take the files of ``dataset`` away where they hold what must go, and could not be built anew."""
    if store.privacy.purges(dataset):
        snapshot_store.clear(config.files_path(), dataset)


def finish(store: Store, dataset: str, profile: Profile) -> None:
    """Rid the copies of ``dataset`` of what has left the table; its files are those of the present version."""
    purges = [one for one in store.privacy.purges(dataset) if one.removed]
    if not purges:
        return
    for copy in COPIES:
        copy(dataset, profile, purges)
    store.privacy.sweep(dataset, resource_id(dataset), config.library().dataset(dataset).rows)
    store.privacy.finish(purges)

"""The deny list: records are denied by their numbers, of which only keyed hashes ("keys") are stored.

The list is stored in the database and in a file of the private folder. A denied key is written to the file first, a
lifted key to the database first: an interrupted change leaves more records denied than requested, never fewer.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import ckan.plugins.toolkit as tk
from redis.exceptions import RedisError

from ckanext.cpdi import config
from ckanext.cpdi.declare.departments.denial import REASONS
from ckanext.cpdi.desk import deny_file
from ckanext.cpdi.desk.deny_file import Event
from ckanext.cpdi.errors import PortalError, Said
from ckanext.cpdi.pipeline import publish, purge
from ckanext.cpdi.rows import record_keys
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.privacy.privacy import Keys
from ckanext.cpdi.store.reports import Mention

log = logging.getLogger(__name__)


class DenyError(PortalError, ValueError):
    """The request cannot be done; the message repeats no record number."""


@dataclass(frozen=True)
class Preview:
    """The effect of a denial: how many different ``numbers`` were entered, and how many rows match, by dataset.

    ``keys`` are the keys of the numbers by dataset, ``listed`` is how many of them are on the list already.
    ``mentions`` are pages of reports that have one of the numbers in their text: people decide what becomes of these.
    """

    numbers: int
    hits: dict[str, int]
    keys: Keys
    listed: int
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class DenyResult:
    """The result of a change: how many keys were added or removed, and which datasets wait for a run to end."""

    changed: int
    waiting: tuple[str, ...] = ()


def list_path() -> Path:
    """Return the path of the list's file."""
    return config.private_path() / "deny.log"


def preview(store: Store, dataset: str, numbers: Iterable[str]) -> Preview:
    """Return the effect of denying records of ``dataset``.

    Raises KeyError for a dataset that is not declared, DenyError for one without a table, or without any number.
    """
    declared = config.library().dataset(dataset)
    if declared.table is None:
        raise DenyError(Said("{dataset} has no table of records", dataset=dataset))
    entered = [number for number in numbers if number.strip()]
    owner = declared.table.shares.get(declared.table.key)
    keys = {name: record_keys(config.secret(), name, entered).to_list() for name in filter(None, (dataset, owner))}
    if not keys[dataset]:
        raise DenyError("no record number was given; they are read one a line")
    listed = {(denied_record.dataset, denied_record.key) for denied_record in store.privacy.listed()}
    return Preview(
        numbers=len(keys[dataset]),
        hits=hits(store, keys),
        keys=keys,
        listed=sum((dataset, key) in listed for key in keys[dataset]),
        mentions=tuple(store.intake.mentioning(entered)),
    )


def hits(store: Store, keys: Keys) -> dict[str, int]:
    """Return the number of rows with one of the keys, for each table that can have them."""
    return {name: store.privacy.rows_with(name, keys) for name in affected_datasets(keys)}


def affected_datasets(keys: Iterable[str]) -> list[str]:
    """Return the datasets whose rows can have record numbers of the datasets ``keys``, each once."""
    return list(dict.fromkeys(table.name for name in keys for table in config.library().sharing(name)))


def deny(
    store: Store, keys: Keys, why: str, who: str, patience: str = purge.SHORT, *, at_once: bool = True
) -> DenyResult:
    """Add keys to the list and purge their rows from every copy.

    When this returns, the rows have left the tables, and with ``at_once`` every copy; else a job purges the copies,
    since a page should not wait until files are built. Where a run of a dataset is under way, the call waits for
    ``patience``, such as ``3s``; after that the purge follows at the end of the run, which does not publish the rows
    any more. Raises DenyError for an unknown reason.
    """
    _check(why)
    at, names = datetime.now(UTC), affected_datasets(keys)
    lines = _events(keys, at, why, denied=True)
    changed = store.privacy.deny(keys, why, who, at, names, lambda: deny_file.append(list_path(), lines))
    work = purge_now if at_once else purge_later
    return DenyResult(changed, tuple(name for name in names if not work(store, name, patience)))


def purge_now(store: Store, dataset: str, patience: str = purge.SHORT) -> bool:
    """Do the pending purges of ``dataset``, and update files and catalogue; return whether all of it was done.

    Where it was not, a run is under way, and the purges stay pending until it has ended.
    """
    profile = publish.profile_of(dataset)
    removed = purge.remove(store, dataset, profile.time_zone, patience)
    publish.publish(dataset, profile)
    return removed and not store.privacy.purges(dataset)


def purge_later(store: Store, dataset: str, patience: str = purge.SHORT) -> bool:
    """Remove the rows from the table, and leave the copies to a job; return False where a run under way prevents it.

    Where the job cannot be queued, the next tick does its work.
    """
    removed = purge.remove(store, dataset, publish.profile_of(dataset).time_zone, patience)
    try:
        tk.enqueue_job(purge_job, [dataset], title=f"purge of {dataset}")
    except RedisError:
        log.warning("the copies of %s are left to the next tick", dataset)
    return removed


def purge_job(dataset: str) -> None:
    """Do the pending purges of ``dataset``; the function of the background job."""
    with config.store() as store:
        purge_now(store, dataset)


def lift(store: Store, keys: Keys, why: str, who: str) -> DenyResult:
    """Remove keys from the list; their rows come back with the next run of their feed.

    Raises DenyError for an unknown reason.
    """
    _check(why)
    changed = store.privacy.release(keys, why, who)
    deny_file.append(list_path(), _events(keys, datetime.now(UTC), why, denied=False))
    return DenyResult(changed)


def replay(store: Store) -> int:
    """Merge the list of the database with that of the file, after a restore of either; return how many keys changed.

    A key that is denied in either is denied in both, unless the file has a later line that lifts it.
    """
    listed = {(denied_record.dataset, denied_record.key): denied_record for denied_record in store.privacy.listed()}
    events = deny_file.latest(list_path())
    tables = {table.name for table in config.library().tables}
    unlisted = (event for key, event in events.items() if key not in listed)
    missing = [event for event in unlisted if event.denied and event.dataset in tables]
    outdated = (event for key, event in events.items() if key in listed and listed[key].since < event.at)
    lifted = [event for event in outdated if not event.denied]
    unwritten = [record for key, record in listed.items() if key not in events]
    for why in dict.fromkeys(event.why for event in missing):
        keys = _keys(event for event in missing if event.why == why)
        store.privacy.deny(keys, why, "restore", datetime.now(UTC), affected_datasets(keys), lambda: None, "replay")
    if lifted:
        store.privacy.release(_keys(lifted), "other", "restore", "replay")
    deny_file.append(
        list_path(),
        [Event(record.since, True, record.dataset, record.key, record.why) for record in unwritten],
    )
    for name in affected_datasets({event.dataset for event in missing}):
        purge.remove(store, name, publish.profile_of(name).time_zone, purge.LONG)
    return len(missing) + len(lifted)


def _check(why: str) -> None:
    if why not in REASONS:
        raise DenyError(Said("no such reason; there are {reasons}", reasons=", ".join(REASONS)))


def _events(keys: Keys, at: datetime, why: str, *, denied: bool) -> list[Event]:
    return [Event(at, denied, dataset, key, why) for dataset, members in keys.items() for key in members]


def _keys(events: Iterable[Event]) -> Mapping[str, Sequence[int]]:
    grouped: dict[str, list[int]] = {}
    for event in events:
        grouped.setdefault(event.dataset, []).append(event.key)
    return grouped

"""Denying records: who asks gives numbers, and from there on there are only keyed hashes of them.

The list stands in the database and in a file of the private folder. A key goes into the file before the database takes
it, and a release after: whatever is cut short leaves more denied than was asked, never less.
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
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.pipeline import publish, purge
from ckanext.cpdi.rows import record_keys
from ckanext.cpdi.store import Store
from ckanext.cpdi.store.privacy.privacy import Keys

log = logging.getLogger(__name__)


class DenyError(PortalError, ValueError):
    """What is asked for cannot be done; the message repeats no number."""


@dataclass(frozen=True)
class Preview:
    """What denying would reach: ``given`` different numbers, and by dataset the rows of its table that would go.

    ``keys`` are the numbers as the list has them, ``listed`` how many of these are on it.
    """

    given: int
    hits: dict[str, int]
    keys: Keys
    listed: int


@dataclass(frozen=True)
class Done:
    """What was done: how many keys the list gained or lost, and which datasets a run at work keeps waiting."""

    changed: int
    waiting: tuple[str, ...] = ()


def list_path() -> Path:
    """Return where the file of the list lies."""
    return config.private_path() / "deny.log"


def preview(store: Store, dataset: str, numbers: Iterable[str]) -> Preview:
    """Return what denying records of ``dataset`` would reach.

    Raises KeyError for a dataset that is not declared, DenyError for one without a table, or for no number at all.
    """
    declared = config.library().dataset(dataset)
    if declared.table is None:
        raise DenyError(f"{dataset} has no table of records")
    given = [number for number in numbers if number.strip()]
    owner = declared.table.shares.get(declared.table.key)
    keys = {name: record_keys(config.secret(), name, given).to_list() for name in filter(None, (dataset, owner))}
    if not keys[dataset]:
        raise DenyError("no record number was given; they are read one a line")
    listed = {(one.dataset, one.key) for one in store.privacy.listed()}
    return Preview(
        given=len(keys[dataset]),
        hits=hits(store, keys),
        keys=keys,
        listed=sum((dataset, key) in listed for key in keys[dataset]),
    )


def hits(store: Store, keys: Keys) -> dict[str, int]:
    """Return how many rows of each table that can carry the keys have one of them."""
    return {name: store.privacy.rows_with(name, keys) for name in reached(keys)}


def reached(keys: Iterable[str]) -> list[str]:
    """Return the datasets whose rows can carry record numbers of the datasets ``keys``, each once."""
    return list(dict.fromkeys(one.name for name in keys for one in config.library().sharing(name)))


def deny(store: Store, keys: Keys, why: str, who: str, patience: str = purge.SHORT, *, at_once: bool = True) -> Done:
    """Put keys on the list and purge their rows from every copy.

    The tables are rid of them when this returns, and every copy where it is to be done ``at_once``; else a job does the
    copies, since no page should wait until files are built. A dataset with a run at work is waited for as long as
    ``patience`` says; after that the purge is left to the end of the run, which no longer publishes the rows. Raises
    DenyError for an unknown reason.
    """
    _check(why)
    at, names = datetime.now(UTC), reached(keys)
    lines = _events(keys, at, why, denied=True)
    changed = store.privacy.deny(keys, why, who, at, names, lambda: deny_file.append(list_path(), lines))
    work = purge_now if at_once else purge_later
    return Done(changed, tuple(name for name in names if not work(store, name, patience)))


def purge_now(store: Store, dataset: str, patience: str = purge.SHORT) -> bool:
    """Do what is pending for ``dataset``, and bring files and catalogue up to date; return whether all of it was done.

    Nothing is lost where it was not: a run that is at work ends first.
    """
    profile = publish.profile_of(dataset)
    done = purge.remove(store, dataset, profile.time_zone, patience)
    publish.publish(dataset, profile)
    return done and not store.privacy.purges(dataset)


def purge_later(store: Store, dataset: str, patience: str = purge.SHORT) -> bool:
    """Remove the rows from the table, and leave the copies to a job; return False where a run keeps the rows there.

    Where the job cannot be queued, the next tick does its work.
    """
    done = purge.remove(store, dataset, publish.profile_of(dataset).time_zone, patience)
    try:
        tk.enqueue_job(purge_job, [dataset], title=f"purge of {dataset}")
    except RedisError:
        log.warning("the copies of %s are left to the next tick", dataset)
    return done


def purge_job(dataset: str) -> None:
    """Do what is pending for ``dataset``."""
    with config.store() as store:
        purge_now(store, dataset)


def release(store: Store, keys: Keys, why: str, who: str) -> Done:
    """Take keys off the list: their rows come back with the next run of their feed. Raises DenyError as above."""
    _check(why)
    changed = store.privacy.release(keys, why, who)
    deny_file.append(list_path(), _events(keys, datetime.now(UTC), why, denied=False))
    return Done(changed)


def replay(store: Store) -> int:
    """Make the database's list and the file's one again, after a restore of either; return how many keys changed.

    What was denied in either is denied in both, unless the file says that it was released since.
    """
    known = {(one.dataset, one.key): one for one in store.privacy.listed()}
    told = deny_file.latest(list_path())
    tables = {one.name for one in config.library().tables}
    missing = [one for place, one in told.items() if one.denied and place not in known and one.dataset in tables]
    gone = [one for place, one in told.items() if not one.denied and place in known and known[place].since < one.at]
    unwritten = [one for place, one in known.items() if place not in told]
    for why in dict.fromkeys(one.why for one in missing):
        keys = _keys(one for one in missing if one.why == why)
        store.privacy.deny(keys, why, "restore", datetime.now(UTC), reached(keys), lambda: None, "replay")
    if gone:
        store.privacy.release(_keys(gone), "other", "restore", "replay")
    deny_file.append(list_path(), [Event(one.since, True, one.dataset, one.key, one.why) for one in unwritten])
    for name in reached({one.dataset for one in missing}):
        purge.remove(store, name, publish.profile_of(name).time_zone, purge.LONG)
    return len(missing) + len(gone)


def _check(why: str) -> None:
    if why not in REASONS:
        raise DenyError(f"no such reason; there are {', '.join(REASONS)}")


def _events(keys: Keys, at: datetime, why: str, *, denied: bool) -> list[Event]:
    return [Event(at, denied, dataset, key, why) for dataset, found in keys.items() for key in found]


def _keys(events: Iterable[Event]) -> Mapping[str, Sequence[int]]:
    found: dict[str, list[int]] = {}
    for one in events:
        found.setdefault(one.dataset, []).append(one.key)
    return found

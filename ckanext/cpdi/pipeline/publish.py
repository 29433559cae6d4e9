"""What follows a published run, and heals what a crash left undone: counts, files, frozen years, the catalogue."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from ckanext.cpdi import config
from ckanext.cpdi.declare import Profile, tailored
from ckanext.cpdi.errors import PortalError
from ckanext.cpdi.pipeline import fault


class Behind(PortalError, RuntimeError):
    """The table is up to date, and what follows it is not; the message says what, in words for the staff."""

    covers = True


def publish(dataset: str, profile: Profile) -> tuple[bool, bool]:
    """Bring completeness, files and package of ``dataset`` up to the table's version; cheap where they are.

    Rows that left the table leave the frozen years as well; what must leave every copy leaves it here; a dataset whose
    rules nobody approved is private afterwards. Returns whether a file was built, and whether the package was updated.

    Raises Behind where files or package could not be brought up to date; what was there stays, but for files that hold
    rows which had to go.
    """
    from ckanext.cpdi.catalog.refresh import refresh
    from ckanext.cpdi.pipeline import approval, purge
    from ckanext.cpdi.publish import freeze, snapshot

    declared = tailored(config.library().dataset(dataset), profile.feed(dataset))
    with config.store() as store:
        closed = approval.enforce(store, dataset)
        purge.remove(store, dataset, profile.time_zone)
        store.tables.count_completeness(dataset, declared.rows, profile.time_zone)
        site = config.site(_licence(dataset), profile)
        try:
            with _following(dataset, "files"):
                freeze.purge(config.read_dsn(), dataset, config.files_path())
                built = snapshot.build(
                    config.read_dsn(), declared, profile, config.files_path(), site, only=config.formats()
                )
        except Behind:
            purge.clear(store, dataset)
            raise
        with _following(dataset, "page"):
            refreshed = refresh(dataset, profile)
        purge.finish(store, dataset, profile)
    return bool(built), refreshed or closed


def freeze_years(dataset: str, profile: Profile, *, force: bool = False) -> list[int]:
    """Freeze the closed years of ``dataset`` that are due, or all with ``force``; return those that changed."""
    from ckanext.cpdi.publish import freeze

    day, today = config.freeze_day(), datetime.now(profile.zone).date()
    site = config.site(_licence(dataset), profile)
    declared = tailored(config.library().dataset(dataset), profile.feed(dataset))
    return freeze.freeze(config.read_dsn(), declared, profile, config.files_path(), site, day, today, force=force)


def remember(dataset: str, profile: str) -> None:
    """Keep which profile ``dataset`` was loaded with, also where its rows are as they were."""
    with config.store() as store:
        store.tables.name_profile(dataset, profile)


def profile_of(dataset: str) -> Profile:
    """Return the profile that ``dataset`` was last loaded with; the site's own before the first load."""
    with config.store() as store:
        return config.profile(store.tables.profile(dataset))


@contextmanager
def _following(dataset: str, what: str) -> Generator[None]:
    """Turn whatever goes wrong into Behind, with what of the system or the services is in the way, if that is known."""
    try:
        yield
    except Exception as error:
        reason = _reason(error).rstrip(".") or "the log says why"
        raise Behind(
            f"The table of {dataset} is up to date, but its {what} could not follow: {reason}. Readers have what"
            " was there, unless it holds rows that had to go; every `ckan cpdi tick` tries again."
        ) from error


def _reason(error: Exception) -> str:
    """Return what is in the way; empty where that is not known."""
    if isinstance(error, PortalError):
        return str(error)
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else fault.outside(error)


def _licence(dataset: str) -> str:
    """Return the licence that staff chose for ``dataset``; empty where they chose none that CKAN knows."""
    from ckan import model

    package = model.Package.get(dataset)
    chosen = package.license_id if package is not None else None
    return chosen if chosen and model.Package.get_license_register().get(chosen) else ""

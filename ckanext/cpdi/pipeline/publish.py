"""The work after a published run, also after a crash: completeness, files, frozen years, catalogue."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from ckanext.cpdi import config
from ckanext.cpdi.declare import Profile, tailored
from ckanext.cpdi.errors import PortalError, Said, of_system
from ckanext.cpdi.pipeline import fault


class FollowUpError(PortalError, RuntimeError):
    """The table is up to date, but its files or its page are not; the message says which, for staff."""

    covers = True


def publish(dataset: str, profile: Profile) -> tuple[bool, bool]:
    """Bring completeness, files and package of ``dataset`` up to the table's version; cheap where they are already.

    Rows that left the table also leave the frozen years and every other copy. A dataset without approved rules is
    private afterwards. Returns whether a file was built, and whether the package was updated.

    Raises FollowUpError where files or package could not be updated. The old ones stay, except files with rows that
    had to be removed.
    """
    from ckanext.cpdi.catalog.refresh import refresh
    from ckanext.cpdi.pipeline import approval, place_publication, purge
    from ckanext.cpdi.publish import snapshot
    from ckanext.cpdi.publish.frozen_years import freeze

    declared = tailored(config.library().dataset(dataset), profile.feed(dataset))
    with config.store() as store:
        closed = approval.enforce(store, dataset)
        purge.remove(store, dataset, profile.time_zone)
        store.tables.count_completeness(dataset, declared.rows, profile.time_zone)
        site = config.site(_licence(dataset), profile)
        try:
            with follow_up(Said("The table of {dataset}", dataset=dataset), Said("files")):
                freeze.purge(config.read_dsn(), dataset, config.files_path())
                built = snapshot.build(
                    config.read_dsn(), declared, profile, config.files_path(), site, only=config.formats()
                )
        except FollowUpError:
            purge.clear(store, dataset)
            raise
        with follow_up(Said("The table of {dataset}", dataset=dataset), Said("page")):
            refreshed = refresh(dataset, profile)
        with follow_up(Said("The table of {dataset}", dataset=dataset), Said("places")):
            place_publication.publish(store, config.library().dataset(dataset), profile)
        purge.finish(store, dataset, profile)
    return bool(built), refreshed or closed


def freeze_years(dataset: str, profile: Profile, *, force: bool = False) -> list[int]:
    """Freeze the closed years of ``dataset`` that are due, or all with ``force``; return those that changed."""
    from ckanext.cpdi.publish.frozen_years import freeze

    day, today = config.freeze_day(), datetime.now(profile.zone).date()
    site = config.site(_licence(dataset), profile)
    declared = tailored(config.library().dataset(dataset), profile.feed(dataset))
    return freeze.freeze(config.read_dsn(), declared, profile, config.files_path(), site, day, today, force=force)


def remember_profile(dataset: str, profile: str) -> None:
    """Store the name of the profile that ``dataset`` was loaded with, also where no row changed."""
    with config.store() as store:
        store.tables.name_profile(dataset, profile)


def profile_of(dataset: str) -> Profile:
    """Return the profile that ``dataset`` was last loaded with; the site's own before the first load."""
    with config.store() as store:
        return config.profile(store.tables.profile(dataset))


@contextmanager
def follow_up(subject: str, part: str) -> Generator[None]:
    """Turn any exception into a FollowUpError that names the failed service or part of the system, if it is known."""
    try:
        yield
    except Exception as error:
        reason = _reason(error) or Said("the log says why")
        raise FollowUpError(
            Said(
                "Every `ckan cpdi tick` tries again; until then readers have what was there, unless it holds rows "
                "that had to go. {subject} is up to date, but its {part} could not follow: {reason}",
                subject=subject,
                part=part,
                reason=reason,
            )
        ) from error


def _reason(error: Exception) -> str:
    """Return the reason of a failure; an empty string where it is not known."""
    if isinstance(error, PortalError):
        return error.said
    return of_system(error) if isinstance(error, OSError) and error.errno else fault.outside(error)


def _licence(dataset: str) -> str:
    """Return the id of the licence that staff chose for ``dataset``; an empty string where CKAN knows none such."""
    from ckan import model

    package = model.Package.get(config.library().owner(dataset))
    licence_id = package.license_id if package is not None else None
    return licence_id if licence_id and model.Package.get_license_register().get(licence_id) else ""

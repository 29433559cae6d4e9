"""From a feed's location to a spool file: the one entry to fetching."""

from __future__ import annotations

import os
from pathlib import Path

from ckanext.cpdi.errors import Said, of_system
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.files.spool import DEFAULT_LIMIT, Spool, check_size, digest, sweep
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.protocols import protocol_of


def check_location(location: str) -> None:
    """Raise FeedError (refused), in staff's words, for a location that no protocol can fetch from."""
    protocol_of(location)


def fetch(location: str, settings: FetchSettings, previous: Version | None = None) -> Spool:
    """Return the feed at ``location`` as a spool, which the caller has to delete (it is a context manager).

    The forms of a location are in :mod:`ckanext.cpdi.feeds.protocols`. ``previous`` is what an earlier run fetched from
    this location. Raises Unchanged where the source still has that file; FeedError where the feed cannot be fetched
    completely and safely. Spool files that killed processes left behind are removed first.
    """
    sweep(settings.spool_dir)
    return protocol_of(location).fetch(location, settings, previous)


def local(path: Path, limit: int = DEFAULT_LIMIT, previous: Version | None = None) -> Spool:
    """Return a file that the operator names as a spool that is read in place and never deleted.

    Raises Unchanged where its content is that of ``previous``; FeedError (missing) where it cannot be read, too_large
    beyond ``limit`` bytes.
    """
    try:
        with path.open("rb") as file:
            check_size(os.fstat(file.fileno()).st_size, limit)
            sha256, size = digest(file)
    except OSError as error:
        raise FeedError(
            "missing", Said("The file {name} cannot be read: {strerror}.", name=path.name, strerror=of_system(error))
        ) from error
    if previous and previous.sha256 == sha256:
        raise Unchanged
    return Spool(path, Version(path.name, sha256, size), limit)

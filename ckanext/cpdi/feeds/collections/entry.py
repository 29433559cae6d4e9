"""One file of a collection, and how it is brought here."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.files.version import Version

MOST = 5_000
"""Files of a collection at most."""

Fetch = Callable[[Version | None, Container[str]], Spool | str]


@dataclass(frozen=True)
class Entry:
    """A file called ``name``.

    ``address`` tells it from all other files of all places, and with it what was known of it by an earlier run; empty
    where that proves nothing, since somebody can put another file there. ``fetch`` takes the version that an earlier
    run brought from there, and the checksums that are known: it returns the file as a spool, or only its checksum where
    that is known. It raises Unchanged where the place still has that version, and FeedError.
    """

    name: str
    fetch: Fetch
    address: str = ""

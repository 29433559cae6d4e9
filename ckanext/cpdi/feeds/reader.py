"""From a spool file to its reader, chosen by what the file holds."""

from __future__ import annotations

import re

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds.batch import Batch, Reader
from ckanext.cpdi.feeds.encoding import survey
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.readers.arcgis import SUFFIX, ArcgisReader
from ckanext.cpdi.feeds.readers.csv import CsvReader
from ckanext.cpdi.feeds.readers.json import JsonReader
from ckanext.cpdi.feeds.spool import Spool
from ckanext.cpdi.feeds.unpack import unpacked

__all__ = ["Batch", "Reader", "open_feed"]

_MARKUP = re.compile(rb"\s*<(?:!doctype|html|head|body|title|meta|script|\?xml|!--|[a-z0-9:]+[ >])", re.IGNORECASE)


def open_feed(spool: Spool, feed: Feed) -> Reader:
    """Return the reader for a feed, having read the file once from end to end.

    Raises FeedError in staff's words: empty, html, answer (an error message in JSON), truncated, encoding, archive,
    header, reference, too_large, unreadable, missing, changed.
    """
    if spool.name.endswith(SUFFIX):
        return ArcgisReader(spool)
    with unpacked(spool) as blocks:
        found = survey(blocks, feed.encoding)
    start = found.head.lstrip()[:1]
    if _MARKUP.match(found.head):
        raise FeedError("html", "The feed is a web page (or XML), not a table. Its address may need a sign-in.")
    if start in (b"{", b"["):
        return JsonReader(spool, feed, found)
    return CsvReader(spool, feed, found)

"""Feeds: from the place where a department leaves its exports to batches of text columns.

In: a location (see ``protocols``, or a local file) and how the profile says the feed is written. Out: headers,
batches, and the rows that could not be read; or a :class:`FeedError` in words for staff. Nothing in a feed is trusted.
"""

from ckanext.cpdi.feeds.batch import LINE, Reader, TextBatch
from ckanext.cpdi.feeds.errors import FeedError, Unchanged
from ckanext.cpdi.feeds.fetch import check_location, fetch, local
from ckanext.cpdi.feeds.files.spool import Spool, sweep
from ckanext.cpdi.feeds.files.version import Version
from ckanext.cpdi.feeds.network.settings import FetchSettings
from ckanext.cpdi.feeds.protocol import origin_of
from ckanext.cpdi.feeds.reader import open_feed

__all__ = [
    "LINE",
    "FeedError",
    "FetchSettings",
    "Reader",
    "Spool",
    "TextBatch",
    "Unchanged",
    "Version",
    "check_location",
    "fetch",
    "local",
    "open_feed",
    "origin_of",
    "sweep",
]

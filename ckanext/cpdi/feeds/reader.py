"""From a spool file to its reader, chosen by the file's content, and what profiles may say to readers."""

from __future__ import annotations

from pathlib import Path

from ckanext.cpdi.declare import DeclarationError, Feed, Profile
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.declare.reading.read import convert
from ckanext.cpdi.feeds.batch import Reader, TextBatch
from ckanext.cpdi.feeds.columns.making import MakingReader
from ckanext.cpdi.feeds.copies import NumberedReader
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.files.spool import Spool
from ckanext.cpdi.feeds.grouping import GroupingReader
from ckanext.cpdi.feeds.opening import Opening
from ckanext.cpdi.feeds.readers import readers

__all__ = ["Reader", "TextBatch", "open_feed"]


def open_feed(spool: Spool, feed: Feed) -> Reader:
    """Return the reader for a feed; the file is read once from end to end.

    Raises FeedError in staff's words: empty, html, answer (an error message in JSON), truncated, encoding, archive,
    header, reference, too_large, unreadable, missing, changed.
    """
    opening = Opening(spool, feed)
    for kind in readers().values():
        if kind.takes(opening):
            return _shaped(kind.open(opening), opening)
    raise FeedError("html", "The feed is a web page (or XML), not a table. Its address may need a sign-in.")


def _shaped(reader: Reader, opening: Opening) -> Reader:
    """Return the reader with what the profile makes of its rows; the reader itself where that is nothing."""
    feed = opening.feed
    if feed.columns:
        reader = MakingReader(reader, feed.columns, feed.nulls)
    if feed.key.is_numbered:
        reader = NumberedReader(reader, feed.key.columns)
    if feed.collapse.by:
        reader = GroupingReader(reader, feed.collapse.by, opening.spool)
    return reader


def check_options(profile: Profile, path: Path) -> None:
    """Raise DeclarationError, with its place in ``path``, for an unknown reader or option, or a wrong value."""
    for name, feed in profile.datasets.items():
        for reader, options in feed.options.items():
            if reader not in readers():
                raise DeclarationError(path, f"datasets.{name}.options: {unknown(reader, readers())}")
            convert(options, readers()[reader].options, path, ("datasets", name, "options", reader))

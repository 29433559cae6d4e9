"""The formats of feeds, one a module. To add one, write one file here that defines its :class:`FeedFormat`."""

from __future__ import annotations

from ckanext.cpdi.feeds.opening import FeedFormat
from ckanext.cpdi.registry import Registry

_READERS = Registry("readers", FeedFormat, __name__)


def readers() -> Registry[FeedFormat]:
    """Return every format of feeds by its name, in the order in which a feed is offered to them."""
    return _READERS

"""The ways to fetch a feed, one a module. To add one, write one file here that defines its :class:`Protocol`."""

from __future__ import annotations

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.protocol import Protocol
from ckanext.cpdi.registry import Registry

_PROTOCOLS = Registry("protocols", Protocol, __name__, required=("example",))


def protocols() -> Registry[Protocol]:
    """Return every protocol by its name, in the order in which a location is offered to them."""
    return _PROTOCOLS


def protocol_of(location: str) -> Protocol:
    """Return the protocol that takes ``location``, having checked it; raise FeedError (refused) where there is none."""
    for protocol in protocols().values():
        if protocol.takes(location):
            protocol.check(location)
            return protocol
    examples = ", ".join(protocol.example for protocol in protocols().values())
    raise FeedError("refused", Said("This is no address that a feed can have. Such are: {examples}", examples=examples))

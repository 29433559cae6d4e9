"""The ways to a feed, one a module. To add one, write one file here that defines its :class:`Protocol`."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from inspect import getmembers, isabstract, isclass

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.protocol import Protocol


@cache
def protocols() -> tuple[Protocol, ...]:
    """Return every protocol, in the order in which a location is offered to them."""
    found: list[Protocol] = []
    for module in pkgutil.iter_modules(__path__):
        name = f"{__name__}.{module.name}"
        for _, one in getmembers(importlib.import_module(name), isclass):
            if one.__module__ == name and issubclass(one, Protocol) and not isabstract(one):
                found.append(one())
    return tuple(sorted(found, key=lambda protocol: protocol.order))


def protocol_of(location: str) -> Protocol:
    """Return the protocol that takes ``location``, having checked it; raise FeedError (refused) where there is none."""
    for one in protocols():
        if one.takes(location):
            one.check(location)
            return one
    examples = ", ".join(one.example for one in protocols())
    raise FeedError("refused", f"This is no address that a feed can have. Such are: {examples}")

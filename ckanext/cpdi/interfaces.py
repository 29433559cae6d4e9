"""How another extension adds to the portal: it implements :class:`ICpdi`; docs/extending.md has an example of each.

What is added is held to the same base as what ships, and is refused when the portal starts where it does not fulfil it
or takes a name that is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ckan.plugins import PluginImplementations
from ckan.plugins.interfaces import Interface
from flask import Blueprint

from ckanext.cpdi import registry

if TYPE_CHECKING:
    from ckanext.cpdi.feeds.opening import FeedFormat
    from ckanext.cpdi.feeds.protocol import Protocol
    from ckanext.cpdi.pipeline.check import Check
    from ckanext.cpdi.publish.format import Format
    from ckanext.cpdi.rows.derived import Derived


class ICpdi(Interface):
    """Add formats, readers, protocols, derived columns, checks, services and views.

    Import within the methods: they are called when something is needed, and CKAN's start stays light.
    """

    def cpdi_formats(self) -> list[type[Format]]:
        """Return formats of downloads: each table has a file in it, at ``/data/DATASET.EXTENSION``."""
        return []

    def cpdi_readers(self) -> list[type[FeedFormat]]:
        """Return formats of feeds: each feed is offered to them, in their order."""
        return []

    def cpdi_protocols(self) -> list[type[Protocol]]:
        """Return ways to a feed: each location is offered to them, in their order."""
        return []

    def cpdi_derived(self) -> list[type[Derived]]:
        """Return groups of derived columns: a field takes one by ``cpdi:from``."""
        return []

    def cpdi_checks(self) -> list[type[Check]]:
        """Return checks: each run is shown to them before its commit."""
        return []

    def cpdi_services(self) -> list[Blueprint]:
        """Return blueprints of what machines call; ``services.http.headers`` says how long an answer may be kept."""
        return []

    def cpdi_views(self) -> list[Blueprint]:
        """Return blueprints of what people see."""
        return []


def begin() -> None:
    """Let the core ask here for what other extensions add."""
    registry.ask(added)


def blueprints() -> list[Blueprint]:
    """Return pages and services, ours and those of others; raise ExtensionError where one does not fit."""
    from ckanext.cpdi.services import services
    from ckanext.cpdi.site import views

    return [*views().values(), *services().values()]


def check() -> None:
    """Raise ExtensionError where other extensions add what does not fit; called when CKAN starts.

    Only then are the libraries of feeds and files loaded at the start: our own modules are held by tests.
    """
    if not list(PluginImplementations(ICpdi)):
        return
    from ckanext.cpdi.feeds import protocols, readers
    from ckanext.cpdi.pipeline import checks
    from ckanext.cpdi.publish import formats
    from ckanext.cpdi.rows import derive

    for kind in (
        formats.formats(),
        readers.readers(),
        protocols.protocols(),
        derive.groups(),
        checks.checks(),
    ):
        len(kind)


def added(kind: str) -> Iterable[object]:
    """Yield what other extensions add of a kind, such as ``formats``, in the order of ``ckan.plugins``."""
    for plugin in PluginImplementations(ICpdi):
        yield from getattr(plugin, f"cpdi_{kind}")()

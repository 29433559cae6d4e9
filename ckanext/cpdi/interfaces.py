"""The plugin interface :class:`ICpdi`, by which another extension adds to the portal; see docs/extending.md.

An addition has the same base class as our own members. It is refused when the portal starts if it does not fulfil the
base, or has the name of another member.
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

    Import within the methods: they are called only when they are needed, so that CKAN starts quickly.
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
        """Return blueprints for machines; ``services.http.headers`` sets how long an answer may be cached."""
        return []

    def cpdi_views(self) -> list[Blueprint]:
        """Return blueprints of pages for people."""
        return []


def begin() -> None:
    """Register this module as the source of other extensions' additions."""
    registry.ask(added)


def blueprints() -> list[Blueprint]:
    """Return all pages and services, also those of other extensions; raise ExtensionError for an invalid one."""
    from ckanext.cpdi.services import services
    from ckanext.cpdi.site import views

    return [*views().values(), *services().values()]


def check() -> None:
    """Raise ExtensionError for an invalid addition of another extension; called when CKAN starts.

    Only where there are additions are the libraries of feeds and files loaded at the start: tests check our own.
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
    """Yield the additions of a kind, such as ``formats``, in the order of ``ckan.plugins``."""
    for plugin in PluginImplementations(ICpdi):
        yield from getattr(plugin, f"cpdi_{kind}")()

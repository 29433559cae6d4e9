"""Whose harvest sources may fill the department's tables: the department's own, wherever their feed lies.

A source belongs to the organization of its dataset of type ``harvest``, whose editors may change it. So one that
belongs to another organization fills no table, and reads no file of the drop folder.
"""

from __future__ import annotations

from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.jobs.source import SourceError

FOREIGN = (
    "this source fills a table of the department, so it has to belong to the organization that publishes it"
    " (ckanext.cpdi.organization)"
)


def check_owner(organization: str | None) -> None:
    """Raise SourceError unless ``organization``, an id or a name, is the one that publishes the tables."""
    found = model.Group.get(organization) if organization else None
    if found is None or found.state != "active" or found.name != config.organization():
        raise SourceError(FOREIGN)


def check_source(source_id: str) -> None:
    """Raise SourceError unless the source is there, and belongs to the organization that publishes the tables."""
    found = model.Package.get(source_id)
    check_owner(found.owner_org if found is not None and found.state == "active" else None)

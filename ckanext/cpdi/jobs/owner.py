"""Only harvest sources of the department itself may fill its tables, wherever their feed is.

A source belongs to the organization of its dataset of type ``harvest``, whose editors may change it. So a source of
another organization fills no table, and reads no file of the drop folder.
"""

from __future__ import annotations

from ckan import model

from ckanext.cpdi import config
from ckanext.cpdi.errors import Said
from ckanext.cpdi.jobs.source import SourceError

FOREIGN = Said(
    "this source fills a table of the department, so it has to belong to the organization that publishes it"
    " (ckanext.cpdi.organization)"
)


def check_owner(organization: str | None) -> None:
    """Raise SourceError unless ``organization``, an id or a name, is the one that publishes the tables."""
    group = model.Group.get(organization) if organization else None
    if group is None or group.state != "active" or group.name != config.organization():
        raise SourceError(FOREIGN)


def check_source(source_id: str) -> None:
    """Raise SourceError unless the source exists and belongs to the organization that publishes the tables."""
    package = model.Package.get(source_id)
    check_owner(package.owner_org if package is not None and package.state == "active" else None)

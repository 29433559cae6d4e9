"""What is raised when a feed's header does not fit the declarations."""

from __future__ import annotations

from ckanext.cpdi.errors import PortalError


class HeaderError(PortalError, ValueError):
    """The feed's header cannot be used; the message is for staff and says which column is meant."""

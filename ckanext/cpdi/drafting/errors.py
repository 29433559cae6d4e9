"""What cannot be drafted."""

from __future__ import annotations

from ckanext.cpdi.errors import PortalError


class DraftError(PortalError, ValueError):
    """A file cannot be drafted from; the message is for whoever asked for it and names no cell."""

"""What services raise where a table cannot be read now; each has its HTTP status in ``services/http/statuses.py``."""

from __future__ import annotations

from ckanext.cpdi.errors import PortalError


class NoRowsError(PortalError, LookupError):
    """The table has not been built yet."""


class BusyError(PortalError, RuntimeError):
    """All connections are in use, and none became free in time."""


class TooSlowError(PortalError, RuntimeError):
    """The question took longer than questions may."""


class TooManyRowsError(PortalError, ValueError):
    """The question has more rows than one answer may; the message says what else there is."""

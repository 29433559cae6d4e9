"""The base of our exceptions: the message can be shown to staff as it is."""

from __future__ import annotations


class PortalError(Exception):
    """An expected error. The message is for staff: it has no SQL, no address of a service and no value of a row.

    ``covers`` is True where the message leaves out the cause, which should then be logged.
    """

    covers = False

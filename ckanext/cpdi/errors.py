"""What every exception of ours has in common: its message can be shown to staff as it is."""

from __future__ import annotations


class PortalError(Exception):
    """Something that the portal foresaw. The message is for staff: no SQL, no address of a service, no value of a row.

    ``covers`` says that the message leaves out a cause which the log should have.
    """

    covers = False

"""What is raised when a feed cannot be had or cannot be read, in words for the department's staff."""

from __future__ import annotations

from typing import Literal

from ckanext.cpdi.errors import PortalError

Code = Literal[
    "missing",
    "refused",
    "status",
    "timeout",
    "unreachable",
    "too_large",
    "no_room",
    "changed",
    "empty",
    "html",
    "answer",
    "truncated",
    "encoding",
    "archive",
    "header",
    "reference",
    "unreadable",
]


class FeedError(PortalError):
    """A feed is of no use; nothing of it may be loaded.

    ``code`` is for programs, the message for staff. A message holds no credentials, no query of a URL and nothing of
    what stands in the feed's cells, since it is shown on pages and written to logs.
    """

    def __init__(self, code: Code, message: str) -> None:
        """Keep both."""
        self.code: Code = code
        self.message = message
        super().__init__(message)


class Unchanged(Exception):
    """The feed is the one that the caller already knows, so nothing was fetched."""

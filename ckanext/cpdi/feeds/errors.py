"""Errors of fetching and reading a feed, in words for the department's staff."""

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
    """A feed cannot be used; nothing of it may be loaded.

    ``code`` is for programs, the message for staff. A message holds no credentials, no query of a URL and no cell of
    the feed, since it is shown on pages and written to logs.
    """

    def __init__(self, code: Code, message: str) -> None:
        """Keep both."""
        self.code: Code = code
        self.message = message
        super().__init__(message)


class Unchanged(Exception):
    """The feed has not changed since the version that the caller named, so nothing was fetched."""

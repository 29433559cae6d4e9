"""Errors that pages and services raise; :mod:`.statuses` has the HTTP status of each."""

from __future__ import annotations


class TooLargeError(ValueError):
    """A request is beyond a limit; the message names it."""


class LedgerDown(RuntimeError):
    """The database does not answer, or has no views yet."""

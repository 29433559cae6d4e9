"""What pages and services raise by themselves; :mod:`.statuses` says which status each means."""

from __future__ import annotations


class TooLargeError(ValueError):
    """The question is larger than is answered; the message says in what, and what is."""


class LedgerDown(RuntimeError):
    """The database does not answer, or has no views yet."""

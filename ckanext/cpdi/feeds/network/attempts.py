"""Retries an action after a transient fault, within one deadline."""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from typing import TypeVar

from ckanext.cpdi.feeds.errors import FeedError
from ckanext.cpdi.feeds.network.deadline import Deadline
from ckanext.cpdi.feeds.network.settings import FetchSettings

_LONGEST_PAUSE = 60.0

T = TypeVar("T")


class TransientError(Exception):
    """A fault that may not recur: ``error`` is raised if it does; ``wait`` are seconds that the server asked for."""

    def __init__(self, error: FeedError, wait: float | None = None) -> None:
        """Keep both."""
        self.error = error
        self.wait = wait
        super().__init__(error.message)


def attempt(action: Callable[[], T], settings: FetchSettings, deadline: Deadline) -> T:
    """Return what ``action`` returns, retried after each TransientError as the settings say.

    Raises the FeedError of the last attempt, or at once where the server asks to wait beyond the deadline.
    """
    for number in itertools.count(1):  # pragma: no branch
        try:
            return action()
        except TransientError as fault:
            pause = _pause(settings.backoff_seconds, number) if fault.wait is None else fault.wait
            if number >= settings.attempts or pause >= deadline.remaining():
                raise fault.error from None
            time.sleep(pause)
    raise AssertionError  # the loop has no end


def _pause(backoff_seconds: float, number: int) -> float:
    """Return the seconds before attempt ``number`` + 1: doubled each time, with random jitter."""
    longest = min(backoff_seconds * 2 ** (number - 1), _LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311  no secret

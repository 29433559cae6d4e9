"""Tries again what failed by a fault that may pass, within one deadline."""

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


class PassingError(Exception):
    """A fault that may be gone at the next attempt: ``error`` if it is not, ``wait`` seconds if the server said."""

    def __init__(self, error: FeedError, wait: float | None = None) -> None:
        """Keep both."""
        self.error = error
        self.wait = wait
        super().__init__(error.message)


def attempt(action: Callable[[], T], settings: FetchSettings, deadline: Deadline) -> T:
    """Return what ``action`` returns, tried again after each PassingError as the settings say.

    Raises the FeedError of the last attempt, or at once where the server asks for more patience than is left.
    """
    for number in itertools.count(1):  # pragma: no branch
        try:
            return action()
        except PassingError as fault:
            pause = _pause(settings.backoff_seconds, number) if fault.wait is None else fault.wait
            if number >= settings.attempts or pause >= deadline.left():
                raise fault.error from None
            time.sleep(pause)
    raise AssertionError  # the loop has no end


def _pause(backoff_seconds: float, number: int) -> float:
    """Return the seconds before attempt ``number`` + 1: doubled each time, and spread against a rush."""
    longest = min(backoff_seconds * 2 ** (number - 1), _LONGEST_PAUSE)
    return longest * random.uniform(0.5, 1)  # noqa: S311  no secret

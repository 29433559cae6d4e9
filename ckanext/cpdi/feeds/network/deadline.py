"""One deadline for all that fetching a feed takes, held also against a server that sends a byte now and then."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from ckanext.cpdi.feeds.errors import FeedError


class Deadline:
    """Counts down from its creation; as a context manager it cuts the guarded connection when the time is up.

    A socket's own timeout starts anew with each byte that comes, so a slow sender could hold a run for ever.
    """

    def __init__(self, seconds: float) -> None:
        """Begin to count."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._guarded: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        """Start the clock that cuts."""
        self._timer.start()
        return self

    def __exit__(self, *raised: object) -> None:
        """Stop the clock."""
        self._timer.cancel()
        self.guard(None)

    def left(self) -> float:
        """Return the seconds that are left; raise FeedError (timeout) where there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.error()
        return left

    def error(self) -> FeedError:
        """Return the error that says that time is up."""
        return FeedError("timeout", f"The feed was not complete after {self.seconds:g} seconds.")

    def guard(self, connection: socket.socket | None) -> None:
        """Cut ``connection`` when the time is up, in place of the one guarded before."""
        with self._lock:
            if self._guarded is not None:
                self._guarded.close()
            # A duplicate, since TLS takes the socket that it wraps away from its first owner.
            self._guarded = connection.dup() if connection is not None else None

    def _cut(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._guarded is not None:
                self._guarded.shutdown(socket.SHUT_RDWR)

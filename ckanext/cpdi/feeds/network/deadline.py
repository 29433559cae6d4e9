"""One deadline for fetching a feed, which also stops a server that sends a byte now and then."""

from __future__ import annotations

import contextlib
import socket
import threading
import time

from ckanext.cpdi.errors import Said
from ckanext.cpdi.feeds.errors import FeedError


class Deadline:
    """Counts down from its creation; as a context manager it shuts the watched connection when the time is up.

    A socket's own timeout starts anew with each byte that comes, so a slow sender could hold a run for ever.
    """

    def __init__(self, seconds: float) -> None:
        """Set the deadline ``seconds`` from now."""
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._watched: socket.socket | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> Deadline:
        """Start the timer that shuts the connection."""
        self._timer.start()
        return self

    def __exit__(self, *raised: object) -> None:
        """Stop the timer."""
        self._timer.cancel()
        self.watch(None)

    def remaining(self) -> float:
        """Return the remaining seconds; raise FeedError (timeout) where there are none."""
        seconds = self._end - time.monotonic()
        if seconds <= 0:
            raise self.error()
        return seconds

    def error(self) -> FeedError:
        """Return the error of a deadline that has passed."""
        return FeedError("timeout", Said("The feed was not complete after {seconds:g} seconds.", seconds=self.seconds))

    def watch(self, connection: socket.socket | None) -> None:
        """Shut ``connection`` when the time is up, in place of the one watched before; None watches nothing."""
        with self._lock:
            if self._watched is not None:
                self._watched.close()
            # A duplicate, since TLS takes the socket that it wraps away from its first owner.
            self._watched = connection.dup() if connection is not None else None

    def _cut(self) -> None:
        with self._lock, contextlib.suppress(OSError):
            if self._watched is not None:
                self._watched.shutdown(socket.SHUT_RDWR)

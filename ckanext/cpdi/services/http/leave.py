"""A query ends with its client: who closes the connection has what the database does for it cancelled.

In: a request under gunicorn, whose socket the server hands on, and the connection that answers it. One thread of the
process watches the sockets of all questions at work; it sleeps in the system until one is closed. The web server in
front closes its connection when the reader closes theirs.
"""

from __future__ import annotations

import os
import select
import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg
from flask import has_request_context, request

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

_HUNG_UP = select.POLLRDHUP | select.POLLHUP | select.POLLERR


@contextmanager
def cancelled_with_client(connection: Connection) -> Generator[None]:
    """Cancel what ``connection`` does in the block when the client of this request goes away."""
    client = request.environ.get("gunicorn.socket") if has_request_context() else None
    if not isinstance(client, socket.socket):
        yield
        return
    with _watch().watched(client.fileno(), connection):
        yield


class _Watch:
    """The sockets of clients that wait for an answer, each with the connection that makes it."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._at_work: dict[int, Connection] = {}
        self._lock = threading.Lock()
        self._bell, ring = os.pipe()
        self._ring = ring
        self._poll.register(self._bell, select.POLLIN)
        threading.Thread(target=self._run, name="cpdi-leave", daemon=True).start()

    @contextmanager
    def watched(self, client: int, connection: Connection) -> Generator[None]:
        with self._lock:
            self._at_work[client] = connection
            self._poll.register(client, _HUNG_UP)
        os.write(self._ring, b".")  # a poll that sleeps does not see what is registered meanwhile
        try:
            yield
        finally:
            with self._lock:
                self._at_work.pop(client, None)
                with suppress(KeyError):
                    self._poll.unregister(client)
            os.write(self._ring, b".")  # one that sleeps on a socket keeps it open after the server has closed it

    def _run(self) -> None:
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._bell:
                    os.read(self._bell, 4096)
                else:
                    self._cancel(descriptor)

    def _cancel(self, client: int) -> None:
        """Cancel the query of ``client``, under the lock: the connection may serve another one afterwards."""
        with self._lock:
            connection = self._at_work.pop(client, None)
            with suppress(KeyError, OSError):
                self._poll.unregister(client)
            if connection is not None:
                with suppress(psycopg.Error):
                    connection.cancel_safe(timeout=5)


_watches: dict[int, _Watch] = {}
_making = threading.Lock()


def _watch() -> _Watch:
    """Return the watch of this process; one that was forked makes its own."""
    with _making:
        if os.getpid() not in _watches:
            _watches[os.getpid()] = _Watch()
        return _watches[os.getpid()]

"""A stretch of network between a client and a server, which breaks or dries up as told."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator


class Relay:
    """Passes on what both sides say; after ``most`` bytes from the server it cuts the line, or ``stalls``.

    ``times`` is how many connections that happens to, all where it is None.
    """

    def __init__(self, port: int) -> None:
        self._to = port
        self.most: int | None = None
        self.stalls = False
        self.times: int | None = None
        self.connections = 0
        self.port = 0
        self._open: list[socket.socket] = []
        self._flows = threading.Event()
        self._flows.set()
        self.back()

    def back(self) -> None:
        """Take connections, on the port that clients know."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def away(self) -> None:
        """Cut all connections and refuse new ones, as a server that has stopped."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        while self._open:
            with contextlib.suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def dry_up(self) -> None:
        """Pass nothing on any more, and say nothing of it, as a network that lost its way."""
        self._flows.clear()

    close = away

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.connections += 1
                limited = self.times is None or self.connections <= self.times
                server = socket.create_connection(("127.0.0.1", self._to))
                self._open += [client, server]
                threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(server, client, limited), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, limited: bool) -> None:
        passed = 0
        with contextlib.suppress(OSError):
            while block := source.recv(1 << 14):
                self._flows.wait()
                passed += len(block)
                if limited and self.most is not None and passed > self.most:
                    if self.stalls:
                        time.sleep(30)
                    break
                target.sendall(block)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def relay(port: int) -> Iterator[Relay]:
    made = Relay(port)
    try:
        yield made
    finally:
        made.close()

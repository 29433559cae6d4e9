"""Real servers on the loopback that answer, or misbehave, as told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Handle = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the test's own function answers it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append(self)
        self.server.handle_with(self)

    do_POST = do_GET

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Answer with a body of known length; an underscore in a header's name stands for a hyphen."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.head(**headers)
        self.wfile.write(body)

    def head(self, **headers: str) -> None:
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """A server on a free port of the loopback."""

    daemon_threads = True

    def __init__(self, handle_with: Handle) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.handle_with = handle_with
        self.seen: list[Request] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing where a client goes away, as it is meant to in these tests."""


@contextmanager
def serving(handle: Handle) -> Iterator[Server]:
    with Server(handle) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()

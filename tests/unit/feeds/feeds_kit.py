"""Feeds as files, and real servers on the loopback that misbehave as told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import polars as pl

from ckanext.cpdi.declare import Feed
from ckanext.cpdi.feeds import Spool, local, open_feed
from ckanext.cpdi.feeds.spool import DEFAULT_LIMIT

Handle = Callable[["Request"], None]


class Request(BaseHTTPRequestHandler):
    """One request; the test's own function answers it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        self.server.seen.append(self)
        self.server.handle_with(self)

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


@dataclass
class Table:
    """All that a feed gave."""

    headers: tuple[str, ...]
    frame: pl.DataFrame
    rejects: pl.DataFrame
    batches: int

    @property
    def rows(self) -> list[tuple[str | None, ...]]:
        return self.frame.drop("_line").rows() if self.frame.width else []

    @property
    def lines(self) -> list[int]:
        return self.frame["_line"].to_list() if self.frame.width else []

    @property
    def rejected(self) -> list[tuple[int, str]]:
        return self.rejects.select("line", "reason").rows()


@dataclass
class Reading:
    """Reads bytes, or a spool, as a feed."""

    folder: Path
    count: int = field(default=0)

    def spool(self, content: bytes, name: str = "feed.csv", limit: int = DEFAULT_LIMIT) -> Spool:
        self.count += 1
        path = self.folder / str(self.count) / name
        path.parent.mkdir()
        path.write_bytes(content)
        return local(path, limit)

    def __call__(self, feed: bytes | Spool, name: str = "feed.csv", rows: int = 100_000, **written: str) -> Table:
        spool = feed if isinstance(feed, Spool) else self.spool(feed, name)
        reader = open_feed(spool, Feed(**{"final_newline": "optional", **written}))
        batches = list(reader.batches(rows))
        empty = pl.DataFrame(schema={"line": pl.UInt32, "reason": pl.String})
        return Table(
            reader.headers,
            pl.concat([one.frame for one in batches]) if batches else pl.DataFrame(),
            pl.concat([one.rejects for one in batches]) if batches else empty,
            len(batches),
        )

"""A feed on a web server that has not changed: what a night costs when the server says so.

``python -m bench.conditional INI FILE`` serves FILE with an ETag, runs two nights from there and prints one JSON
object: ``seconds`` and ``requests`` of the second, ``bytes`` that it was sent.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import perf_counter

from bench.entry import Entry
from bench.feeds import Feeds
from bench.load import DATASET
from bench.process import CommandError, Runner
from bench.site import start
from ckanext.cpdi.jobs import load

ETAG = '"the-same"'


@dataclass
class Served:
    """The answers of the server so far: status and bytes of each."""

    file: Path
    answers: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])


def measure(runner: Runner, feeds: Feeds) -> Iterator[Entry]:
    """Yield the seconds of a night whose feed has not changed; the table has its rows already."""
    found = runner.module("bench.conditional", str(runner.ini), str(feeds.first)).json()
    if (found["requests"], found["bytes"]) != (1, 0):
        raise CommandError(f"an unchanged feed took {found['requests']} requests and {found['bytes']} bytes")
    yield Entry("unchanged feed, one conditional request", float(found["seconds"]), "s", bar=1.0)


def main(ini: str, file: str) -> None:
    """Run the two nights."""
    served = Served(Path(file))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(served))
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/calls.csv"
    with start(ini):
        load.run(DATASET, url, label="bench")
        served.answers.clear()
        began = perf_counter()
        report = load.run(DATASET, url, label="bench")
        seconds = perf_counter() - began
    server.shutdown()
    if report.state != "unchanged":
        raise CommandError(f"the night was {report.state}: {report.message}")
    sent = sum(size for _, size in served.answers)
    print(json.dumps({"seconds": seconds, "requests": len(served.answers), "bytes": sent}))


def _handler(served: Served) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer 304 to who has the file, else with the file."""
            same = self.headers.get("If-None-Match") == ETAG
            body = b"" if same else served.file.read_bytes()
            served.answers.append((304 if same else 200, len(body)))
            self.send_response(304 if same else 200)
            self.send_header("ETag", ETAG)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


if __name__ == "__main__":
    main(*sys.argv[1:])

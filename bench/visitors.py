"""Visitors of a portal on the loopback: slow readers, costly questions, downloads, and whoever just wants a page.

``python -m bench.visitors URL RESOURCE SECONDS`` lets them all come at once, each kind from addresses of its own, and
prints one JSON object: seconds of each answer of ``/``, ``/healthz`` and a dataset's page, which were ``late`` (no
answer within PATIENCE), and how many answers were refused, by status. Never from this machine to another.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections import Counter
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

READERS, ASKERS, DOWNLOADS = 60, 20, 40
PEOPLE = 4
"""Addresses that each kind of visitor comes from."""
PATIENCE = 20.0
"""Seconds after which somebody who wants a page gives up."""
EVERY = {"/": 0.2, "/healthz": 0.2, "/dataset/calls-for-service": 0.5, "/dataset/calls-for-service?anew": 1.0}
"""Seconds between two visits of a page, whether the one before was answered or not; no cache answers a question."""
CHUNK = 64 * 1024
PACE = 2_500_000
"""Bytes a second of a download: forty fill a line of 1 Gbit/s, and leave the machine to the portal."""
FILE = "/data/calls-for-service.csv"
QUESTIONS: tuple[dict[str, Any], ...] = (
    {"q": "alarm | traffic:*", "plain": False, "sort": "disposition desc", "limit": 5000},
    {"filters": {"team": ["Team 5", "Team 1", "Team 2"]}, "sort": "problem, call_datetime", "limit": 10_000},
    {"q": "queen", "sort": "block_address", "offset": 20_000, "limit": 100},
    {"distinct": True, "fields": ["block_address", "problem"], "limit": 10_000},
)


@dataclass
class Seen:
    """What the visitors saw."""

    pages: dict[str, list[float]] = field(default_factory=lambda: {path: [] for path in EVERY})
    late: int = 0
    refused: Counter[int] = field(default_factory=Counter[int])
    answered: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True)
class Portal:
    """Where it listens, the id of a table, and until when the visitors stay (``perf_counter``)."""

    host: str
    port: int
    resource: str
    end: float

    async def ask(
        self, address: str, path: str, body: bytes = b"", limit: int = CHUNK
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Send a request from ``address``; ``limit`` is how many bytes are taken before they are wanted."""
        one = socket.socket()
        one.setblocking(False)
        if limit < CHUNK:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        one.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(one, (self.host, self.port))
        reader, writer = await asyncio.open_connection(sock=one, limit=limit)
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
        head = f"{'POST' if body else 'GET'} {path} HTTP/1.1\r\nHost: {self.host}\r\nConnection: close\r\n{kind}\r\n"
        writer.write(head.encode() + body)
        return reader, writer


async def status(reader: asyncio.StreamReader) -> int:
    """Return the status of the answer; 0 where the connection was closed before one."""
    line = await reader.readline()
    return int(line.split()[1]) if line else 0


async def read_slowly(portal: Portal, seen: Seen, address: str) -> None:
    """Read a file, a byte a second."""
    reader, writer = await portal.ask(address, FILE, limit=16)
    count(seen, "slow readers", await status(reader))
    with suppress(asyncio.TimeoutError):
        while perf_counter() < portal.end:
            await asyncio.wait_for(reader.read(1), 5)
            await asyncio.sleep(1)
    writer.transport.abort()


async def ask_costly(portal: Portal, seen: Seen, address: str) -> None:
    """Ask one costly question after the other."""
    for question in cycle(QUESTIONS):
        if perf_counter() >= portal.end:
            return
        body = json.dumps({"resource_id": portal.resource, **question}).encode()
        reader, writer = await portal.ask(address, "/api/3/action/datastore_search", body)
        count(seen, "costly questions", await status(reader))
        while await reader.read(CHUNK):
            pass
        writer.close()


async def download(portal: Portal, seen: Seen, address: str) -> None:
    """Download a file, again and again."""
    while perf_counter() < portal.end:
        reader, writer = await portal.ask(address, FILE)
        count(seen, "downloads", await status(reader))
        while perf_counter() < portal.end and (got := await reader.read(CHUNK)):
            await asyncio.sleep(len(got) / PACE)
        writer.transport.abort()


async def visit(portal: Portal, seen: Seen, path: str) -> None:
    """Ask for ``path`` at even times, and note how long each answer took, from when it was wanted."""
    async with asyncio.TaskGroup() as visits:
        while perf_counter() < portal.end:
            visits.create_task(_page(portal, seen, path))
            await asyncio.sleep(EVERY[path])


async def _page(portal: Portal, seen: Seen, path: str) -> None:
    began = perf_counter()
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await portal.ask("127.0.0.9", path)
            count(seen, path, await status(reader))
            while await reader.read(CHUNK):
                pass
            writer.close()
    except (TimeoutError, OSError):
        seen.late += 1
    seen.pages[path].append(perf_counter() - began)


def count(seen: Seen, kind: str, found: int) -> None:
    """Count an answer of that status."""
    if found == 200:
        seen.answered[kind] += 1
    else:
        seen.refused[found] += 1


async def all_at_once(url: str, resource: str, seconds: float) -> Seen:
    """Let everybody come; return what they saw."""
    seen, place = Seen(), urlsplit(url)
    portal = Portal(str(place.hostname), place.port or 80, resource, perf_counter() + seconds)
    crowd: list[Coroutine[Any, Any, None]] = []
    for number in range(READERS):
        crowd.append(read_slowly(portal, seen, f"127.0.1.{1 + number % PEOPLE}"))
    for number in range(DOWNLOADS):
        crowd.append(download(portal, seen, f"127.0.2.{1 + number % PEOPLE}"))
    for number in range(ASKERS):
        crowd.append(ask_costly(portal, seen, f"127.0.3.{1 + number % PEOPLE}"))
    return await come(portal, seen, crowd)


async def come(portal: Portal, seen: Seen, crowd: Sequence[Coroutine[Any, Any, None]]) -> Seen:
    """Let the crowd come, and those who want a page two seconds later; return what they saw."""
    busy = [asyncio.ensure_future(one) for one in crowd]
    await asyncio.sleep(2)  # they are all there
    await asyncio.gather(*(visit(portal, seen, path) for path in EVERY))
    done, waiting = await asyncio.wait(busy, timeout=PATIENCE)
    for one in waiting:
        one.cancel()
    seen.refused[-1] += sum(1 for one in done if one.exception())
    return seen


def main(url: str, resource: str, seconds: str) -> None:
    """Flood ``url``, and print what was seen."""
    if not str(urlsplit(url).hostname).startswith("127."):
        raise SystemExit("only a portal on the loopback")
    print(json.dumps(vars(asyncio.run(all_at_once(url, resource, min(float(seconds), 60))))))


if __name__ == "__main__":
    main(*sys.argv[1:])

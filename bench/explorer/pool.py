"""What a pool takes for an answer: by the clock, of its processors, and a bare server for as many octets."""

from __future__ import annotations

import asyncio
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from threading import Thread
from typing import Any

from bench.entry import Entry, Missing
from bench.portal import Server
from bench.process import CommandError, processor
from bench.services.client import Client
from bench.services.race import OURS, Race, Request, Took, checked, percentile

ECHO = "a bare server, the same octets"


def answered(name: str, ours: Server, paths: Sequence[str], bar: float) -> Iterator[Entry | Missing]:
    """Yield what answers take, beside those of a bare server, and what the processors of the pool do for them."""
    outcome, used, sizes = Race({OURS: Took()}, {}), list[float](), list[int]()
    client = Client(ours.url)
    try:
        for path in paths:
            before = processor(ours.pid)
            answer = checked(client, Request(ours.url, path))
            outcome.took[OURS].add(answer)
            used.append((processor(ours.pid) - before) * 1000)
            sizes.append(answer.size)
        outcome.took[ECHO] = echo(sizes)
    except (CommandError, OSError) as error:
        yield Missing(name, str(error))
        return
    client.close()
    yield from outcome.entries(name, bar=bar, floor=(ECHO, None), kind="p95")
    yield Entry(f"{name}, p50", outcome.took[OURS].p50, "ms")
    yield from processors(name, used)


def processors(name: str, used: list[float]) -> Iterator[Entry]:
    """Yield milliseconds of the pool's processors, which other programs disturb less than the clock on the wall."""
    yield Entry(f"{name}, processor, p50", percentile(used, 50), "ms")
    yield Entry(f"{name}, processor, p95", percentile(used, 95), "ms")


def echo(sizes: Sequence[int]) -> Took:
    """Return what a server takes that does nothing but send as many octets, one answer after the other."""
    took = Took()
    with _bare() as url:
        client = Client(url)
        for size in sizes:
            took.add(client.get(f"/{size}"))
        client.close()
    return took


@contextmanager
def _bare() -> Generator[str]:
    """Run a server on asyncio alone; ``/N`` has N octets."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(_talk, "127.0.0.1", 0))
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        loop.run_until_complete(_ended(asyncio.all_tasks(loop)))
        loop.close()


async def _ended(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        size = int(line.split()[1][1:])
        while (await reader.readline()).strip():
            pass
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode() + b"x" * size)
        await writer.drain()
    writer.close()

"""A client on the loopback that keeps its connection, and what several such clients get in a while."""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from threading import Thread
from time import perf_counter
from urllib.parse import urlsplit

from bench.process import CommandError

PATIENCE = 30
CHUNK = 1 << 16
_PLAIN = {"Accept-Encoding": "identity", "Accept": "*/*"}


@dataclass(frozen=True)
class Answer:
    """``first`` and ``total`` are milliseconds until the first and the last byte of the body; ``size`` is in bytes."""

    status: int
    first: float
    total: float
    size: int
    body: bytes


class Client:
    """One connection to ``url``, made when it is needed and kept until the server closes it."""

    def __init__(self, url: str) -> None:
        """Ask the server at ``url``."""
        place = urlsplit(url)
        self._connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer with its body."""
        parts: list[bytes] = []
        status, first, total = self._read(path, parts.append, headers)
        body = b"".join(parts)
        return Answer(status, first, total, len(body), body)

    def stream(self, path: str, take: Callable[[bytes], object]) -> Answer:
        """Hand each part of the body to ``take`` as it comes; the answer has none."""
        size = 0

        def count(part: bytes) -> None:
            nonlocal size
            size += len(part)
            take(part)

        status, first, total = self._read(path, count, None)
        return Answer(status, first, total, size, b"")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _read(
        self, path: str, take: Callable[[bytes], object], headers: Mapping[str, str] | None
    ) -> tuple[int, float, float]:
        try:
            return self._once(path, take, headers)
        except (http.client.RemoteDisconnected, http.client.CannotSendRequest, ConnectionError):
            self.close()  # the server had closed the connection while nothing was asked
            return self._once(path, take, headers)

    def _once(
        self, path: str, take: Callable[[bytes], object], headers: Mapping[str, str] | None
    ) -> tuple[int, float, float]:
        began = perf_counter()
        self._connection.request("GET", path, headers={**_PLAIN, **(headers or {})})
        response = self._connection.getresponse()
        part = response.read1(CHUNK)
        first = (perf_counter() - began) * 1000
        while part:
            take(part)
            part = response.read1(CHUNK)
        response.close()  # read1 does not notice the end of a body whose length is known
        return response.status, first, (perf_counter() - began) * 1000


def throughput(url: str, paths: Sequence[str], clients: int, seconds: float) -> float:
    """Return the answers a second that ``clients`` get, each on its own connection, who ask for ``paths`` in turn.

    Raises CommandError where one is not answered with 200; 0 stands for none.
    """
    began = perf_counter()
    counts = [0] * clients
    statuses: set[int] = set()

    def ask(number: int) -> None:
        client = Client(url)
        for path in _from(paths, number):
            try:
                statuses.add(client.get(path).status)
            except OSError:
                statuses.add(0)
            counts[number] += 1
            if perf_counter() >= began + seconds or statuses != {200}:
                break
        client.close()

    threads = [Thread(target=ask, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if statuses != {200}:
        raise CommandError(f"{paths[0][:60]} was answered with {sorted(statuses)}")
    return sum(counts) / (perf_counter() - began)


def _from(paths: Sequence[str], number: int) -> Iterator[str]:
    start = number % len(paths)
    return cycle([*paths[start:], *paths[:start]])

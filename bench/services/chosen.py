"""A download of half of the rows, as they are sent, beside a bare COPY; and what it adds to the server's memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from bench.entry import Beside, Entry, Missing
from bench.load import DATASET
from bench.portal import Server
from bench.services.client import Client
from bench.services.ground import SCHEMA, TABLE, Ground

TIMES = 3
_FASTEST, _MOST_MEMORY = 40, 50
"""Bars: megabytes a second, and megabytes of memory."""
_COPY = "bare COPY"
_WARM = 12
"""Small downloads before: each worker has loaded its libraries by then."""


def measure(ours: Server, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield the rate of the best of some downloads, and the memory of all of them."""
    path = f"/data/{DATASET}.csv?to={ground.half.isoformat()}"
    name = f"CSV of {ground.in_half:,} chosen rows"
    processes = [ours.pid, *children(ours.pid)]
    for _ in range(_WARM):
        Client(ours.url).get(f"{path}&limit=10")
    before = {pid: memory(pid, "VmRSS") for pid in processes}
    for pid in processes:
        forget_peak(pid)
    rates: list[float] = []
    for _ in range(TIMES):
        lines = _Lines()
        answer = Client(ours.url).stream(path, lines.add)
        if answer.status != 200 or lines.number < ground.in_half:
            yield Missing(name, f"answered {answer.status} with {lines.number:,} lines")
            return
        rates.append(answer.size / answer.total / 1000)
    more = max(memory(pid, "VmHWM") - before[pid] for pid in processes)
    copied = max(_copy(ground) for _ in range(TIMES))
    yield Entry(f"{name}, streamed", max(rates), "MB/s", Beside(_COPY, copied), bar=_FASTEST, least=True)
    yield Entry(f"{name}, memory of the worker beyond what it had", more, "MB", bar=_MOST_MEMORY)


class _Lines:
    def __init__(self) -> None:
        self.number = 0

    def add(self, part: bytes) -> None:
        self.number += part.count(b"\n")


def children(pid: int) -> list[int]:
    """Return the processes that ``pid`` has started."""
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def memory(pid: int, kind: str) -> float:
    """Return megabytes of a process: ``VmRSS`` now, ``VmHWM`` at most since :func:`forget_peak`."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{kind}:")) / 1024


def forget_peak(pid: int) -> None:
    """Let the most that a process has held count from now."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="utf-8")


def _copy(ground: Ground) -> float:
    """Return megabytes a second of the same rows by COPY, in no order."""
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE {} < {} AT TIME ZONE {}) TO STDOUT (FORMAT csv)").format(
        sql.SQL(", ").join(map(sql.Identifier, ground.fields)),
        sql.Identifier(SCHEMA, TABLE),
        sql.Identifier(ground.table.time_field.name),
        sql.Literal(ground.after_half.isoformat()) + sql.SQL("::timestamp"),
        sql.Literal(ground.zone),
    )
    began, size = perf_counter(), 0
    with psycopg.connect(ground.read_dsn) as connection, connection.cursor() as cursor, cursor.copy(query) as rows:
        for part in rows:
            size += len(part)
    return size / (perf_counter() - began) / 1e6

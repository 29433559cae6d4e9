"""Pages while 40 clients download and 10 ask the services as hard as they can, at the whole portal behind nginx.

``python -m bench.services.crowd URL SECONDS PATH…`` lets them come and prints what :class:`bench.visitors.Seen` has;
PATHs are what is asked of the services.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from time import perf_counter
from typing import Any
from urllib.parse import urlencode, urlsplit

from bench.entry import Entry, Missing
from bench.flood import percentiles, refused
from bench.load import DATASET
from bench.portal import whole
from bench.process import Runner
from bench.services.features import ITEMS, layer
from bench.services.ground import PAGE, Ground, tiles
from bench.services.limits import OFF
from bench.services.tiles import path as tile_path
from bench.visitors import CHUNK, PEOPLE, Portal, Seen, come, count, download, status

DOWNLOADS, ASKERS = 40, 10
SECONDS = 20
BAR = 300
"""Milliseconds in which 19 of 20 answers of ``/`` have come."""


def measure(runner: Runner, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield the pages' percentiles, and how many answers were refused."""
    with whole(runner, OFF) as url:
        seen = runner.module("bench.services.crowd", url, str(SECONDS), *questions(ground)).json()
    crowd = f"{DOWNLOADS} downloads and {ASKERS} clients of the services"
    for path, name in {"/": "home", f"/dataset/{DATASET}?anew": "a dataset's page, no cache"}.items():
        middle, most, longest = percentiles(seen["pages"][path])
        yield Entry(f"{name}, p95 under {crowd}", most, "ms", bar=BAR if path == "/" else None)
        yield Entry(f"{name}, p50", middle, "ms")
        yield Entry(f"{name}, longest", longest, "ms")
    yield Entry(f"refused or too late under {crowd}", refused(seen), "answers", bar=0)
    yield Entry("questions to the services answered meanwhile", seen["answered"].get("services", 0), "answers")


def questions(ground: Ground) -> list[str]:
    """Return what is asked of the services: pages, statistics, filters, tiles."""
    counting = [{"statisticType": "count", "onStatisticField": "OBJECTID", "outStatisticFieldName": "number"}]
    category = str(ground.table.category)
    by_category = {category: ground.categories[0]}
    time, half = ground.table.time_field.name, ground.rows // 2
    return [
        layer(geometry=ground.bounds, geometryType="esriGeometryEnvelope", inSR=4326, resultRecordCount=PAGE),
        layer(outStatistics=json.dumps(counting), groupByFieldsForStatistics=category),
        layer(where=f"{time} IS NOT NULL", resultRecordCount=PAGE, resultOffset=half),
        f"{ITEMS}?{urlencode({**by_category, 'limit': 1000})}",
        *(tile_path(tile, urlencode(by_category)) for tile in tiles(ground, 12, 4)),
    ]


async def ask(portal: Portal, seen: Seen, address: str, paths: Sequence[str]) -> None:
    """Ask the services one question after the other."""
    for path in cycle(paths):
        if perf_counter() >= portal.end:
            return
        reader, writer = await portal.ask(address, path)
        count(seen, "services", await status(reader))
        while await reader.read(CHUNK):
            pass
        writer.close()


async def all_at_once(url: str, seconds: float, paths: Sequence[str]) -> Seen:
    """Let everybody come; return what they saw."""
    seen, place = Seen(), urlsplit(url)
    portal = Portal(str(place.hostname), place.port or 80, "", perf_counter() + seconds)
    crowd: list[Any] = []
    for number in range(DOWNLOADS):
        crowd.append(download(portal, seen, f"127.0.2.{1 + number % PEOPLE}"))
    for number in range(ASKERS):
        turned = [*paths[number % len(paths) :], *paths[: number % len(paths)]]
        crowd.append(ask(portal, seen, f"127.0.3.{1 + number % PEOPLE}", turned))
    return await come(portal, seen, crowd)


def main(url: str, seconds: str, *paths: str) -> None:
    """Let them come to ``url``, and print what was seen."""
    if not str(urlsplit(url).hostname).startswith("127."):
        raise SystemExit("only a portal on the loopback")
    print(json.dumps(vars(asyncio.run(all_at_once(url, min(float(seconds), 60), paths)))))


if __name__ == "__main__":
    main(*sys.argv[1:])

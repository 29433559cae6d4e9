"""Pages of a sorted table, from anywhere among its rows."""

from __future__ import annotations

import random
import statistics
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.entry import Entry, Missing
from bench.explorer.pool import answered
from bench.portal import Server
from bench.services.client import Client
from bench.services.features import ITEMS, SMALL
from bench.services.ground import SEED, Ground
from bench.services.race import Took

PAGES = 60
_BAR = 80


def measure(ours: Server, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield pages anywhere in the table, sorted by each indexed field in either direction, after the first of each."""
    chance = random.Random(SEED)  # noqa: S311  no secret
    fields = [field.name for field in ground.table.fields if field.index]
    sorts = [f"{sign}{name}" for name in fields for sign in ("", "-")]
    client, firsts = Client(ours.url), Took()
    for sort in sorts:
        for _ in range(2):  # each of two workers makes its own list
            firsts.add(client.get(_page(sort, ground.rows // 2)))
    yield Entry("rows by each index, the first page in an order, p50", statistics.median(firsts.milliseconds), "ms")
    paths = [_page(chance.choice(sorts), chance.randrange(max(1, ground.rows - SMALL))) for _ in range(PAGES)]
    yield from answered(f"{SMALL} rows anywhere, by any index", ours, paths, _BAR)


def _page(sort: str, offset: int) -> str:
    return f"{ITEMS}?{urlencode({'sortby': sort, 'offset': offset, 'limit': SMALL})}"

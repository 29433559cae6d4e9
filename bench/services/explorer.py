"""What the explorer asks: counts under changing filters, beside GROUPING SETS, and pages of a sorted table.

No filter is asked for twice, so that nothing is kept of it. The peer is PostgreSQL with one statement of GROUPING SETS
on the copy of the rows, of which half are grouped; the floor counts one column of codes with NumPy.
"""

from __future__ import annotations

import gzip
import json
import random
import statistics
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import perf_counter
from urllib.parse import urlencode

import numpy as np
import psycopg
from psycopg import sql

from bench.entry import Entry, Missing
from bench.load import DATASET
from bench.process import CommandError
from bench.services.client import Answer, Client
from bench.services.features import ITEMS
from bench.services.ground import SCHEMA, SEED, TABLE, Ground
from bench.services.race import OURS, Race, Request, Took, checked

TIMES, PAGES = 60, 60
_PEER_TIMES = 3
_PEER, _FLOOR = "GROUPING SETS, the median", "bincount of one column"
_LEVEL = 2
"""Of gzip, as scripts/nginx.conf.in has it."""
_MOST_DAYS = 400
SMALL = 100


def measure(ours: str, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield the entries as they come."""
    try:
        first = checked(Client(ours), Request(ours, _path({})))
    except (CommandError, OSError) as error:
        yield Missing("counts", str(error))
        return
    yield from _counts(ours, ground, first)
    yield from _pages(ours, ground)


def questions(ground: Ground, number: int) -> Iterator[dict[str, str]]:
    """Yield filters as a reader changes them, each another one: periods, categories, a box, the hours of a night."""
    column = str(ground.table.category)
    for place in range(number):
        first = ground.half - timedelta(days=_MOST_DAYS - place)
        period = {"from": first.isoformat(), "to": (first + timedelta(days=_MOST_DAYS - 1)).isoformat()}
        category = {column: ground.categories[place % len(ground.categories)]}
        night = {"filter": f"hour({ground.table.time_field.name}) >= {place % 24}"}
        yield (
            period,
            period | category,
            {"from": first.isoformat()},
            {"to": period["to"]} | category,
            {"bbox": ground.bounds, "from": first.isoformat()},
            period | night | category,
        )[place % 6]


def _counts(ours: str, ground: Ground, first: Answer) -> Iterator[Entry | Missing]:
    client, outcome = Client(ours), Race({OURS: Took()}, {})
    packed = [len(gzip.compress(first.body, _LEVEL))]
    for asked in questions(ground, TIMES):
        answer = client.get(_path(asked))
        if answer.status != 200:
            yield Missing("counts", f"{_path(asked)} answered {answer.status}")
            return
        outcome.took[OURS].add(answer)
        packed.append(len(gzip.compress(answer.body, _LEVEL)))
    outcome.took[_FLOOR] = _floor(ground.rows)
    outcome.took[_PEER] = _peer(ground, json.loads(first.body))
    name = f"counts, {TIMES} filters, cold"
    yield from outcome.entries(name, bar=100, floor=(_FLOOR, None), peers={_PEER: None}, kind="p95")
    yield from outcome.entries(name, floor=(_FLOOR, None), peers={_PEER: None})
    yield Entry("counts, largest answer, packed", max(packed) / 1000, "kB", bar=60)
    yield from _answered("counts, no filter, kept", ours, [_path({})] * TIMES, bar=20)


def _path(asked: dict[str, str]) -> str:
    return f"/data/{DATASET}/counts?{urlencode(asked)}"


def _floor(rows: int) -> Took:
    """Count as many codes as the table has rows."""
    codes = np.random.default_rng(SEED).integers(0, 24, rows).astype(np.uint8)
    return _timed(lambda: np.bincount(codes, minlength=24), TIMES)


def _peer(ground: Ground, document: dict[str, object]) -> Took:
    """Ask PostgreSQL for the same groups of the first half of the rows."""
    listed = document["dimensions"]
    columns = [one["name"] for one in listed if one["name"] in ground.fields] if isinstance(listed, list) else []
    names = [sql.Identifier(name) for name in columns]
    query = sql.SQL(
        "SELECT day, {columns}, hour, count(*)"
        " FROM (SELECT {columns}, (wall)::date AS day, extract(hour FROM wall) AS hour"
        " FROM (SELECT *, {time} AT TIME ZONE {zone} AS wall FROM {table}) AS walls WHERE {time} < {half}) AS rows"
        " GROUP BY GROUPING SETS ({sets}, (day, hour), (day))"
    ).format(
        columns=sql.SQL(", ").join(names),
        time=sql.Identifier(ground.table.time_field.name),
        zone=sql.Literal(ground.zone),
        half=sql.Literal(ground.half),
        table=sql.Identifier(SCHEMA, TABLE),
        sets=sql.SQL(", ").join(sql.SQL("(day, {})").format(name) for name in names),
    )
    with psycopg.connect(ground.read_dsn, options="-c jit=off") as connection:
        return _timed(lambda: connection.execute(query).fetchall(), _PEER_TIMES)


def _timed(work: Callable[[], object], times: int) -> Took:
    took = Took()
    for _ in range(times):
        began = perf_counter()
        work()
        took.milliseconds.append((perf_counter() - began) * 1000)
    return took


def _pages(ours: str, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield pages anywhere in the table, sorted by each indexed field in either direction, after the first of each."""
    chance = random.Random(SEED)  # noqa: S311  no secret
    fields = [field.name for field in ground.table.fields if field.index]
    sorts = [f"{sign}{name}" for name in fields for sign in ("", "-")]
    client, firsts = Client(ours), Took()
    for sort in sorts:
        for _ in range(2):  # each of two workers makes its own list
            firsts.add(client.get(_page(sort, ground.rows // 2)))
    yield Entry("rows by each index, the first page in an order, p50", statistics.median(firsts.milliseconds), "ms")
    paths = [_page(chance.choice(sorts), chance.randrange(max(1, ground.rows - SMALL))) for _ in range(PAGES)]
    yield from _answered(f"{SMALL} rows anywhere, by any index", ours, paths, bar=80)


def _page(sort: str, offset: int) -> str:
    return f"{ITEMS}?{urlencode({'sortby': sort, 'offset': offset, 'limit': SMALL})}"


def _answered(name: str, ours: str, paths: list[str], bar: float) -> Iterator[Entry | Missing]:
    client, outcome = Client(ours), Race({OURS: Took()}, {})
    try:
        for path in paths:
            answer = checked(client, Request(ours, path))
            outcome.took[OURS].add(answer)
    except (CommandError, OSError) as error:
        outcome = Race({}, {OURS: str(error)})
    yield from outcome.entries(name, bar=bar, kind="p95")

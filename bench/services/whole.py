"""Questions about all rows: counts, ids, statistics, and the last page of all."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from time import perf_counter
from urllib.parse import quote, urlencode

import psycopg

from bench.entry import Beside, Entry, Missing
from bench.process import CommandError
from bench.services.client import Answer, Client
from bench.services.features import ITEMS, layer
from bench.services.ground import PAGE, SCHEMA, TABLE, Ground
from bench.services.peers import FLOOR, Peers
from bench.services.race import OURS, Request, checked, features, race

TIMES = 20
_IDS_TIMES = 5
_SQL = "plain SQL"
_FIRST = "the first page"


def measure(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Yield the entries as they come."""
    yield from _count(ours, ground, peers)
    yield from _ids(ours, ground, peers)
    yield from _statistics(ours, ground)
    yield from _last_page(ours, ground)


def _count(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    column, value = str(ground.table.category), ground.categories[0]
    where = f"{column} = '{value.replace(chr(39), chr(39) * 2)}'"
    own = Request(ours, layer(where=where, returnCountOnly="true"), _counted(ground.in_categories[0]))
    bare = f"/count?column={column}&value={quote(value)}"
    outcome = race({OURS: own, **peers.asked({FLOOR: bare}, _counted(ground.in_categories[0]))}, TIMES)
    yield from outcome.entries("count where a category is", bar=40, floor=(FLOOR, None))


def _counted(number: int) -> Callable[[Answer], None]:
    def check(answer: Answer) -> None:
        found = json.loads(answer.body)
        if found.get("count") != number:
            raise CommandError(f"a count of {str(found)[:100]}, not {number}")

    return check


def _ids(ours: str, ground: Ground, peers: Peers) -> Iterator[Entry | Missing]:
    """Yield the first and the last byte of all ids, and that they are all."""
    name, path = f"all ids of {ground.rows:,} rows", layer(returnIdsOnly="true")
    client = Client(ours)
    try:
        whole = checked(client, Request(ours, path))
    except (CommandError, OSError) as error:
        yield Missing(name, str(error))
        return
    number = len(json.loads(whole.body).get("objectIds") or [])
    if number != ground.rows:
        yield Missing(name, f"{number:,} ids")
        return
    took = [client.stream(path, len) for _ in range(_IDS_TIMES)]
    floor = [Client(peers.urls[FLOOR]).stream("/ids", len) for _ in range(_IDS_TIMES)] if FLOOR in peers.urls else []
    for kind, least, bar in (("first", "first byte", 100), ("total", "all", 1000)):
        own, bare = (statistics.median(getattr(answer, kind) for answer in one) if one else 0 for one in (took, floor))
        yield Entry(f"{name}, {least}, p50", own, "ms", Beside(FLOOR, bare) if floor else None, bar=bar)


def _statistics(ours: str, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield what the number of rows by category and month takes, of all years and of each."""
    category, time = str(ground.table.category), ground.table.time_field.name
    counting = [{"statisticType": "count", "onStatisticField": "OBJECTID", "outStatisticFieldName": "number"}]
    parts = {"category and month": ("MONTH",), "category, year and month": ("YEAR", "MONTH")}
    for name, by in parts.items():
        terms = [f"EXTRACT({part} FROM {time})" for part in by]
        path = layer(
            outStatistics=json.dumps(counting),
            groupByFieldsForStatistics=",".join([category, *terms]),
            resultRecordCount=PAGE,
        )
        outcome = race({OURS: Request(ours, path, _groups)}, TIMES)
        floor = _plain(
            ground, f"SELECT {category}, {', '.join(terms)}, count(*) FROM {{}} GROUP BY {_numbers(len(by))}"
        )
        for entry in outcome.entries(f"statistics by {name}", bar=100):
            own = isinstance(entry, Entry)
            yield Entry(entry.name, entry.value, entry.unit, Beside(_SQL, floor), bar=entry.bar) if own else entry


def _numbers(terms: int) -> str:
    return ", ".join(str(number) for number in range(1, terms + 2))


def _groups(answer: Answer) -> None:
    if len(json.loads(answer.body).get("features") or []) < 1:
        raise CommandError(f"no groups, but {answer.body[:120].decode(errors='replace')}")


def _plain(ground: Ground, query: str) -> float:
    """Return the median milliseconds of a statement about the plain copy of the rows."""
    took: list[float] = []
    with psycopg.connect(ground.read_dsn, options="-c timezone=UTC -c jit=off") as connection:
        for _ in range(5):
            began = perf_counter()
            connection.execute(query.format(f"{SCHEMA}.{TABLE}").encode()).fetchall()
            took.append((perf_counter() - began) * 1000)
    return statistics.median(took)


def _last_page(ours: str, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield the last page beside the first, of GeoServices and of OGC API Features."""
    last, page = max(ground.rows - PAGE, 0), features(min(PAGE, ground.rows))
    asked = {
        "FeatureServer, the last page": [layer(resultRecordCount=PAGE, resultOffset=offset) for offset in (0, last)],
        "OGC items, the last page by offset": [
            f"{ITEMS}?{urlencode({'limit': PAGE, 'offset': offset})}" for offset in (0, last)
        ],
    }
    for name, (first_path, last_path) in asked.items():
        both = {OURS: Request(ours, last_path, page), _FIRST: Request(ours, first_path, page)}
        yield from race(both, TIMES).entries(name, peers={_FIRST: 1.3})

"""Counts under changing filters, beside the same groups by PostgreSQL and by DuckDB.

No filter is asked for twice, so that nothing is kept of it. Both others group the first half of the rows by one
statement of GROUPING SETS: PostgreSQL on the copy of the rows, DuckDB on the columns that it needs, in memory as codes.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

import duckdb
import polars as pl
import psycopg
from psycopg import sql

from bench.entry import Entry, Missing
from bench.explorer.pool import ECHO, answered, echo, processors
from bench.load import DATASET
from bench.portal import Server
from bench.process import CommandError, processor
from bench.services.client import Answer, Client
from bench.services.ground import SCHEMA, TABLE, Ground
from bench.services.race import OURS, Race, Request, Took, checked

TIMES = 60
_OTHERS_TIMES = 3
_DUCKDB, _POSTGRES = "DuckDB, half of the rows", "PostgreSQL, half of the rows"
_LEVEL = 2
"""Of gzip, as scripts/nginx.conf.in has it."""
_MOST_DAYS = 400
_BAR, _KEPT_BAR, _SIZE_BAR = 100, 20, 60


def measure(ours: Server, ground: Ground) -> Iterator[Entry | Missing]:
    """Yield the entries as they come."""
    try:
        first = checked(Client(ours.url), Request(ours.url, _path({})))
    except (CommandError, OSError) as error:
        yield Missing("counts", str(error))
        return
    yield from _counts(ours, ground, first)
    yield from answered("counts, no filter, kept", ours, [_path({})] * TIMES, _KEPT_BAR)


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


def _counts(ours: Server, ground: Ground, first: Answer) -> Iterator[Entry | Missing]:
    client, outcome, used = Client(ours.url), Race({OURS: Took()}, {}), list[float]()
    packed, sizes = [len(gzip.compress(first.body, _LEVEL))], list[int]()
    for asked in questions(ground, TIMES):
        before = processor(ours.pid)
        answer = client.get(_path(asked))
        if answer.status != 200:
            yield Missing("counts", f"{_path(asked)} answered {answer.status}")
            return
        used.append((processor(ours.pid) - before) * 1000)
        outcome.took[OURS].add(answer)
        sizes.append(answer.size)
        packed.append(len(gzip.compress(answer.body, _LEVEL)))
    columns = _columns(ground, json.loads(first.body))
    outcome.took |= {_DUCKDB: _in_duckdb(ground, columns), _POSTGRES: _in_postgres(ground, columns), ECHO: echo(sizes)}
    name = f"counts, {TIMES} filters, cold"
    yield from outcome.entries(name, bar=_BAR, floor=(_DUCKDB, None), peers={_POSTGRES: None, ECHO: None}, kind="p95")
    yield from outcome.entries(name, floor=(_DUCKDB, None), peers={_POSTGRES: None})
    yield from processors(name, used)
    yield Entry("counts, largest answer, packed", max(packed) / 1000, "kB", bar=_SIZE_BAR)


def _path(asked: dict[str, str]) -> str:
    return f"/data/{DATASET}/counts?{urlencode(asked)}"


def _columns(ground: Ground, document: dict[str, Any]) -> list[str]:
    """Return the columns that the portal counts by."""
    return [one["name"] for one in document["dimensions"] if one["name"] in ground.fields]


def _in_duckdb(ground: Ground, columns: list[str]) -> Took:
    """Ask DuckDB, of which one thread is measured; to bring it the rows as codes is not."""
    written = io.BytesIO()
    copying = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv, HEADER)").format(_walls(ground, columns))
    with psycopg.connect(ground.read_dsn) as connection, connection.cursor().copy(copying) as parts:
        for part in parts:
            written.write(part)
    codes = [pl.col(name).cast(pl.String).cast(pl.Categorical).to_physical() for name in columns]
    rows = pl.read_csv(written.getvalue(), try_parse_dates=True).sort("day").with_columns(codes)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("given", rows.to_arrow())
        connection.execute("CREATE TABLE rows AS SELECT * FROM given")
        query = _grouped(
            columns, sql.SQL("rows WHERE day < {}").format(sql.Literal(ground.half.isoformat()))
        ).as_string()
        return _timed(lambda: connection.execute(query).fetchnumpy())


def _in_postgres(ground: Ground, columns: list[str]) -> Took:
    """Ask PostgreSQL for the same groups."""
    time = sql.Identifier(ground.table.time_field.name)
    half = sql.SQL("({} WHERE {} < {}) AS rows").format(_walls(ground, columns), time, sql.Literal(ground.half))
    with psycopg.connect(ground.read_dsn, options="-c jit=off") as connection:
        return _timed(lambda: connection.execute(_grouped(columns, half)).fetchall())


def _walls(ground: Ground, columns: list[str]) -> sql.Composed:
    """Return the rows with day and hour by the clock of the table's zone."""
    return sql.SQL(
        "SELECT {columns}, ({time} AT TIME ZONE {zone})::date AS day,"
        " extract(hour FROM {time} AT TIME ZONE {zone})::int AS hour FROM {table}"
    ).format(
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        time=sql.Identifier(ground.table.time_field.name),
        zone=sql.Literal(ground.zone),
        table=sql.Identifier(SCHEMA, TABLE),
    )


def _grouped(columns: list[str], rows: sql.Composed) -> sql.Composed:
    names = [sql.Identifier(name) for name in columns]
    return sql.SQL("SELECT day, {}, hour, count(*) FROM {} GROUP BY GROUPING SETS ({}, (day, hour), (day))").format(
        sql.SQL(", ").join(names), rows, sql.SQL(", ").join(sql.SQL("(day, {})").format(name) for name in names)
    )


def _timed(work: Callable[[], object]) -> Took:
    took = Took()
    for _ in range(_OTHERS_TIMES):
        began = perf_counter()
        work()
        took.milliseconds.append((perf_counter() - began) * 1000)
    return took

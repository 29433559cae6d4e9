"""The rows that all servers answer from: the portal's table, and a plain copy of it for the others.

In: the configuration. Out: where the rows are, and questions that fit them (a box, a category, days, tiles).
"""

from __future__ import annotations

import configparser
import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from bench.load import DATASET
from bench.process import CommandError, Runner
from ckanext.cpdi.catalog.parts import resource_id
from ckanext.cpdi.declare import Table, read_library

ROOT = Path(__file__).parent.parent.parent
SCHEMA, TABLE = "peers", "calls"
"""Where the copy lies: the published columns, the key and ``geom``, with the indexes that the portal's table has."""
PAGE = 2_000
SEED = 7
_HALF = 0.5
Tile = tuple[int, int, int]
"""Zoom, column and row."""


@dataclass(frozen=True)
class Ground:
    """Where the rows are and what can be asked of them.

    The box has more than :data:`PAGE` rows where there are so many; ``half`` is the day until which half of them are,
    ``categories`` are the commonest.
    """

    table: Table
    resource: str
    write_dsn: str
    read_dsn: str
    rows: int
    zone: str
    box: tuple[float, float, float, float]
    in_box: int
    categories: tuple[str, ...]
    in_categories: tuple[int, ...]
    half: date
    in_half: int
    ids: tuple[int, ...]

    @property
    def fields(self) -> list[str]:
        """The published columns."""
        return [field.name for field in self.table.fields]

    @property
    def after_half(self) -> date:
        """The day after ``half``."""
        return self.half + timedelta(days=1)

    @property
    def page(self) -> int:
        """Rows that a page of the box has."""
        return min(PAGE, self.in_box)

    @property
    def bounds(self) -> str:
        """The box as ``west,south,east,north``."""
        return ",".join(f"{edge:.6f}" for edge in self.box)


def prepare(runner: Runner) -> Ground:
    """Make the copy, and look for questions that fit the rows."""
    settings = configparser.RawConfigParser()
    settings.read(runner.ini, encoding="utf-8")
    write_dsn, read_dsn = (settings["app:main"][f"ckan.datastore.{kind}_url"] for kind in ("write", "read"))
    table = read_library(ROOT / "schemas", []).dataset(DATASET).rows
    resource = resource_id(DATASET)
    with psycopg.connect(write_dsn, autocommit=True) as connection:
        copy(connection, table, resource)
        return _look(connection, table, resource, (write_dsn, read_dsn))


def copy(connection: psycopg.Connection, table: Table, resource: str) -> None:
    """Make the table of the others; it is analysed and vacuumed, so that it is at its best."""
    target, source = sql.Identifier(SCHEMA, TABLE), sql.Identifier("public", resource)
    names = sql.SQL(", ").join(sql.Identifier(field.name) for field in table.fields)
    indexed = [field.name for field in table.fields if field.index]
    for statement in (
        sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(SCHEMA)),
        sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(SCHEMA)),
        sql.SQL("CREATE TABLE {} AS SELECT _id, {}, _geom AS geom FROM {}").format(target, names, source),
        sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (_id)").format(target),
        sql.SQL("CREATE INDEX ON {} USING gist (geom)").format(target),
        *(sql.SQL("CREATE INDEX ON {} ({})").format(target, sql.Identifier(name)) for name in indexed),
        sql.SQL("GRANT USAGE ON SCHEMA {} TO datastore_read").format(sql.Identifier(SCHEMA)),
        sql.SQL("GRANT SELECT ON {} TO datastore_read").format(target),
        sql.SQL("VACUUM ANALYZE {}").format(target),
    ):
        connection.execute(statement)


def tiles(ground: Ground, zoom: int, most: int) -> list[Tile]:
    """Return up to ``most`` tiles of ``zoom`` that have rows, evenly from the fullest to the emptiest."""
    query = f"""
        SELECT floor((st_x(geom) + 180) / 360 * n)::int AS x,
               floor((1 - asinh(tan(radians(st_y(geom)))) / pi()) / 2 * n)::int AS y
        FROM {SCHEMA}.{TABLE}, (SELECT (2 ^ %s)::float8 AS n) AS zoom WHERE geom IS NOT NULL
        GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2"""
    with psycopg.connect(ground.write_dsn) as connection:
        every = [(zoom, int(x), int(y)) for x, y in connection.execute(query.encode(), (zoom,)).fetchall()]
    return spread(every, most)


def spread(every: list[Tile], most: int) -> list[Tile]:
    """Return up to ``most`` of a list, evenly, its first among them."""
    return every if len(every) <= most else [every[number * len(every) // most] for number in range(most)]


def _look(connection: psycopg.Connection, table: Table, resource: str, dsns: tuple[str, str]) -> Ground:
    calls, category = sql.Identifier(SCHEMA, TABLE), sql.Identifier(str(table.category))
    time = sql.Identifier(table.time_field.name)
    version = connection.execute("SELECT zone FROM public._cpdi_version WHERE dataset = %s", (DATASET,)).fetchone()
    if version is None:
        raise CommandError(f"{DATASET} is not published")
    zone = str(version[0])
    ids = [int(row[0]) for row in connection.execute(sql.SQL("SELECT _id FROM {}").format(calls)).fetchall()]
    common = sql.SQL("SELECT {0}, count(*) FROM {1} WHERE {0} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 8").format(
        category, calls
    )
    categories = connection.execute(common).fetchall()
    middle = sql.SQL(
        "SELECT (percentile_disc({half}) WITHIN GROUP (ORDER BY {time}) AT TIME ZONE {zone})::date FROM {calls}"
    ).format(half=sql.Literal(_HALF), time=time, zone=sql.Literal(zone), calls=calls)
    half: date = _one(connection, middle)
    before = sql.SQL("SELECT count(*) FROM {} WHERE {} < ({}::timestamp AT TIME ZONE {})")
    after_half = sql.Literal(half + timedelta(days=1))
    box, in_box = _box(connection)
    return Ground(
        table=table,
        resource=resource,
        write_dsn=dsns[0],
        read_dsn=dsns[1],
        rows=len(ids),
        zone=zone,
        box=box,
        in_box=in_box,
        categories=tuple(str(row[0]) for row in categories),
        in_categories=tuple(int(row[1]) for row in categories),
        half=half,
        in_half=_one(connection, before.format(calls, time, after_half, sql.Literal(zone))),
        ids=tuple(random.Random(SEED).sample(ids, min(100, len(ids)))),  # noqa: S311  no secret
    )


def _box(connection: psycopg.Connection) -> tuple[tuple[float, float, float, float], int]:
    """Return the smallest box, of some, around the rows' middle that has more than a page of rows, and how many."""
    middle = f"""
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY st_x(geom)),
               percentile_cont(0.5) WITHIN GROUP (ORDER BY st_y(geom)) FROM {SCHEMA}.{TABLE}"""
    lon, lat = connection.execute(middle.encode()).fetchall()[0]
    count = f"SELECT count(*) FROM {SCHEMA}.{TABLE} WHERE geom && st_makeenvelope(%s, %s, %s, %s, 4326)"
    half, box, number = 0.0005, (lon, lat, lon, lat), 0
    while half < 1 and number <= PAGE:
        half *= 1.1
        box = (lon - half, lat - half, lon + half, lat + half)
        number = int(connection.execute(count.encode(), box).fetchall()[0][0])
    return box, number


def _one(connection: psycopg.Connection, query: sql.Composed) -> Any:  # noqa: ANN401  whatever the query gives
    row = connection.execute(query).fetchone()
    if row is None:
        raise CommandError("a question about the rows has no answer")
    return row[0]

"""The floor: bare Flask routes that ask PostgreSQL by a statement of their own, with psycopg and orjson.

``gunicorn 'bench.services.bare:application(DSN, TABLE, COLUMNS)'``; TABLE is the portal's own in the schema ``public``,
COLUMNS its published columns as ``name:type``, with commas between them. What is asked for is taken as it is: the
benchmark alone asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import local
from typing import Any

import orjson
import psycopg
from flask import Flask, Response, request
from psycopg import sql

BOX = "WHERE _geom && st_makeenvelope(%s, %s, %s, %s, 4326)"
TILE = """
    SELECT st_asmvt(tile, 'points', 4096, 'shape') FROM (
        SELECT st_asmvtgeom(_geom_3857, st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 64, true) AS shape, {columns}
        FROM {table}
        WHERE _geom && st_transform(st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.015625), 4326)
    ) AS tile"""
_CHUNK = 1 << 16


@dataclass
class Rows:
    """The table, its columns as SQL, and a connection for each thread."""

    dsn: str
    table: sql.Identifier
    columns: sql.Composed
    tile_columns: sql.Composed
    threads: local

    def execute(self, query: str, values: object = ()) -> psycopg.Cursor[Any]:
        """Ask for ``query`` with the table's names in it, as a prepared statement."""
        names = {"table": self.table, "columns": self.columns}
        return self.connection.execute(sql.SQL(query).format(**names), values, prepare=True)  # pyright: ignore[reportArgumentType, reportCallIssue]

    @property
    def connection(self) -> psycopg.Connection:
        """The thread's connection."""
        if not hasattr(self.threads, "connection"):
            options = "-c timezone=UTC -c jit=off"
            self.threads.connection = psycopg.connect(self.dsn, autocommit=True, options=options)
        return self.threads.connection


def application(dsn: str, table: str, columns: str, tile_columns: str) -> Flask:
    """Return the application."""
    pairs = [column.rpartition(":")[::2] for column in columns.split(",")]
    shown = sql.SQL(", ").join([sql.Identifier("_id"), *(_column(name, kind) for name, kind in pairs)])
    in_tiles = sql.SQL(", ").join(map(sql.Identifier, tile_columns.split(",")))
    rows = Rows(dsn, sql.Identifier("public", table), shown, in_tiles, local())
    app = Flask(__name__)
    _pages(app, rows)
    _others(app, rows)
    return app


def _pages(app: Flask, rows: Rows) -> None:
    @app.get("/features")
    def features() -> Response:
        ids, box = request.args.get("ids"), request.args.get("box")
        where, values = "", []
        if ids:
            where, values = "WHERE _id = ANY(%s)", [[int(one) for one in ids.split(",")]]
        elif box:
            where, values = BOX, [float(edge) for edge in box.split(",")]
        limit = int(request.args.get("limit", "2000"))
        query = "SELECT {columns}, st_x(_geom), st_y(_geom) FROM {table} " + where + " ORDER BY _id LIMIT %s"
        return _features(rows.execute(query, [*values, limit]))


def _others(app: Flask, rows: Rows) -> None:
    @app.get("/count")
    def count() -> Response:
        query = "SELECT count(*) FROM {table} WHERE " + request.args["column"] + " = %s"
        found = rows.execute(query, [request.args["value"]]).fetchall()
        return Response(orjson.dumps({"count": found[0][0]}), mimetype="application/json")

    @app.get("/ids")
    def ids() -> Response:
        def parts() -> Iterator[bytes]:
            copying = sql.SQL("COPY (SELECT _id FROM {}) TO STDOUT").format(rows.table)
            with rows.connection.cursor().copy(copying) as copy:
                for part in copy:
                    yield bytes(part)

        return Response(_joined(parts()), mimetype="text/plain")

    @app.get("/tiles/<int:z>/<int:x>/<int:y>")
    def tile(z: int, x: int, y: int) -> Response:
        names = {"table": rows.table, "columns": rows.tile_columns}
        query = sql.SQL(TILE).format(**names)
        found = rows.connection.execute(query, {"z": z, "x": x, "y": y}, prepare=True).fetchall()
        return Response(bytes(found[0][0]), mimetype="application/vnd.mapbox-vector-tile")


def _column(name: str, kind: str) -> sql.Composable:
    """Return a column as GeoServices has it: times are milliseconds since 1970."""
    if kind in ("datetime", "date"):
        return sql.SQL("(extract(epoch FROM {0}) * 1000)::bigint AS {0}").format(sql.Identifier(name))
    return sql.Identifier(name)


def _features(cursor: psycopg.Cursor[Any]) -> Response:
    names = [column.name for column in cursor.description or ()][:-2]
    made = [
        {"attributes": dict(zip(names, row, strict=False)), "geometry": {"x": row[-2], "y": row[-1]}} for row in cursor
    ]
    return Response(orjson.dumps({"features": made}), mimetype="application/json")


def _joined(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield larger parts: PostgreSQL gives a row a part."""
    kept: list[bytes] = []
    size = 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size >= _CHUNK:
            yield b"".join(kept)
            kept, size = [], 0
    yield b"".join(kept)

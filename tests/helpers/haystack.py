"""Everything that the system wrote: what stands in databases, on disk, in Redis, in Solr and on pages, piece by piece.

Each function gives (place, bytes); packed content is given as it lies and unpacked.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import shutil
import subprocess
import time
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
import polars as pl
import psycopg
import redis
from psycopg import sql

Hay = Iterator[tuple[str, bytes]]


def unpacked(place: str, data: bytes) -> Hay:
    """``data``, and what lies in it where it is gzip, a zip or a Parquet file, however deep."""
    yield place, data
    if data.startswith(b"\x1f\x8b"):
        yield from unpacked(f"{place} (gunzipped)", gzip.decompress(data))
    elif data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from unpacked(f"{place} » {name}", archive.read(name))
    elif data.startswith(b"PAR1"):
        for column in pl.read_parquet(io.BytesIO(data)):
            binary = column.dtype == pl.Binary
            values = column.drop_nulls().to_list()
            yield f"{place} » {column.name}", b"\n".join(one if binary else str(one).encode() for one in values)


def files(folder: Path, since: float = 0) -> Hay:
    """The files under ``folder`` that were written after ``since``, with their names."""
    for path in sorted(folder.rglob("*")):
        yield "a file's name", str(path.relative_to(folder)).encode()
        try:
            if path.is_file() and path.stat().st_mtime >= since:
                yield from unpacked(str(path), path.read_bytes())
        except FileNotFoundError:  # a server's own file, which came and went
            continue


def databases() -> dict[str, str]:
    """The connection strings of both databases, for the role that owns what is in them."""
    return {
        "ckan": tk.config["sqlalchemy.url"],
        "datastore": tk.config["ckan.datastore.write_url"],
    }


def tables() -> Hay:
    """Every table and view of every schema of both databases, as COPY writes it, and the comments."""
    for name, dsn in databases().items():
        with psycopg.connect(dsn) as connection:
            listed = connection.execute(
                "SELECT nspname, relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
                " WHERE relkind IN ('r', 'v', 'm', 'p') AND nspname NOT IN ('information_schema', 'pg_toast')"
                " AND (nspname !~ '^pg_' OR relname IN ('pg_description', 'pg_stats'))"
                " AND has_table_privilege(pg_class.oid, 'SELECT')"
            ).fetchall()
            for schema, table in listed:
                query = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(schema, table))
                with connection.cursor().copy(query) as copied:
                    yield f"table {name}.{schema}.{table}", b"".join(map(bytes, copied))


def dumps() -> Hay:
    """What a backup of both databases holds."""
    program = shutil.which("pg_dump") or str(max(Path("/usr/lib/postgresql").glob("*/bin/pg_dump")))
    for name, dsn in databases().items():
        done = subprocess.run([program, "--dbname", dsn], capture_output=True, check=True)
        yield f"dump of {name}", done.stdout


_SEGMENT = re.compile(r"[0-9A-F]{24}")
_TICK = 1.5
"""Seconds after which a file is older than what is written from then on."""


class Cluster:
    """The files of PostgreSQL's cluster, where they are on this machine and may be read.

    ``missing`` says why they are not.
    """

    def __init__(self) -> None:
        target = urlsplit(tk.config["ckan.datastore.write_url"])
        where = {"host": target.hostname, "port": target.port, "dbname": target.path[1:]}
        user = os.environ.get("POSTGRES_SUPERUSER", "postgres")
        self.folder, self.missing, self._first = Path(), "", ""
        try:
            self._connection = psycopg.connect(**where, user=user, autocommit=True)
        except psycopg.OperationalError:
            self.missing = "no superuser of the cluster can be had: its files were not searched"
            return
        self.folder = Path(self._one("SHOW data_directory"))
        if not os.access(self.folder / "base", os.R_OK | os.X_OK):
            self.missing = f"{self.folder} cannot be read from here: WAL, heap and server log were not searched"

    def open(self) -> None:
        """Have whole pages written to WAL as they are from here on, so that a search can see what stands in them.

        What was written before lies in other files, and is as old as it is.
        """
        if not self.missing:
            self._connection.execute("ALTER SYSTEM SET wal_compression = off")
            self._connection.execute("SELECT pg_reload_conf()")
            self._connection.execute("CHECKPOINT")
            self._connection.execute("SELECT pg_switch_wal()")
            self._first = self._one("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
            time.sleep(_TICK)

    def close(self) -> None:
        """Take that back."""
        if not self.missing:
            self._connection.execute("ALTER SYSTEM RESET wal_compression")
            self._connection.execute("SELECT pg_reload_conf()")
            self._connection.close()

    def hay(self, since: float) -> Hay:
        """WAL, tables, indexes, temporary files and the server's log, as far as they were written after ``since``."""
        if not self.missing:
            self._connection.execute("CHECKPOINT")
            last = self._one("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")
            self._connection.execute("SELECT pg_switch_wal()")  # fills the rest of the file with zeros
            for place, data in files(self.folder, since):
                # Files that wait to be written again hold what earlier tests wrote.
                name = Path(place.split(" ")[0]).name
                if not _SEGMENT.fullmatch(name) or self._first <= name <= last:
                    yield place, data

    def _one(self, query: str) -> str:
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return str(row[0])


def in_redis(since: float) -> Hay:
    """Every key of every database of Redis, and its files."""
    url = tk.config["ckan.redis.url"]
    client = redis.Redis.from_url(url)
    for name in client.info("keyspace"):
        one = redis.Redis.from_url(url, db=int(name.removeprefix("db")))
        for key in one.scan_iter():
            yield f"redis {name} {key.decode(errors='replace')}", key + b"\n" + _redis_value(one, key)
    folder = Path(client.config_get("dir")["dir"])
    if folder.is_dir():
        yield from files(folder, since)


def _redis_value(client: Any, key: bytes) -> bytes:
    read = {
        "string": lambda: client.get(key),
        "list": lambda: client.lrange(key, 0, -1),
        "set": lambda: client.smembers(key),
        "hash": lambda: client.hgetall(key),
        "zset": lambda: client.zrange(key, 0, -1, withscores=True),
        "stream": lambda: client.xrange(key),
    }
    found = read.get(client.type(key).decode(), lambda: b"")()
    return found if isinstance(found, bytes) else repr(found).encode()


def in_solr(since: float) -> Hay:
    """Every document of the search index, and the files of its core."""
    url = tk.config["solr_url"].rstrip("/")
    with urllib.request.urlopen(f"{url}/update?commit=true&wt=json") as answer:
        answer.read()
    with urllib.request.urlopen(f"{url}/select?q=*:*&rows=10000&fl=*&wt=json") as answer:
        yield "solr: every document", json.dumps(json.load(answer), ensure_ascii=False).encode()
    base, _, core = url.rpartition("/")
    with urllib.request.urlopen(f"{base}/admin/cores?action=STATUS&core={core}&wt=json") as answer:
        folder = Path(json.load(answer)["status"][core]["dataDir"])
    if folder.is_dir():
        yield from files(folder.resolve(), since)


def pages(app: Any, paths: Iterable[str], **headers: str) -> Hay:
    """What the portal answers at ``paths``, headers included; each is there for whoever asks."""
    for path in paths:
        answer = app.get(path, headers=headers)
        yield f"page {path}", answer.get_data() + b"\n" + str(answer.headers).encode()

"""Each file format of a dataset's whole table, beside a bare COPY of the same rows, in a process of its own.

``python -m bench.files INI DATASET FOLDER`` prints one JSON object: ``copy`` and ``formats`` in seconds, and ``build``,
what it takes to build every file (whole and years) anew.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

import psycopg
from psycopg import sql

from bench.site import start
from ckanext.cpdi import config
from ckanext.cpdi.pipeline import publish
from ckanext.cpdi.publish import snapshot, snapshot_store
from ckanext.cpdi.publish.extract import Extract
from ckanext.cpdi.publish.formats import formats
from ckanext.cpdi.publish.rows import arrow
from ckanext.cpdi.publish.rows.source import open_source

COLUMNS = "parquet"


def main(ini: str, dataset: str, folder: str) -> None:
    """Measure, and print the result."""
    with start(ini):
        copy, extract = read(dataset, Path(folder))
        seconds = {name: write(name, extract, Path(folder)) for name in formats()}
        snapshot_store.clear(config.files_path(), dataset)
        began = perf_counter()
        snapshot.build(config.read_dsn(), extract.dataset, extract.profile, config.files_path(), extract.site)
        build = perf_counter() - began
    print(json.dumps({"copy": copy, "formats": seconds, "build": build}))


def read(name: str, folder: Path) -> tuple[float, Extract]:
    """Read the table once; return the seconds of the bare COPY, and the part whose batches come from the disk."""
    profile, dataset = publish.profile_of(name), config.library().dataset(name)
    with open_source(config.read_dsn()) as source:
        state = source.state(name)
        if state is None:
            raise SystemExit(f"{name} has no rows")
        rows = partial(source.batches, dataset.rows, state.resource_id, profile.time_zone, None)
        site = config.site("", profile)
        extract = Extract(dataset, profile, site, state.version, state.published_at, None, state.rows, rows)
        copy = bare_copy([field.name for field in dataset.rows.fields], state.resource_id)
        path = folder / f"rows.{COLUMNS}"
        formats()[COLUMNS].write(extract, path)
    return copy, replace(extract, batches=partial(arrow.read, path, dataset.rows, profile.time_zone, snapshot.BATCH))


def bare_copy(columns: list[str], table: str) -> float:
    """Return the seconds that PostgreSQL takes to hand out all rows as CSV, in no order."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(names, sql.Identifier("public", table))
    began = perf_counter()
    with psycopg.connect(config.read_dsn()) as connection, connection.cursor() as cursor, cursor.copy(query) as rows:
        for _ in rows:
            pass
    return perf_counter() - began


def write(name: str, extract: Extract, folder: Path) -> float:
    """Return the seconds that one format takes for the whole table."""
    work = folder / name
    work.mkdir()
    began = perf_counter()
    formats()[name].write(extract, work / f"{extract.name}.{name}")
    return perf_counter() - began


if __name__ == "__main__":
    main(*sys.argv[1:])

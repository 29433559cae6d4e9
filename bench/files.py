"""Each file format of a dataset's whole table, beside a bare COPY of the same rows, in a process of its own.

``python -m bench.files INI DATASET FOLDER`` prints one JSON object. ``copy`` and ``formats`` are seconds; ``build``
is what it takes to build every file (whole and years) anew, ``night`` the same after a night that touched the last
year alone, which has ``share`` of the rows. ``build_cpu`` and ``night_cpu`` are seconds of the processor in this
process.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

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
        build, build_cpu = make(extract)
        share = touch_last_year(extract)
        night, night_cpu = make(extract)
    builds = {"build": build, "build_cpu": build_cpu, "night": night, "night_cpu": night_cpu, "share": share}
    print(json.dumps({"copy": copy, "formats": seconds, **builds}))


def make(extract: Extract) -> tuple[float, float]:
    """Build the files that are missing; return the seconds of the clock, and of the processor."""
    began, worked = perf_counter(), process_time()
    snapshot.build(config.read_dsn(), extract.dataset, extract.profile, config.files_path(), extract.site)
    return perf_counter() - began, process_time() - worked


def touch_last_year(extract: Extract) -> float:
    """Take away the files that a night makes anew where it touched the last year: its own and the whole.

    Returns the share of the rows that the year has.
    """
    name, folder = extract.dataset.name, config.files_path()
    with open_source(config.read_dsn()) as source:
        state = source.state(name)
        last = max(state.years, key=lambda year: year.year) if state else None
    if last is None:
        raise SystemExit(f"{name} has no years")
    for file in snapshot_store.every(folder, name):
        if file.year in (None, last.year):
            file.path.unlink()
    return last.rows / extract.rows


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

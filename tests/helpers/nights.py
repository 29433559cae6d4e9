"""Nights of plain calls, one after the other, and time that passes between them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import psycopg

from helpers import datastore
from helpers.feeds import DATASET, write_calls


def night(path: Path, numbers: Iterable[int], *, street: str = "Queen St", build: bool = True) -> str:
    """Publish calls with these numbers as all there is; return the version."""
    from ckanext.cpdi.jobs import load
    from ckanext.cpdi.pipeline import publish

    write_calls(path, numbers)
    path.write_text(path.read_text(encoding="utf-8").replace("Queen St", street), encoding="utf-8")
    report = load.run(DATASET, str(path), label=path.name, trusted_path=True)
    assert report.state in ("published", "unchanged"), report.message
    if build:
        publish.publish(DATASET, publish.profile_of(DATASET))
    return version()


def version() -> str:
    """The version of the table of calls."""
    with psycopg.connect(datastore.dsn()) as connection:
        query = "SELECT version FROM public._cpdi_version WHERE dataset = %s"
        return connection.execute(query, (DATASET,)).fetchone()[0]


def let_weeks_pass(days: int = 70) -> None:
    """Move all that happened to earlier days, so that every week is over."""
    with psycopg.connect(datastore.dsn()) as connection:
        for table, column in (("version", "published_at"), ("change", "at"), ("correction", "at"), ("notice", "at")):
            connection.execute(f"UPDATE cpdi.{table} SET {column} = {column} - make_interval(days => {days})")
        connection.execute(f"UPDATE cpdi.dataset SET published_at = published_at - make_interval(days => {days})")

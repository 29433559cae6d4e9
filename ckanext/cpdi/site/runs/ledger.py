"""Reads the store's public views for the pages: the version of each table, its years, its runs and their reasons."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from ckanext.cpdi.selection.pool import page_transaction

log = logging.getLogger(__name__)

RUNS_SHOWN = 10


@dataclass(frozen=True)
class Year:
    """The rows of one year of the department's calendar, and the last version that touched them."""

    year: int
    rows: int
    version: str


@dataclass(frozen=True)
class Version:
    """The present version of a table; ``first_time`` and ``last_time`` are None while it is empty.

    ``zone`` is the time zone of its days, empty for the site's own.
    """

    dataset: str
    resource_id: str
    version: str
    run: int
    rows: int
    published_at: datetime
    first_time: datetime | None
    last_time: datetime | None
    zone: str = ""


@dataclass(frozen=True)
class Reason:
    """The number of rows of a run that were withheld or quarantined for one reason."""

    outcome: str
    reason: str
    rows: int


@dataclass(frozen=True)
class ClassRows:
    """The number of rows of a run in one privacy class."""

    name: str
    rows: int


@dataclass(frozen=True)
class PlaceTruth:
    """How true the places of a run are, rounded: ``placed`` and ``team`` in percent, ``median`` and ``p95`` in metres.

    ``team`` is None where the feed reports none; distances say something only where rows were ``measured``.
    """

    placed: Decimal
    median: Decimal
    p95: Decimal
    team: Decimal | None
    measured: bool


@dataclass(frozen=True)
class Run:
    """A run of a dataset with exact counts; :mod:`ckanext.cpdi.site.runs.status` rounds them for the pages."""

    id: int
    dataset: str
    state: str
    started: datetime
    finished: datetime | None
    feed_label: str
    profile_version: str
    read: int
    published: int
    added: int
    changed: int
    removed: int
    withheld: int
    quarantined: int
    reasons: tuple[Reason, ...] = ()
    classes: tuple[ClassRows, ...] = ()
    unchanged: int = 0
    version: str | None = None
    seconds: Mapping[str, float] = field(default_factory=dict[str, float])
    """By stage."""
    places: PlaceTruth | None = None


@dataclass(frozen=True)
class Approval:
    """The last approval of a dataset's privacy rules; ``by_demo`` where the demo approved them itself."""

    dataset: str
    version: str
    profile_version: str
    approved_at: datetime
    by_demo: bool


@dataclass(frozen=True)
class Ledger:
    """The views' content; ``available`` is False where the database did not answer, so that a page can say so."""

    versions: dict[str, Version] = field(default_factory=dict)
    years: dict[str, tuple[Year, ...]] = field(default_factory=dict)
    runs: dict[str, tuple[Run, ...]] = field(default_factory=dict)
    approvals: dict[str, Approval] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()
    """Datasets whose table has rows with ids of a synthetic feed."""
    available: bool = True

    @property
    def sample(self) -> bool:
        """Whether a table has rows of a synthetic feed, by its ids or by the name of the feed."""
        by_id = {run.id: run for runs in self.runs.values() for run in runs}
        latest = (by_id.get(version.run) for version in self.versions.values() if version.rows)
        return bool(self.marked) or any(run is not None and "sample" in run.feed_label.lower() for run in latest)


_VERSIONS = """
    SELECT dataset, resource_id, version, run, rows, published_at, first_time, last_time, zone
    FROM public._cpdi_version
"""
_YEARS = "SELECT dataset, year, rows, version FROM public._cpdi_year WHERE rows > 0 ORDER BY dataset, year DESC"
_RUNS = """
    SELECT id, dataset, state, started, finished, feed_label, profile_version,
           read, published, added, changed, removed, withheld, quarantined
    FROM (SELECT *, row_number() OVER (PARTITION BY dataset ORDER BY id DESC) AS place FROM public._cpdi_run) AS runs
    WHERE place <= %(shown)s OR id IN (SELECT run FROM public._cpdi_version) OR id IN (
        SELECT max(id) FROM public._cpdi_run WHERE state IN ('published', 'unchanged') AND read > 0 GROUP BY dataset)
    ORDER BY dataset, id DESC
"""
_REASONS = """
    SELECT run, outcome, reason, sum(rows)::bigint AS rows FROM public._cpdi_reason
    WHERE run = ANY(%(runs)s) GROUP BY run, outcome, reason ORDER BY run, outcome, rows DESC, reason
"""
_APPROVALS = "SELECT dataset, version, profile_version, approved_at, by_demo FROM public._cpdi_approval"
_PLACES = "SELECT run, placed, median, p95, team, measured FROM public._cpdi_place_truth WHERE run = ANY(%(runs)s)"
_CLASSES = "SELECT run, class AS name, rows FROM public._cpdi_class WHERE run = ANY(%(runs)s)"

# The first and the last rows are enough, and an index finds them: a synthetic feed was loaded before the real one, or
# after it.
_MARKED = """
    SELECT EXISTS (
        SELECT FROM (
            (SELECT {key} AS key FROM {table} ORDER BY _id LIMIT 500)
            UNION ALL (SELECT {key} FROM {table} ORDER BY _id DESC LIMIT 500)
        ) AS rows WHERE key LIKE 'SAMPLE%'
    )
"""


def read_ledger(dsn: str, keys: Mapping[str, str] | None = None) -> Ledger:
    """Read the views with the read role's ``dsn``, in one transaction.

    ``keys`` has the name of the published key of each table that is checked for rows of a synthetic feed.

    Where the database does not answer, or has no views yet, the ledger is empty and ``available`` False: a page
    without numbers is better than none.
    """
    try:
        with page_transaction(dsn) as connection:
            return _read(connection, keys or {})
    except psycopg.Error as error:
        log.warning("the store's views cannot be read: %s", type(error).__name__)
        return Ledger(available=False)


def _read(connection: psycopg.Connection, keys: Mapping[str, str]) -> Ledger:
    """Return the views' content."""
    versions = connection.cursor(row_factory=class_row(Version)).execute(_VERSIONS).fetchall()
    approvals = connection.cursor(row_factory=class_row(Approval)).execute(_APPROVALS).fetchall()
    runs = connection.cursor(row_factory=class_row(Run)).execute(_RUNS, {"shown": RUNS_SHOWN}).fetchall()
    by_dataset: dict[str, list[Run]] = defaultdict(list)
    for run in with_reasons(connection, runs):
        by_dataset[run.dataset].append(run)
    checked = [version for version in versions if version.dataset in keys]
    return Ledger(
        versions={version.dataset: version for version in versions},
        years={name: tuple(Year(*rest) for rest in rows) for name, rows in _grouped(connection, _YEARS, {}).items()},
        runs={name: tuple(of_dataset) for name, of_dataset in by_dataset.items()},
        approvals={approval.dataset: approval for approval in approvals},
        marked=frozenset(version.dataset for version in checked if _has_sample_ids(connection, version, keys)),
    )


def with_reasons(connection: psycopg.Connection, runs: Iterable[Run]) -> list[Run]:
    """Return ``runs`` with their reasons, classes and how true their places are."""
    listed = list(runs)
    shown = {"runs": [run.id for run in listed]}
    reasons, classes = _grouped(connection, _REASONS, shown), _grouped(connection, _CLASSES, shown)
    places = _grouped(connection, _PLACES, shown)
    return [
        replace(
            run,
            reasons=tuple(Reason(*rest) for rest in reasons[run.id]),
            classes=tuple(ClassRows(*rest) for rest in classes[run.id]),
            places=next((PlaceTruth(*rest) for rest in places[run.id]), None),
        )
        for run in listed
    ]


def _grouped(
    connection: psycopg.Connection, query: LiteralString, values: Mapping[str, Any]
) -> dict[Any, list[tuple[Any, ...]]]:
    """Return the rows of ``query`` by their first column, each without it."""
    groups: dict[Any, list[tuple[Any, ...]]] = defaultdict(list)
    for first, *rest in connection.execute(query, values):
        groups[first].append(tuple(rest))
    return groups


def _has_sample_ids(connection: psycopg.Connection, version: Version, keys: Mapping[str, str]) -> bool:
    """Return whether the table has ids that only a synthetic feed gives."""
    query = sql.SQL(_MARKED).format(
        key=sql.Identifier(keys[version.dataset]), table=sql.Identifier("public", version.resource_id)
    )
    row = connection.execute(query).fetchone()
    return bool(row and row[0])

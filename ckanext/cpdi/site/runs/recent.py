"""Reads runs from the store's public views: a run by its number, or the list of all by pages."""

from __future__ import annotations

import logging
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg.rows import class_row

from ckanext.cpdi.selection.pool import page_transaction
from ckanext.cpdi.services.http.errors import LedgerDown
from ckanext.cpdi.site.runs.ledger import Run, with_reasons

log = logging.getLogger(__name__)

PER_PAGE = 30
_LARGEST = 2**63 - 1
_COLUMNS = (
    "id, dataset, state, started, finished, feed_label, profile_version, version, seconds,"
    " read, published, added, changed, removed, unchanged, withheld, quarantined"
)


@dataclass(frozen=True)
class RunList:
    """One page of runs, the newest first; pages count from 1."""

    runs: tuple[Run, ...]
    page: int
    pages: int


def read_run(dsn: str, number: int, datasets: Sequence[str]) -> Run | None:
    """Return the run ``number`` of one of ``datasets``; None where there is none. Raises LedgerDown."""
    if number > _LARGEST:
        return None
    query = f"SELECT {_COLUMNS} FROM public._cpdi_run WHERE id = %s AND dataset = ANY(%s)"
    with _views(dsn) as connection:
        runs = connection.cursor(row_factory=class_row(Run)).execute(query, (number, list(datasets))).fetchall()
        return next(iter(with_reasons(connection, runs)), None)


def read_runs(dsn: str, datasets: Sequence[str], page: int) -> RunList:
    """Return a page of the runs of ``datasets``; the last one where ``page`` is beyond it. Raises LedgerDown."""
    with _views(dsn) as connection:
        counted = connection.execute(
            "SELECT count(*) FROM public._cpdi_run WHERE dataset = ANY(%s)", (list(datasets),)
        ).fetchone()
        pages = max(1, -(-(counted[0] if counted else 0) // PER_PAGE))
        shown = min(max(page, 1), pages)
        query = f"SELECT {_COLUMNS} FROM public._cpdi_run WHERE dataset = ANY(%s) ORDER BY id DESC LIMIT %s OFFSET %s"
        runs = connection.cursor(row_factory=class_row(Run)).execute(
            query, (list(datasets), PER_PAGE, (shown - 1) * PER_PAGE)
        )
        return RunList(tuple(runs.fetchall()), shown, pages)


@contextmanager
def _views(dsn: str) -> Generator[psycopg.Connection]:
    """Give a transaction on the views that sees one state of them."""
    try:
        with page_transaction(dsn) as connection:
            yield connection
    except psycopg.Error as error:
        log.warning("the store's views cannot be read: %s", type(error).__name__)
        raise LedgerDown from error

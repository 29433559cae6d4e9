"""Reads the facts of a table's change log from the store's public views."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from ckanext.cpdi.selection.pool import page_transaction
from ckanext.cpdi.services.lateness.runs import GOOD

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Notice:
    """A change that a run noticed: ``kind`` is first, schema or rules, ``facts`` the store's details of it."""

    at: datetime
    kind: str
    version: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Correction:
    """About how many ``rows`` of a past ``year`` changed in the week that ended at ``at``."""

    at: datetime
    year: int
    rows: int


@dataclass(frozen=True)
class Facts:
    """The facts; ``good`` are the ends of good runs in order. ``available`` is False where no database answered."""

    notices: tuple[Notice, ...] = ()
    corrections: tuple[Correction, ...] = ()
    good: tuple[datetime, ...] = field(default_factory=tuple)
    available: bool = True


_NOTICES = "SELECT at, kind, version, facts FROM public._cpdi_notice WHERE dataset = %s ORDER BY at DESC LIMIT %s"
_CORRECTIONS = (
    "SELECT at, year, rows FROM public._cpdi_correction WHERE dataset = %s ORDER BY at DESC, year DESC LIMIT %s"
)
_GOOD = "SELECT finished FROM public._cpdi_run WHERE dataset = %s AND state = ANY(%s) ORDER BY finished"


def read(dsn: str, dataset: str, most: int) -> Facts:
    """Read the ``most`` latest facts of each kind with the read role's ``dsn``, in one transaction."""
    try:
        with page_transaction(dsn) as connection:
            notices = connection.cursor(row_factory=class_row(Notice)).execute(_NOTICES, (dataset, most)).fetchall()
            corrections = connection.cursor(row_factory=class_row(Correction))
            return Facts(
                notices=tuple(notices),
                corrections=tuple(corrections.execute(_CORRECTIONS, (dataset, most)).fetchall()),
                good=tuple(finished for (finished,) in connection.execute(_GOOD, (dataset, list(GOOD)))),
            )
    except psycopg.Error as error:
        log.warning("the change log cannot be read: %s", type(error).__name__)
        return Facts(available=False)

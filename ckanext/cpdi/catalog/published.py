"""The version of a table that readers see, from the store's public view."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import psycopg
from psycopg.rows import class_row


@dataclass(frozen=True)
class Published:
    """A table's published version; ``first_time`` and ``last_time`` are None while it has no rows.

    ``years`` has the rows of each year, and the last version that touched them.
    """

    version: str
    rows: int
    published_at: datetime
    first_time: datetime | None
    last_time: datetime | None
    years: dict[int, tuple[int, str]] = field(default_factory=dict[int, tuple[int, str]])


def published(dsn: str, dataset: str) -> Published | None:
    """Return the version of ``dataset``; None where no run has published it."""
    query = "SELECT version, rows, published_at, first_time, last_time FROM public._cpdi_version WHERE dataset = %s"
    with psycopg.connect(dsn) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        version = connection.cursor(row_factory=class_row(Published)).execute(query, (dataset,)).fetchone()
        if version is None:
            return None
        years = connection.execute("SELECT year, rows, version FROM public._cpdi_year WHERE dataset = %s", (dataset,))
        return replace(version, years={year: (rows, last) for year, rows, last in years})

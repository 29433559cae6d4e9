"""How many rows of a table have a point, from what the store counted of the published rows after the last run."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

import psycopg

from ckanext.cpdi.declare.counted import GEOCODED
from ckanext.cpdi.selection.pool import page_transaction

log = logging.getLogger(__name__)

_QUERY = """
    SELECT category, sum(rows)::bigint, sum(filled)::bigint FROM public._cpdi_completeness
    WHERE dataset = %s AND field = %s GROUP BY 1
"""


@dataclass(frozen=True)
class Placed:
    """The rows of a table, those that have a point, and the latter by category (without those that have none)."""

    rows: int = 0
    points: int = 0
    categories: Mapping[str, int] = field(default_factory=dict[str, int])


def read(dsn: str, dataset: str) -> Placed:
    """Return the counts of ``dataset`` with the read role's ``dsn``; zeros where there are none or nobody answers."""
    try:
        with page_transaction(dsn) as connection:
            counted = connection.execute(_QUERY, (dataset, GEOCODED)).fetchall()
    except psycopg.Error as error:
        log.warning("points cannot be counted: %s", type(error).__name__)
        return Placed()
    return Placed(
        rows=sum(rows for _, rows, _ in counted),
        points=sum(points for *_, points in counted),
        categories={name: points for name, _, points in counted if name and points},
    )

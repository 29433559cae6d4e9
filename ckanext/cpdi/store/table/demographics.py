"""Published counts of people by year: which years there are, and writing those that a run closes.

In: counts as they may be published. Out: rows of the store's schema, in the run's transaction. A year that is there is
never written again: two versions of a count would tell of the person between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ckanext.cpdi.declare.tables.demographics import NOT_SHOWN, TOTAL
from ckanext.cpdi.rows.demographics.audit import Cell
from ckanext.cpdi.store.database.session import Connection, Session


@dataclass(frozen=True)
class YearOfPeople:
    """A table's counts of one year: ``cells`` of people who may be told apart, and the number of others."""

    name: str
    year: int
    smallest: int
    cells: Sequence[Cell]
    not_shown: int
    total: int


def written(connection: Connection, dataset: int) -> set[tuple[str, int]]:
    """Return the tables and years of which counts are published."""
    query = "SELECT DISTINCT name, year FROM cpdi.demographic WHERE dataset = %s"
    return {(str(name), int(year)) for name, year in connection.execute(query, (dataset,))}


def write(connection: Connection, dataset: int, years: Iterable[YearOfPeople], day: date) -> None:
    """Write the counts of years that have none; ``day`` is the department's on which they were counted."""
    rows = [
        (dataset, year.name, year.year, category, count, mark, year.smallest, day)
        for year in years
        for category, count, mark in (
            *((cell.category, cell.count, cell.mark) for cell in year.cells),
            (NOT_SHOWN, year.not_shown, ""),
            (TOTAL, year.total, ""),
        )
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO cpdi.demographic VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", rows)


def forget(session: Session, dataset: str, year: int) -> int:
    """Take back the published counts of a year of ``dataset``; return how many tables had some.

    The next run that reads the feed counts it anew. Whoever kept the old counts can compare: for a year that was
    counted from a wrong feed, not for a correction of some rows.
    """
    with session() as connection, connection.transaction():
        query = (
            "DELETE FROM cpdi.demographic AS counts USING cpdi.dataset AS dataset"
            " WHERE counts.dataset = dataset.number AND dataset.name = %s AND counts.year = %s RETURNING counts.name"
        )
        return len({name for (name,) in connection.execute(query, (dataset, year))})

"""What must go from every copy: rows that were denied, whose class rose, or that were masked by older rules.

A purge is asked for in the transaction of what causes it, and stands here until every copy is rid of it: a process that
is killed on the way leaves it to the next one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from psycopg import sql
from psycopg.types.json import Jsonb

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.history import row_changes
from ckanext.cpdi.store.privacy import denial
from ckanext.cpdi.store.table import build, catalogue, state
from ckanext.cpdi.store.table import version as versions
from ckanext.cpdi.store.table.shape import Shape

Cause = Literal["denied", "rise", "rules"]


@dataclass(frozen=True)
class Purge:
    """A purge that is not done. ``removed``: whether its rows have left the table; ``ids``, ``years``: which they were.

    Of a purge for new ``rules`` the old form of every row must go, whatever its id and year.
    """

    id: int
    dataset: str
    cause: Cause
    removed: bool
    ids: tuple[int, ...]
    years: tuple[int, ...]

    @property
    def everything(self) -> bool:
        """Whether no older form of any row may stay."""
        return self.cause == "rules"


def note(connection: Connection, dataset: str, cause: Cause, ids: list[int], years: list[int]) -> None:
    """Ask for a purge of rows that leave the table with this transaction."""
    query = "INSERT INTO cpdi.purge (dataset, cause, removed, ids, years) VALUES (%s, %s, clock_timestamp(), %s, %s)"
    connection.execute(query, (dataset, cause, ids, years))


def remove(connection: Connection, number: int, dataset: str, shape: Shape, zone: str) -> int:
    """Remove the denied rows from the table of dataset ``number``, whose lock the caller has; return how many.

    The table gets a new version, and so do the years of the rows. What is remembered of them afterwards is their keys'
    hashes and their classes, and which ids are to go from the other copies.
    """
    with connection.transaction():
        state.create(connection, number)
        ids = denial.forget(connection, number, dataset)
        years: dict[int, int] = {}
        if ids and build.exists(connection, shape):
            years = catalogue.count_years(connection, shape.name, shape.table.time_field, zone, ids)
            query = sql.SQL("DELETE FROM {} WHERE _id = ANY(%s) RETURNING _id").format(shape.name)
            gone = [int(row[0]) for row in connection.execute(query, (ids,))]
            _write_version(connection, number, shape, zone, gone, years)
        connection.execute(
            "UPDATE cpdi.purge SET removed = clock_timestamp(), ids = %s, years = %s"
            " WHERE dataset = %s AND removed IS NULL",
            (ids, list(years), dataset),
        )
    return len(ids)


def _write_version(
    connection: Connection, number: int, shape: Shape, zone: str, ids: list[int], years: dict[int, int]
) -> None:
    """Give the table a new version, in which the rows ``ids`` are gone.

    To readers it is one of the run before, and no run of its own: from night to night these rows left with the next
    run, which counts them among its own and touches their years once more.
    """
    now = row_changes.later(connection, number, datetime.now(UTC))
    before = catalogue.entry(connection, number)
    version = versions.again(str(before.version))
    catalogue.move_years(connection, number, version, {year: -rows for year, rows in years.items()})
    begin, end = catalogue.period(connection, shape.name, shape.table.time_field, zone)
    rows = before.rows - len(ids)
    times = {"first_time": begin, "last_time": end, "published_at": now}
    left = Counter(before.left) + Counter({str(year): moved for year, moved in years.items()})
    left += Counter({"": len(ids) - sum(years.values())})
    values = {"version": version, "rows": rows, "left_between": Jsonb(left), **times}
    catalogue.write(connection, number, values)
    catalogue.write_total(connection, shape.resource_id, rows)
    row_changes.remove(connection, number, version, now, zone, ids)

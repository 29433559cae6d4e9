"""How well published rows hide among each other, and how much of a feed was coarsened: counts for the records desk.

Read with the store's own role in a transaction that only reads, since a row's classes are not for the read role.
"""

from __future__ import annotations

from dataclasses import dataclass

from psycopg import sql

from ckanext.cpdi.declare import Table
from ckanext.cpdi.declare.tables.table import Meeting
from ckanext.cpdi.store.database.session import Session
from ckanext.cpdi.store.ledger.ledger import Ledger
from ckanext.cpdi.store.privacy import meeting
from ckanext.cpdi.store.privacy.meeting import Met
from ckanext.cpdi.store.table import build, catalogue, state
from ckanext.cpdi.store.table.shape import Shape

FEW = 5
"""Fewer rows than this are few."""


@dataclass(frozen=True)
class Alike:
    """Published rows of one set of classes (a bit mask): how many are alone on place, time and kind, how many have
    fewer than FEW like them, themselves included, and the smallest such group.
    """

    classes: int
    rows: int
    alone: int
    few: int
    smallest: int


@dataclass(frozen=True)
class Share:
    """Rows of a run by class, year and outcome; see :data:`ckanext.cpdi.rows.identity.shares.OUTCOMES`."""

    name: str
    year: int
    outcome: str
    rows: int


def told_by(table: Table) -> list[str]:
    """Return the fields by which a published row is told from others: place, time and its precision, kind."""
    kind = table.kind or tuple(field.name for field in table.fields if field.mask in ("type", "person"))
    masked = [
        field.name for field in table.fields if field.mask in ("place", "time") or field.column == "time.precision"
    ]
    return list(dict.fromkeys([*masked, *kind]))


class RiskCounts:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        """Work on the connection of ``session``."""
        self._session, self._ledger = session, ledger

    def alike(self, dataset: str, resource_id: str, table: Table) -> list[Alike]:
        """Return how the rows of the table of ``dataset`` hide among each other, by their sets of classes; nothing
        where there is no table.

        Groups are told apart by a hash of 64 bits: sorting those takes a fifth of the time that sorting the fields
        takes.
        """
        query = sql.SQL(
            "SELECT classes, count(*), count(*) FILTER (WHERE alike = 1), count(*) FILTER (WHERE alike < {few}),"
            " min(alike) FROM (SELECT known.classes,"
            " count(*) OVER (PARTITION BY hash_record_extended(ROW({fields}), 0)) AS alike"
            " FROM {table} AS rows JOIN {state} AS known ON known.id = rows._id) AS groups GROUP BY 1 ORDER BY 1"
        )
        with self._session() as connection:
            number = catalogue.number_of(connection, dataset)
            shape = Shape(resource_id, table, build.postgis_schema(connection))
            if not build.exists(connection, shape):
                return []
            query = query.format(
                few=sql.Literal(FEW),
                fields=sql.SQL(", ").join(sql.Identifier("rows", name) for name in told_by(table)),
                table=shape.name,
                state=state.table_of(number),
            )
            with connection.transaction():
                connection.execute("SET TRANSACTION READ ONLY")
                connection.execute("SET LOCAL work_mem = '128MB'")
                return [Alike(*row) for row in connection.execute(query)]

    def met(self, mine: tuple[str, Table], other: tuple[str, Table], meets: Meeting, zone: str) -> Met | None:
        """Return how the rows of a table meet those of another, each as resource and table; None without one."""
        with self._session() as connection:
            postgis = build.postgis_schema(connection)
            return meeting.met(connection, Shape(*mine, postgis), Shape(*other, postgis), meets, zone)

    def shares(self, dataset: str) -> tuple[int | None, list[Share], dict[str, int]]:
        """Return the last run with rows, what it showed of them, and by column the rows with a value nobody judged."""
        last = self._ledger.last_finished(dataset)
        if last is None:
            return None, [], {}
        query = "SELECT class, year, outcome, rows FROM cpdi.run_share WHERE run = %s ORDER BY year, class, outcome"
        with self._session() as connection:
            shares = [Share(*row) for row in connection.execute(query, (last.id,))]
        reasons = self._ledger.reasons(last.id)
        return last.id, shares, {reason.field: reason.rows for reason in reasons if reason.reason == "unmapped_value"}

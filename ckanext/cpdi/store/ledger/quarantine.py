"""The lines of a feed that a run set aside, for staff to look at."""

from __future__ import annotations

from psycopg.rows import class_row

from ckanext.cpdi.store.database.session import Session
from ckanext.cpdi.store.ledger.record import Line

_OF_RUN = "FROM cpdi.run_reject WHERE run = %(run)s AND outcome = 'quarantined' AND %(reason)s IN ('', reason)"


class Quarantine:
    """Made by :class:`ckanext.cpdi.store.Store`, on whose session it works; it raises what the store raises."""

    def __init__(self, session: Session) -> None:
        """Work on the connection of ``session``."""
        self._session = session

    def lines(self, run: int, reason: str = "", limit: int | None = None, offset: int = 0) -> list[Line]:
        """Return the lines of ``run`` that were kept, in the feed's order: of one ``reason``, or all."""
        query = f"SELECT line, reason, field {_OF_RUN} ORDER BY line, reason, field LIMIT %(limit)s OFFSET %(offset)s"
        values = {"run": run, "reason": reason, "limit": limit, "offset": offset}
        with self._session() as connection:
            return connection.cursor(row_factory=class_row(Line)).execute(query, values).fetchall()

    def count(self, run: int, reason: str = "") -> int:
        """Return how many lines :meth:`lines` has in all."""
        with self._session() as connection:
            row = connection.execute(f"SELECT count(*) {_OF_RUN}", {"run": run, "reason": reason}).fetchone()
        return int(row[0]) if row else 0

    def first_lines(self, run: int, each: int) -> dict[tuple[str, str], list[int]]:
        """Return the first lines of every (reason, field) of ``run``, at most ``each``."""
        query = (
            "SELECT reason, field, (array_agg(line ORDER BY line))[1:%(each)s]"
            " FROM cpdi.run_reject WHERE run = %(run)s AND outcome = 'quarantined' GROUP BY reason, field"
        )
        with self._session() as connection:
            rows = connection.execute(query, {"run": run, "each": each}).fetchall()
        return {(reason, field): numbers for reason, field, numbers in rows}

"""What staff look at: the lines that a run set aside."""

from __future__ import annotations

from psycopg.rows import class_row

from ckanext.cpdi.store.database.session import Connection
from ckanext.cpdi.store.ledger.record import Line

_OF_RUN = "FROM cpdi.run_reject WHERE run = %(run)s AND outcome = 'quarantined' AND %(reason)s IN ('', reason)"


def lines(connection: Connection, run: int, reason: str, limit: int | None, offset: int) -> list[Line]:
    """Return the lines of ``run`` that were kept, in the feed's order; those of one ``reason``, or all where empty."""
    query = f"SELECT line, reason, field {_OF_RUN} ORDER BY line, reason, field LIMIT %(limit)s OFFSET %(offset)s"
    values = {"run": run, "reason": reason, "limit": limit, "offset": offset}
    return connection.cursor(row_factory=class_row(Line)).execute(query, values).fetchall()


def count_lines(connection: Connection, run: int, reason: str) -> int:
    """Return how many lines :func:`lines` has in all."""
    found = connection.execute(f"SELECT count(*) {_OF_RUN}", {"run": run, "reason": reason}).fetchone()
    return int(found[0]) if found else 0


def first_lines(connection: Connection, run: int, each: int) -> dict[tuple[str, str], list[int]]:
    """Return the first lines of every reason and field of ``run``, at most ``each``."""
    query = (
        "SELECT reason, field, (array_agg(line ORDER BY line))[1:%(each)s]"
        " FROM cpdi.run_reject WHERE run = %(run)s AND outcome = 'quarantined' GROUP BY reason, field"
    )
    found = connection.execute(query, {"run": run, "each": each})
    return {(reason, field): numbers for reason, field, numbers in found}

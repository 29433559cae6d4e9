"""The rows that came out last, under a filter: by the version that they came with, never by when something happened."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from psycopg import sql

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.tree import Condition
from ckanext.cpdi.selection.reader import Reader


class Newest(NamedTuple):
    """A row: its id, when it came out or changed last, its columns."""

    row_id: int
    at: datetime
    values: tuple[Any, ...]


def newest(reader: Reader, dataset: str, columns: tuple[str, ...], condition: Condition, limit: int) -> list[Newest]:
    """Return the rows of ``dataset`` that meet ``condition``, the newest first; as far back as changes are known.

    Those of a first load are none: nobody waited for them. Rows of one version come in the order of their ids, which is
    none of time.
    """
    writer = reader.writer()
    where = writer.where(condition)
    listed = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL(
        "SELECT {id}, _moved_at, {columns} FROM (SELECT id AS _moved, at AS _moved_at FROM public._cpdi_change"
        " WHERE dataset = {dataset} AND NOT gone AND at <= now()) AS moved JOIN {table} ON {id} = _moved WHERE {where}"
        " ORDER BY _moved_at DESC, {id} DESC LIMIT {limit}"
    ).format(
        id=sql.Identifier(ROW_ID),
        columns=listed,
        dataset=sql.Literal(dataset),
        table=writer.name,
        where=where,
        limit=sql.Literal(limit),
    )
    rows = reader.connection.execute(statement, writer.values).fetchall()
    return [Newest(row[0], row[1], row[2:]) for row in rows]

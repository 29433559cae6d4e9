"""Reported errors as everybody may see them: staff's words, and nothing of what a visitor wrote."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg.rows import class_row

if TYPE_CHECKING:  # the store loads Polars, which a process of the pages does without
    from ckanext.cpdi.store.database.session import Connection

_COLUMNS = "number, dataset, received_on, state, summary, answer, language, changed"
_CONFIGURATION = "CASE language WHEN 'es' THEN 'spanish'::regconfig ELSE 'english'::regconfig END"
_MEETS = f"""
    dataset = ANY (%(datasets)s)
    AND (%(state)s = '' OR state = %(state)s)
    AND (%(words)s = '' OR number::text = %(words)s
        OR to_tsvector({_CONFIGURATION}, summary || ' ' || answer) @@ websearch_to_tsquery({_CONFIGURATION}, %(words)s))
"""


@dataclass(frozen=True)
class Erratum:
    """A reported error; ``dataset`` is empty where it is about the portal, both texts are in ``language``."""

    number: int
    dataset: str
    received_on: date
    state: str
    summary: str
    answer: str
    language: str
    changed: datetime


@dataclass(frozen=True)
class Asked:
    """Which reports are asked for: of these datasets (an empty name: the portal), of a state or all, with words."""

    datasets: Collection[str]
    state: str = ""
    words: str = ""


def count(connection: Connection, asked: Asked) -> int:
    """Return how many reports there are."""
    row = connection.execute(f"SELECT count(*) FROM public._cpdi_erratum WHERE {_MEETS}", _values(asked)).fetchone()
    return int(row[0]) if row else 0


def newest(connection: Connection, asked: Asked, most: int, skipped: int = 0) -> list[Erratum]:
    """Return ``most`` reports behind ``skipped``, the highest number first."""
    return _read(connection, asked, "number DESC", most, skipped)


def last_changed(connection: Connection, asked: Asked, most: int) -> list[Erratum]:
    """Return ``most`` reports, the one first whose state or answer changed last."""
    return _read(connection, asked, "changed DESC, number DESC", most, 0)


def get(connection: Connection, number: int) -> Erratum | None:
    """Return a report; None where there is none."""
    query = f"SELECT {_COLUMNS} FROM public._cpdi_erratum WHERE number = %s"
    return connection.cursor(row_factory=class_row(Erratum)).execute(query, (number,)).fetchone()


def _read(connection: Connection, asked: Asked, order: LiteralString, most: int, skipped: int) -> list[Erratum]:
    query = (
        f"SELECT {_COLUMNS} FROM public._cpdi_erratum WHERE {_MEETS} ORDER BY {order} LIMIT %(most)s OFFSET %(skipped)s"
    )
    values = {**_values(asked), "most": most, "skipped": skipped}
    return connection.cursor(row_factory=class_row(Erratum)).execute(query, values).fetchall()


def _values(asked: Asked) -> dict[str, Any]:
    return {"datasets": list(asked.datasets), "state": asked.state, "words": asked.words}

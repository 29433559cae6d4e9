"""Words with digits in CKAN's own search: each becomes a condition in the SQL that CKAN builds.

What such a word may be is said by :mod:`ckanext.cpdi.query.words`, for every service alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, cast

from psycopg import sql
from sqlalchemy import text as sql_text

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.tree import any_of
from ckanext.cpdi.query.words import Word, numbers
from ckanext.cpdi.query.writers.sql import SqlWriter

Clause = tuple[str, dict[str, str]]
"""A condition, and its parameters by name."""


_KINDS = {str: "text", datetime: "timestamptz", date: "date", int | float: "numeric"}
"""PostgreSQL's types of values; an instant is a day as well, so that it stands before days."""


@dataclass(frozen=True)
class Search:
    """The words with digits of a search in ``table``. Words are read in ``language``, days in ``zone`` or in UTC."""

    table: Table
    words: tuple[Word, ...]
    language: str
    zone: tzinfo

    def clauses(self, connection: Any, resource_id: str) -> Iterator[Clause]:  # noqa: ANN401  CKAN's own type
        """Yield a condition for each word; a word that is a row's number becomes that condition alone.

        CKAN accepts only parameters that the condition names.
        """
        for place, word in enumerate(self.words):
            exact = self._exact(word, place) if not (word.prefix or word.column) else None
            if exact and _exists(connection, resource_id, exact):
                yield exact
            else:
                writer = self._writer(place)
                yield _clause(writer, writer.word(word))

    def _exact(self, word: Word, place: int) -> Clause:
        """Return the condition that a row's number is the word."""
        writer = self._writer(place)
        return _clause(writer, writer.where(any_of(numbers(word, self.table))))

    def _writer(self, place: int) -> _NamedValues:
        return _NamedValues(self.table, sql.SQL(""), language=self.language, zone=self.zone, prefix=f"cpdi_{place}")


@dataclass
class _NamedValues(SqlWriter):
    """Writes parameters by name, as CKAN's SQL has them; their names begin with ``prefix``.

    They are texts, which SQL casts: CKAN renders no others where it answers in CSV.
    """

    prefix: str = "cpdi"

    def value(self, value: object) -> sql.Composable:
        if isinstance(value, list):
            listed = cast("list[object]", value)
            return sql.SQL("ARRAY[{}]").format(sql.SQL(", ").join(map(self.value, listed)))
        self.values.append(str(value))
        name = f"{self.prefix}_{len(self.values) - 1}"
        kind = next(kind for base, kind in _KINDS.items() if isinstance(value, base))
        return sql.SQL(f"cast(:{name} AS {kind})")  # pyright: ignore[reportArgumentType]  names of ours


def _clause(writer: _NamedValues, condition: sql.Composable) -> Clause:
    parameters = {f"{writer.prefix}_{place}": str(value) for place, value in enumerate(writer.values)}
    return condition.as_string(None), parameters


def _exists(connection: Any, resource_id: str, clause: Clause) -> bool:  # noqa: ANN401
    where, parameters = clause
    query = f'SELECT EXISTS (SELECT FROM "{resource_id}" WHERE {where})'
    return bool(connection.execute(sql_text(query), parameters).scalar())

"""Terms of a full-text search that have digits: numbers of records, days, figures. Each becomes a condition in SQL.

They are not in the text index, since a million numbers would take as long to index as all words together. A number is
found by its unique index, a day by the index of the time. Other fields are compared row by row, as a filter does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import text as sql_text

from ckanext.cpdi.declare import Field, Table

Clause = tuple[str, dict[str, str]]
"""A condition, and its parameters by name; they are text, which SQL casts."""

_DAY = re.compile(r"(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?", re.ASCII)
_FIGURE = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_SEPARATORS = "-_#"
"""Characters that separate a number's parts; CKAN's own search finds a number by its first part."""
_HIGHEST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Term:
    """A word with a digit, or a ``prefix`` of one; with a ``field``, only that field is searched."""

    text: str
    prefix: bool = False
    field: str = ""


@dataclass(frozen=True)
class Search:
    """The ``terms`` of a search in ``table``. Words are read in ``language``, days in ``zone`` or in UTC."""

    table: Table
    terms: tuple[Term, ...]
    language: str
    zone: tzinfo

    def clauses(self, connection: Any, resource_id: str) -> Iterator[Clause]:  # noqa: ANN401  CKAN's own type
        """Yield a condition for each term; a term that is a row's number becomes that condition alone.

        CKAN accepts only parameters that the condition names.
        """
        for place, term in enumerate(self.terms):
            name = f"cpdi_{place}"
            exact = None if term.prefix or term.field else _Condition(self, term, name).exact()
            if exact and _exists(connection, resource_id, exact):
                yield exact
            else:
                yield _Condition(self, term, name).anywhere()


class _Condition:
    """The condition for one term; ``name`` is the prefix of its parameters' names."""

    def __init__(self, search: Search, term: Term, name: str) -> None:
        self._search, self._term, self._name = search, term, name
        named = [field for field in search.table.fields if field.name == term.field]
        self._fields = named if term.field else list(search.table.fields)
        self._parameters: dict[str, str] = {}

    def exact(self) -> Clause | None:
        """Return the condition that a row's number is the term; None where rows have no numbers."""
        return self._either(self._is_number())

    def anywhere(self) -> Clause:
        """Return the condition that any field of a row has the term."""
        return self._either(self._alternatives()) or ("false", {})

    def _either(self, parts: Iterator[str]) -> Clause | None:
        joined = " OR ".join(parts)
        return (f"({joined})", dict(self._parameters)) if joined else None

    def _alternatives(self) -> Iterator[str]:
        if not self._term.field:
            yield self._is_word()
            if not self._term.prefix:
                yield from self._is_value()
        yield from self._is_number()
        yield from self._begins_number()
        yield from self._is_day()
        yield from self._is_figure()

    def _placeholder(self, value: str) -> str:
        """Add a parameter and return its placeholder."""
        name = f"{self._name}_{len(self._parameters)}"
        self._parameters[name] = value
        return f":{name}"

    def _fields_of(self, *types: str) -> Iterator[Field]:
        return (field for field in self._fields if field.type in types)

    def _is_number(self) -> Iterator[str]:
        """Yield the conditions for a row's number, as written and in upper case."""
        cases = dict.fromkeys((self._term.text, self._term.text.upper()))
        for field in filter(is_number, self._fields):
            if not self._term.prefix:
                yield from (f"{_column(field)} = {self._placeholder(case)}" for case in cases)

    def _begins_number(self) -> Iterator[str]:
        """Yield the conditions for a row's number that begins with the prefix, or has the term as its first part."""
        begins = ("",) if self._term.prefix else _SEPARATORS
        for field in filter(is_number, self._fields):
            for begin in begins:
                start = self._term.text + begin
                low, high = self._placeholder(start), self._placeholder(start + _HIGHEST)
                yield f"({_column(field)} >= {low} AND {_column(field)} < {high})"

    def _is_word(self) -> str:
        """Return the condition that the term is among the indexed words of a row."""
        language, quoted = self._placeholder(self._search.language), "'" + self._term.text.replace("'", "''") + "'"
        if self._term.prefix:
            return f"_full_text @@ to_tsquery(cast({language} AS regconfig), {self._placeholder(f'{quoted}:*')})"
        return f"_full_text @@ plainto_tsquery(cast({language} AS regconfig), {self._placeholder(self._term.text)})"

    def _is_value(self) -> Iterator[str]:
        """Yield the conditions for a field outside the text index that equals the term."""
        for field in filter(is_unsearched, self._fields):
            yield f"{_column(field)} = {self._placeholder(self._term.text)}"

    def _is_day(self) -> Iterator[str]:
        """Yield the conditions for a time on the day, in the month or in the year."""
        span = day(self._term.text, self._search.zone)
        if span is None:
            return
        for field in self._fields_of("datetime", "date"):
            start, end = (f"cast({self._placeholder(at.isoformat())} AS timestamptz)" for at in span)
            yield f"({_column(field)} >= {start} AND {_column(field)} < {end})"

    def _is_figure(self) -> Iterator[str]:
        """Yield the conditions for a figure of this value; with a prefix, for one with these first decimals."""
        figure = _FIGURE.fullmatch(self._term.text)
        if figure is None:
            return
        for field in self._fields_of("number", "integer"):
            if not self._term.prefix:
                yield f"{_column(field)} = cast({self._placeholder(self._term.text)} AS numeric)"
            elif figure[1]:
                value = Decimal(self._term.text)
                ends = (
                    value,
                    value + Decimal(10) ** -(len(figure[1]) - 1) * (-1 if self._term.text.startswith("-") else 1),
                )
                low, high = (f"cast({self._placeholder(str(end))} AS numeric)" for end in sorted(ends))
                yield f"({_column(field)} >= {low} AND {_column(field)} <= {high})"


def is_number(field: Field) -> bool:
    """Return whether the field is a record's number, which is unique."""
    return field.type == "string" and field.constraints.unique


def is_unsearched(field: Field) -> bool:
    """Return whether the field's text is left out of the text index."""
    return field.type == "string" and not field.search


def is_figure(word: str) -> bool:
    """Return whether ``word`` is a decimal number."""
    return _FIGURE.fullmatch(word) is not None


def day(word: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return start and end of the day, month or year ``word``; None for anything else.

    The span covers the day in ``zone``, as files show it, and the day in UTC, as the API shows it.
    """
    match = _DAY.fullmatch(word)
    if match is None:
        return None
    try:
        first = date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None
    if match["day"]:
        after = first + timedelta(days=1)
    elif match["month"]:
        after = _next_month(first)
    else:
        after = date(first.year + 1, 1, 1)
    starts, ends = ([datetime(at.year, at.month, at.day, tzinfo=kind) for kind in (zone, UTC)] for at in (first, after))
    return min(starts), max(ends)


def _next_month(first: date) -> date:
    """Return the first day of the month after that of ``first``."""
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _column(field: Field) -> str:
    return f'"{field.name}"'  # declared names are lower case letters, digits and _


def _exists(connection: Any, resource_id: str, clause: Clause) -> bool:  # noqa: ANN401
    where, parameters = clause
    query = f'SELECT EXISTS (SELECT FROM "{resource_id}" WHERE {where})'
    return bool(connection.execute(sql_text(query), parameters).scalar())

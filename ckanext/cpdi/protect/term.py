"""Words of a full-text search that are no words: numbers of records, days, figures. Each becomes a condition in SQL.

They are not in the text index, since a million numbers would take as long to index as all words together. A number is
found by its unique index, a day by the time's; what has neither is compared row by row, as a filter would.
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
_PARTED = "-_#"
"""What parts a number into words, the first of which CKAN's own search finds by itself."""
_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Term:
    """One word with a digit in it, or a ``prefix`` of one; with a ``field`` it is looked for there alone."""

    text: str
    prefix: bool = False
    field: str = ""


@dataclass(frozen=True)
class Search:
    """The ``terms`` of one search in ``table``; its words are read in ``language``, days in ``zone`` or in UTC."""

    table: Table
    terms: tuple[Term, ...]
    language: str
    zone: tzinfo

    def clauses(self, connection: Any, resource_id: str) -> Iterator[Clause]:  # noqa: ANN401  CKAN's own type
        """Yield a condition for each term; what is the number of a row is asked for as that and nothing else.

        CKAN takes no parameter that its condition does not name.
        """
        for place, term in enumerate(self.terms):
            name = f"cpdi_{place}"
            exact = None if term.prefix or term.field else _Condition(self, term, name).exact()
            if exact and _exists(connection, resource_id, exact):
                yield exact
            else:
                yield _Condition(self, term, name).anywhere()


class _Condition:
    """What one term asks for; ``name`` begins the names of its parameters."""

    def __init__(self, search: Search, term: Term, name: str) -> None:
        self._search, self._term, self._name = search, term, name
        named = [one for one in search.table.fields if one.name == term.field]
        self._fields = named if term.field else list(search.table.fields)
        self._given: dict[str, str] = {}

    def exact(self) -> Clause | None:
        """Return that it is the number of a row; None where rows have none."""
        return self._any_of(self._is_number())

    def anywhere(self) -> Clause:
        """Return that a row has the term somewhere."""
        return self._any_of(self._everywhere()) or ("false", {})

    def _any_of(self, parts: Iterator[str]) -> Clause | None:
        joined = " OR ".join(parts)
        return (f"({joined})", dict(self._given)) if joined else None

    def _everywhere(self) -> Iterator[str]:
        if not self._term.field:
            yield self._is_word()
            if not self._term.prefix:
                yield from self._is_value()
        yield from self._is_number()
        yield from self._begins_number()
        yield from self._is_day()
        yield from self._is_figure()

    def _put(self, value: str) -> str:
        """Return the placeholder of a parameter."""
        name = f"{self._name}_{len(self._given)}"
        self._given[name] = value
        return f":{name}"

    def _of(self, *types: str) -> Iterator[Field]:
        return (one for one in self._fields if one.type in types)

    def _is_number(self) -> Iterator[str]:
        """Yield that it is the number of a row, in either case of its letters."""
        cases = dict.fromkeys((self._term.text, self._term.text.upper()))
        for one in filter(is_number, self._fields):
            if not self._term.prefix:
                yield from (f"{_column(one)} = {self._put(case)}" for case in cases)

    def _begins_number(self) -> Iterator[str]:
        """Yield that the number of a row begins with it: with a prefix, or with the whole first part."""
        begins = ("",) if self._term.prefix else _PARTED
        for one in filter(is_number, self._fields):
            for begin in begins:
                start = self._term.text + begin
                yield f"({_column(one)} >= {self._put(start)} AND {_column(one)} < {self._put(start + _LAST)})"

    def _is_word(self) -> str:
        """Return that it is one of the words of a row."""
        language, quoted = self._put(self._search.language), "'" + self._term.text.replace("'", "''") + "'"
        if self._term.prefix:
            return f"_full_text @@ to_tsquery(cast({language} AS regconfig), {self._put(f'{quoted}:*')})"
        return f"_full_text @@ plainto_tsquery(cast({language} AS regconfig), {self._put(self._term.text)})"

    def _is_value(self) -> Iterator[str]:
        """Yield that a field whose words are not searched has it and nothing else."""
        for one in filter(is_unsearched, self._fields):
            yield f"{_column(one)} = {self._put(self._term.text)}"

    def _is_day(self) -> Iterator[str]:
        """Yield that a time lies on the day, in the month or in the year."""
        span = day(self._term.text, self._search.zone)
        if span is None:
            return
        for one in self._of("datetime", "date"):
            start, end = (f"cast({self._put(at.isoformat())} AS timestamptz)" for at in span)
            yield f"({_column(one)} >= {start} AND {_column(one)} < {end})"

    def _is_figure(self) -> Iterator[str]:
        """Yield that a figure has this value; with a prefix, that it begins with these digits behind its point."""
        found = _FIGURE.fullmatch(self._term.text)
        if found is None:
            return
        for one in self._of("number", "integer"):
            if not self._term.prefix:
                yield f"{_column(one)} = cast({self._put(self._term.text)} AS numeric)"
            elif found[1]:
                value = Decimal(self._term.text)
                ends = (
                    value,
                    value + Decimal(10) ** -(len(found[1]) - 1) * (-1 if self._term.text.startswith("-") else 1),
                )
                low, high = (f"cast({self._put(str(end))} AS numeric)" for end in sorted(ends))
                yield f"({_column(one)} >= {low} AND {_column(one)} <= {high})"


def is_number(field: Field) -> bool:
    """Return whether the field holds the number that one row alone has."""
    return field.type == "string" and field.constraints.unique


def is_unsearched(field: Field) -> bool:
    """Return whether the field's text is not among the words of a row."""
    return field.type == "string" and not field.search


def is_figure(word: str) -> bool:
    """Return whether ``word`` is a decimal number."""
    return _FIGURE.fullmatch(word) is not None


def day(word: str, zone: tzinfo) -> tuple[datetime, datetime] | None:
    """Return from when to when the day, month or year ``word`` lasts; None for anything else.

    Both the days of ``zone``, which files show, and those of UTC, which the API shows, lie in it.
    """
    found = _DAY.fullmatch(word)
    if found is None:
        return None
    try:
        first = date(int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    except ValueError:
        return None
    if found["day"]:
        after = first + timedelta(days=1)
    elif found["month"]:
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
    where, given = clause
    query = f'SELECT EXISTS (SELECT FROM "{resource_id}" WHERE {where})'
    return bool(connection.execute(sql_text(query), given).scalar())

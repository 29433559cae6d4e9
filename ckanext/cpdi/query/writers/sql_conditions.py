"""Conditions as SQL: comparisons, times, searches, and what joins them.

In: a condition of the tree. Out: a boolean expression with placeholders, whose values the writer gathers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

import msgspec
from psycopg import sql

from ckanext.cpdi.query.areas import AreaOf, layer_of, no_areas
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    And,
    Between,
    Comparison,
    Condition,
    Distance,
    Envelope,
    Everything,
    In,
    Instant,
    Intersects,
    Interval,
    IsNull,
    Like,
    Not,
    Nothing,
    Or,
    Search,
    Term,
    Value,
    any_of,
)
from ckanext.cpdi.query.words import Word, alternatives, numbers, split
from ckanext.cpdi.query.writers.sql_space import SpaceWriter

_UNACCENTED = "regexp_replace(normalize({}, NFD), '[\\u0300-\\u036f]', '', 'g')"
_FUNCTIONS = {
    "unaccent": _UNACCENTED,
    "fold": f'(lower({_UNACCENTED} COLLATE "und-x-icu") COLLATE "C")',
    "lower": '(lower({} COLLATE "und-x-icu") COLLATE "C")',
    "upper": '(upper({} COLLATE "und-x-icu") COLLATE "C")',
    "trim": "btrim({})",
    "length": "char_length({})",
    "date": "({})::date",
    "year": "EXTRACT(year FROM {})::integer",
    "month": "EXTRACT(month FROM {})::integer",
    "day": "EXTRACT(day FROM {})::integer",
    "hour": "EXTRACT(hour FROM {})::integer",
    "minute": "EXTRACT(minute FROM {})::integer",
    "second": "floor(EXTRACT(second FROM {}))::integer",
    "weekday": "EXTRACT(dow FROM {})::integer",
}
"""Names of :data:`.tree.Function` to SQL. Columns have the collation C, by which only ASCII has two cases; what is made
of them in another is compared by C again, as they are."""
OPERATORS = {operator: sql.SQL(operator) for operator in ("=", "<>", "<", "<=", ">", ">=")}


@dataclass
class ConditionWriter(SpaceWriter):
    """Writes conditions; ``language`` is that of searches.

    Days in searches are those of ``zone``; ``areas`` are those of places. ``exists`` says whether a row meets a
    condition: a number that is a row's is searched by its index alone.
    """

    language: str = "english"
    zone: tzinfo = UTC
    exists: Callable[[Condition], bool] = lambda _condition: False
    areas: AreaOf = no_areas

    def where(self, condition: Condition) -> sql.Composable:
        """Return ``condition`` as a boolean expression."""
        match condition:
            case Everything() | Nothing():
                return sql.SQL("TRUE" if condition == EVERYTHING else "FALSE")
            case And(parts) | Or(parts):
                joint = sql.SQL(" AND " if isinstance(condition, And) else " OR ")
                return sql.SQL("({})").format(joint.join(map(self.where, parts)))
            case Not(part):
                return sql.SQL("(NOT {})").format(self.where(part))
            case Envelope() | Intersects() | Distance():
                return self.spatial(condition)
            case Instant() | Interval():
                return self._time(condition)
            case Search(text):
                return self._search(text)
            case _:
                return self._test(condition)

    def word(self, word: Word) -> sql.Composable:
        """Return the condition that a row has a word with digits: as an indexed word, a number, a day, a figure."""
        parts = [] if word.column else [self._matches(word.text, prefix=word.prefix)]
        parts += map(self.where, alternatives(word, self.table, self.zone))
        return sql.SQL("({})").format(sql.SQL(" OR ").join(parts or [sql.SQL("FALSE")]))

    def term(self, term: Term) -> sql.Composable:
        """Return a column, or a function of one."""
        layer = layer_of(term.column)
        column: sql.Composable = self._area(layer) if layer else sql.Identifier(term.column)
        if term.function is None:
            return column
        if self._type(term.column) == "datetime":
            column = sql.SQL("({} AT TIME ZONE {})").format(column, sql.Literal(term.zone))
        return sql.SQL(_FUNCTIONS[term.function]).format(column)  # pyright: ignore[reportArgumentType]  one of ours

    def _area(self, layer: str) -> sql.Composable:
        """Return the area of a row's place; a map of all places takes a look-up by halves, and a join a plan."""
        if not self.table.place:
            return sql.SQL("NULL::text")
        known = msgspec.json.encode(self.areas(layer)).decode()
        return sql.SQL('(({}::jsonb ->> {}) COLLATE "C")').format(self.value(known), sql.Identifier(self.table.place))

    def _search(self, text: str) -> sql.Composable:
        """Return the condition that a row has all words of ``text``, as ``datastore_search`` finds them."""
        plain, words = split(text)
        parts = [self._matches(plain)] if plain or not words else []
        for word in words:
            number = any_of(numbers(word, self.table))
            parts.append(self.where(number) if self.exists(number) else self.word(word))
        return sql.SQL("({})").format(sql.SQL(" AND ").join(parts))

    def _matches(self, text: str, *, prefix: bool = False) -> sql.Composable:
        """Return the condition that the index of texts has the words of ``text``, or one that begins so."""
        if prefix:
            quoted = text.replace("'", "''")
            query, asked = "to_tsquery", f"'{quoted}':*"
        else:
            query, asked = "plainto_tsquery", text
        return sql.SQL("(_full_text @@ {}({}::regconfig, {}))").format(
            sql.SQL(query), sql.Literal(self.language), self.value(asked)
        )

    def _type(self, column: str) -> str:
        if column == ROW_ID:
            return "integer"
        return "string" if layer_of(column) else self.table.field(column).type

    def _test(self, condition: Comparison | Between | In | Like | IsNull) -> sql.Composable:
        """Return the test of one term."""
        term = self.term(condition.term)
        match condition:
            case Comparison(_, operator, Term() as other):
                return sql.SQL("({} {} {})").format(term, OPERATORS[operator], self.term(other))
            case Comparison(_, operator, value):
                return sql.SQL("({} {} {})").format(term, OPERATORS[operator], self.value(value))
            case Between(_, low, high):
                return sql.SQL("({} BETWEEN {} AND {})").format(term, self.value(low), self.value(high))
            case In(_, values):
                return sql.SQL("({} = ANY({}))").format(term, self.value(_alike(values)))
            case Like(_, pattern):
                return sql.SQL("({} LIKE {})").format(term, self.value(pattern))
            case IsNull():
                return sql.SQL("({} IS NULL)").format(term)

    def _time(self, condition: Instant | Interval) -> sql.Composable:
        column = sql.Identifier(condition.column)
        if isinstance(condition, Instant):
            return sql.SQL("({} = {})").format(column, self.value(condition.at))
        bounds: list[sql.Composable] = []
        if condition.start is not None:
            bounds.append(sql.SQL("{} >= {}").format(column, self.value(condition.start)))
        if condition.end is not None:
            operator = OPERATORS["<=" if condition.closed else "<"]
            bounds.append(sql.SQL("{} {} {}").format(column, operator, self.value(condition.end)))
        return sql.SQL("({})").format(sql.SQL(" AND ").join(bounds or [sql.SQL("{0} = {0}").format(column)]))


def _alike(values: Sequence[Value]) -> Sequence[Value]:
    """Return ``values`` as a list of one type, as an array has it."""
    if any(type(value) is float for value in values):
        return [float(value) for value in values]  # pyright: ignore[reportArgumentType]  numbers beside a number
    return list(values)

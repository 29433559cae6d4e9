"""Writes questions as parameterised SQL for PostgreSQL with PostGIS.

In: a tree, a selection or statistics, and the table's shape. Out: :class:`psycopg.sql.Composable` whose identifiers are
those of the declaration and whose values are placeholders, and the values beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo

import shapely
from psycopg import sql
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Aggregate, Group, Order, Selection, Statistics
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    And,
    Between,
    Comparison,
    Condition,
    Distance,
    Envelope,
    Everything,
    Geometry,
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

_POLAR = 89.0
"""Degrees of latitude beyond which a distance may go around the pole."""
METRES_OF_A_DEGREE = 110_574.0
"""The shortest degree of latitude on WGS 84: a box that is reckoned by it is never too small."""
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
    "second": "EXTRACT(second FROM {})::integer",
    "weekday": "EXTRACT(dow FROM {})::integer",
}
"""Names of :data:`.tree.Function` to SQL. Columns have the collation C, by which texts are in the order of
their bytes, and only ASCII has two cases."""
_OPERATORS = {operator: sql.SQL(operator) for operator in ("=", "<>", "<", "<=", ">", ">=")}
_AGGREGATES = {
    "count": "count({})",
    "sum": "sum({})",
    "min": "min({})",
    "max": "max({})",
    "avg": "avg({})::double precision",
    "stddev": "stddev_samp({})::double precision",
    "var": "var_samp({})::double precision",
}


@dataclass
class SqlWriter:
    """Writes for one table: ``name`` is its qualified name, ``postgis`` PostGIS' schema, ``language`` that of searches.

    Days in searches are those of ``zone``. ``exists`` says whether a row meets a condition: a number that is a row's is
    searched by its index alone.
    ``values`` gathers the parameters in the order of their placeholders: use one writer for one statement.
    """

    table: Table
    name: sql.Composable
    postgis: str = "public"
    language: str = "english"
    zone: tzinfo = UTC
    exists: Callable[[Condition], bool] = lambda _condition: False
    values: list[object] = field(default_factory=list[object])

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
                return self._spatial(condition)
            case Instant() | Interval():
                return self._time(condition)
            case Search(text):
                return self._search(text)
            case _:
                return self._test(condition)

    def select(self, selection: Selection, expressions: Sequence[sql.Composable] = ()) -> sql.Composed:
        """Return the statement for the rows of ``selection``: its columns, or ``expressions`` in their place."""
        listed = expressions or [sql.Identifier(name) for name in selection.columns]
        columns = sql.SQL(", ").join(listed)
        where = [self.where(selection.filter)]
        if selection.after:
            where.append(self._after(selection))
        return sql.SQL("SELECT {} FROM {} WHERE {} ORDER BY {}{}").format(
            columns,
            self.name,
            sql.SQL(" AND ").join(where),
            sql.SQL(", ").join(self._order(order.column, order.descending) for order in selection.total_order),
            self._page(selection.limit, selection.offset),
        )

    def count(self, condition: Condition) -> sql.Composed:
        """Return the statement for the number of rows that meet ``condition``."""
        return sql.SQL("SELECT count(*) FROM {} WHERE {}").format(self.name, self.where(condition))

    def sorted_ids(self, selection: Selection) -> sql.Composed:
        """Return the statement for the ids of the rows of ``selection`` as an array in its order; NULL for none."""
        ids = self.select(selection, [sql.Identifier(ROW_ID)])
        return sql.SQL("SELECT array_agg(ids.{}) FROM ({}) AS ids").format(sql.Identifier(ROW_ID), ids)

    def count_groups(self, statistics: Statistics) -> sql.Composed:
        """Return the statement for the number of groups of ``statistics``."""
        return sql.SQL("SELECT count(*) FROM ({}) AS groups").format(self.statistics(statistics))

    def extent(self, condition: Condition) -> sql.Composed:
        """Return the statement for west, south, east and north of the rows that meet ``condition``; NULL for none."""
        point = self.table.point
        if point is None:
            raise ValueError("the table has no point")
        longitude, latitude = sql.Identifier(point.longitude), sql.Identifier(point.latitude)
        return sql.SQL("SELECT min({0}), min({1}), max({0}), max({1}) FROM {2} WHERE _geom IS NOT NULL AND {3}").format(
            longitude, latitude, self.name, self.where(condition)
        )

    def statistics(self, statistics: Statistics) -> sql.Composed:
        """Return the statement for the groups and aggregates of ``statistics``, in this order of columns."""
        aggregates = {aggregate.name: _aggregate(aggregate) for aggregate in statistics.aggregates}
        listed = [
            sql.SQL("{} AS {}").format(expression, sql.Identifier(f"c{place}"))
            for place, expression in enumerate([*map(self._group, statistics.groups), *aggregates.values()])
        ]
        names = [*(group.name for group in statistics.groups), *aggregates]
        parts: list[sql.Composable] = [
            sql.SQL("SELECT {} FROM {} WHERE ").format(sql.SQL(", ").join(listed), self.name)
        ]
        parts.append(self.where(statistics.filter))
        if statistics.groups:
            numbers = sql.SQL(", ").join(sql.Literal(place + 1) for place in range(len(statistics.groups)))
            parts.append(sql.SQL(" GROUP BY {}").format(numbers))
        for place, having in enumerate(statistics.having):
            joint = sql.SQL(" AND " if place else " HAVING ")
            parts += [joint, aggregates[having.name], _OPERATORS[having.operator], self._value(having.value)]
        if statistics.order:
            order = [(names.index(order.name), order.descending) for order in statistics.order]
            parts.append(sql.SQL(" ORDER BY "))
            parts.append(sql.SQL(", ").join(self._order(f"c{place}", descending) for place, descending in order))
        parts.append(self._page(statistics.limit, statistics.offset))
        return sql.Composed(parts)

    def word(self, word: Word) -> sql.Composable:
        """Return the condition that a row has a word with digits: as an indexed word, a number, a day, a figure."""
        parts = [] if word.column else [self._matches(word.text, prefix=word.prefix)]
        parts += map(self.where, alternatives(word, self.table, self.zone))
        return sql.SQL("({})").format(sql.SQL(" OR ").join(parts or [sql.SQL("FALSE")]))

    def term(self, term: Term) -> sql.Composable:
        """Return a column, or a function of one."""
        column: sql.Composable = sql.Identifier(term.column)
        if term.function is None:
            return column
        if self._type(term.column) == "datetime":
            column = sql.SQL("({} AT TIME ZONE {})").format(column, sql.Literal(term.zone))
        return sql.SQL(_FUNCTIONS[term.function]).format(column)  # pyright: ignore[reportArgumentType]  one of ours

    def _value(self, value: object) -> sql.Composable:
        self.values.append(value)
        return sql.Placeholder()

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
            sql.SQL(query), sql.Literal(self.language), self._value(asked)
        )

    def _type(self, column: str) -> str:
        return "integer" if column == ROW_ID else self.table.field(column).type

    def _group(self, group: Group) -> sql.Composable:
        return self.term(group.term)

    def _order(self, column: str, descending: bool) -> sql.Composable:
        direction = sql.SQL(" DESC" if descending else "")
        empty = sql.SQL("" if column == ROW_ID else " NULLS LAST")  # no row's id is empty
        return sql.Identifier(column) + direction + empty

    def _page(self, limit: int | None, offset: int) -> sql.Composable:
        parts = sql.SQL(" LIMIT {}").format(self._value(limit)) if limit is not None else sql.SQL("")
        return parts + sql.SQL(" OFFSET {}").format(self._value(offset)) if offset else parts

    def _after(self, selection: Selection) -> sql.Composable:
        """Return the condition that a row comes after the last one of the page before, with empty values last."""
        orders = selection.total_order
        if len(orders) != len(selection.after):
            raise ValueError("a page begins after as many values as the order has columns")
        alternatives: list[sql.Composable] = []
        for place, (order, value) in enumerate(zip(orders, selection.after, strict=True)):
            if value is None:
                continue
            equal = [self._same(*pair) for pair in zip(orders[:place], selection.after, strict=False)]
            column = sql.Identifier(order.column)
            beyond = sql.SQL("{} {} {}").format(column, sql.SQL("<" if order.descending else ">"), self._value(value))
            if order.column != ROW_ID:
                beyond = sql.SQL("({} OR {} IS NULL)").format(beyond, column)
            alternatives.append(sql.SQL(" AND ").join([*equal, beyond]))
        return sql.SQL("({})").format(sql.SQL(" OR ").join(alternatives))

    def _same(self, order: Order, value: Value | None) -> sql.Composable:
        column = sql.Identifier(order.column)
        return (
            sql.SQL("{} IS NULL").format(column)
            if value is None
            else sql.SQL("{} = {}").format(column, self._value(value))
        )

    def _test(self, condition: Comparison | Between | In | Like | IsNull) -> sql.Composable:
        """Return the test of one term."""
        term = self.term(condition.term)
        match condition:
            case Comparison(_, operator, Term() as other):
                return sql.SQL("({} {} {})").format(term, _OPERATORS[operator], self.term(other))
            case Comparison(_, operator, value):
                return sql.SQL("({} {} {})").format(term, _OPERATORS[operator], self._value(value))
            case Between(_, low, high):
                return sql.SQL("({} BETWEEN {} AND {})").format(term, self._value(low), self._value(high))
            case In(_, values):
                return sql.SQL("({} = ANY({}))").format(term, self._value(_alike(values)))
            case Like(_, pattern):
                return sql.SQL("({} LIKE {})").format(term, self._value(pattern))
            case IsNull():
                return sql.SQL("({} IS NULL)").format(term)

    def _time(self, condition: Instant | Interval) -> sql.Composable:
        column = sql.Identifier(condition.column)
        if isinstance(condition, Instant):
            return sql.SQL("({} = {})").format(column, self._value(condition.at))
        bounds: list[sql.Composable] = []
        if condition.start is not None:
            bounds.append(sql.SQL("{} >= {}").format(column, self._value(condition.start)))
        if condition.end is not None:
            operator = _OPERATORS["<=" if condition.closed else "<"]
            bounds.append(sql.SQL("{} {} {}").format(column, operator, self._value(condition.end)))
        return sql.SQL("({})").format(sql.SQL(" AND ").join(bounds or [sql.SQL("{} IS NOT NULL").format(column)]))

    def _spatial(self, condition: Envelope | Intersects | Distance) -> sql.Composable:
        match condition:
            case Envelope(west, south, east, north) if west > east:
                halves = Envelope(west, south, 180.0, north), Envelope(-180.0, south, east, north)
                return sql.SQL("({})").format(sql.SQL(" OR ").join(map(self._spatial, halves)))
            case Envelope(west, south, east, north):
                return self._box(west, south, east, north)
            case Intersects(geometry):
                return self._intersects(_shape(geometry))
            case Distance(geometry, metres):
                return self._within(_shape(geometry), metres)

    def _intersects(self, outline: BaseGeometry) -> sql.Composable:
        return sql.SQL("({} AND {}.st_intersects(_geom, {}))").format(
            self._box(*outline.bounds), sql.Identifier(self.postgis), self._geometry(outline)
        )

    def _within(self, outline: BaseGeometry, metres: float) -> sql.Composable:
        """Return the condition that the point is near ``outline``: in a box, then exactly, on the ellipsoid."""
        west, south, east, north = outline.bounds
        high = metres / METRES_OF_A_DEGREE
        farthest = max(abs(south - high), abs(north + high))
        wide = high / math.cos(math.radians(farthest)) * 1.01 if farthest < _POLAR else 360.0
        box = self._box(west - wide, max(-90.0, south - high), east + wide, min(90.0, north + high))
        return sql.SQL("({0} AND {1}.st_dwithin(_geom::{1}.geography, {2}::{1}.geography, {3}))").format(
            box, sql.Identifier(self.postgis), self._geometry(outline), self._value(float(metres))
        )

    def _box(self, west: float, south: float, east: float, north: float) -> sql.Composable:
        """Return the condition that the point lies in a box: by the index, whose boxes are rounded, then exactly."""
        point = self.table.point
        if point is None:
            return sql.SQL("FALSE")
        box = [self._value(float(side)) for side in (west, south, east, north)]
        index = sql.SQL("_geom OPERATOR({0}.&&) {0}.st_makeenvelope({1}, 4326)").format(
            sql.Identifier(self.postgis), sql.SQL(", ").join(box)
        )
        longitude, latitude = sql.Identifier(point.longitude), sql.Identifier(point.latitude)
        exact = sql.SQL("{} BETWEEN {} AND {} AND {} BETWEEN {} AND {}").format(
            longitude,
            self._value(float(west)),
            self._value(float(east)),
            latitude,
            self._value(float(south)),
            self._value(float(north)),
        )
        return sql.SQL("({} AND {})").format(index, exact)

    def _geometry(self, outline: BaseGeometry) -> sql.Composable:
        return sql.SQL("{}.st_geomfromwkb({}, 4326)").format(
            sql.Identifier(self.postgis), self._value(shapely.to_wkb(outline))
        )


def _alike(values: Sequence[Value]) -> Sequence[Value]:
    """Return ``values`` as a list of one type, as an array has it."""
    if any(type(value) is float for value in values):
        return [float(value) for value in values]  # pyright: ignore[reportArgumentType]  numbers beside a number
    return list(values)


def _shape(geometry: Geometry) -> BaseGeometry:
    return shape({"type": geometry.type, "coordinates": geometry.coordinates})


def _aggregate(aggregate: Aggregate) -> sql.Composable:
    """Return an aggregate; a count without a column is that of rows."""
    if not aggregate.column:
        return sql.SQL("count(*)")
    inner = sql.SQL("DISTINCT {}" if aggregate.distinct else "{}").format(sql.Identifier(aggregate.column))
    return sql.SQL(_AGGREGATES[aggregate.kind]).format(inner)  # pyright: ignore[reportArgumentType]  one of ours

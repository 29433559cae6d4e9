"""Writes questions as parameterised SQL for PostgreSQL with PostGIS.

In: a tree, a selection or statistics, and the table's shape. Out: :class:`psycopg.sql.Composable` whose identifiers are
those of the declaration and whose values are placeholders, and the values beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import sql

from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.question import Aggregate, Group, Order, Selection, Statistics
from ckanext.cpdi.query.tree import Condition, Value
from ckanext.cpdi.query.writers.sql_conditions import OPERATORS, ConditionWriter

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
class SqlWriter(ConditionWriter):
    """Writes statements on one table; use one writer for one statement."""

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
            parts += [joint, aggregates[having.name], OPERATORS[having.operator], self.value(having.value)]
        if statistics.order:
            order = [(names.index(order.name), order.descending) for order in statistics.order]
            parts.append(sql.SQL(" ORDER BY "))
            parts.append(sql.SQL(", ").join(self._order(f"c{place}", descending) for place, descending in order))
        parts.append(self._page(statistics.limit, statistics.offset))
        return sql.Composed(parts)

    def _group(self, group: Group) -> sql.Composable:
        return self.term(group.term)

    def _order(self, column: str, descending: bool) -> sql.Composable:
        direction = sql.SQL(" DESC" if descending else "")
        empty = sql.SQL("" if column == ROW_ID else " NULLS LAST")  # no row's id is empty
        return sql.Identifier(column) + direction + empty

    def _page(self, limit: int | None, offset: int) -> sql.Composable:
        parts = sql.SQL(" LIMIT {}").format(self.value(limit)) if limit is not None else sql.SQL("")
        return parts + sql.SQL(" OFFSET {}").format(self.value(offset)) if offset else parts

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
            beyond = sql.SQL("{} {} {}").format(column, sql.SQL("<" if order.descending else ">"), self.value(value))
            if order.column != ROW_ID:
                beyond = sql.SQL("({} OR {} IS NULL)").format(beyond, column)
            alternatives.append(sql.SQL(" AND ").join([*equal, beyond]))
        return sql.SQL("({})").format(sql.SQL(" OR ").join(alternatives))

    def _same(self, order: Order, value: Value | None) -> sql.Composable:
        column = sql.Identifier(order.column)
        return (
            sql.SQL("{} IS NULL").format(column)
            if value is None
            else sql.SQL("{} = {}").format(column, self.value(value))
        )


def _aggregate(aggregate: Aggregate) -> sql.Composable:
    """Return an aggregate; a count without a column is that of rows."""
    if not aggregate.column:
        return sql.SQL("count(*)")
    inner = sql.SQL("DISTINCT {}" if aggregate.distinct else "{}").format(sql.Identifier(aggregate.column))
    return sql.SQL(_AGGREGATES[aggregate.kind]).format(inner)  # pyright: ignore[reportArgumentType]  one of ours

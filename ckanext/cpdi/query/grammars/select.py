"""A SELECT of one of our tables, as CKAN's ``datastore_search_sql`` gets it.

In: its statement, and the columns of the table. Out: a question, and how its answer's columns are called.
Subqueries, joins, windows, set operations and all functions off the list are refused; nothing of the text is handed on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from pglast import ast, enums

from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import QueryError, TooLargeQueryError, UnknownFunctionError, WrongTypeError
from ckanext.cpdi.query.grammars.sql.aggregates import Aggregates, is_aggregate
from ckanext.cpdi.query.grammars.sql.conditions import MIRRORED, SAME, Conditions, conditions
from ckanext.cpdi.query.grammars.sql.nodes import function_name, names, nodes
from ckanext.cpdi.query.grammars.sql.statement import PARAMETER, Statement
from ckanext.cpdi.query.limits import check_tree
from ckanext.cpdi.query.question import GroupOrder, Having, Order, Selection, Statistics
from ckanext.cpdi.query.tree import EVERYTHING, Condition, Term

_MOST = 2**31
"""Rows that may be left out or asked for."""
COLUMNS = 500
"""Columns of an answer at most."""


class Output(NamedTuple):
    """A column of the answer: what it is called, its type, and its place in a row that a reader gives."""

    name: str
    type: FieldType
    place: int


@dataclass(frozen=True)
class Select:
    """A question, and the columns of its answer; ``terms`` are what the rows of a selection list."""

    question: Selection | Statistics
    outputs: tuple[Output, ...]
    terms: tuple[Term, ...] = ()


class _Listed(NamedTuple):
    """A column of the answer: its name, and either a term or the name of an aggregate."""

    name: str
    term: Term | None
    aggregate: str


def parse_select(statement: Statement, columns: Columns, zone: tzinfo = UTC, *, now: datetime | None = None) -> Select:
    """Return the question of ``statement`` on ``columns``; days and times without a zone are of ``zone``.

    Raises QueryError, which says what was expected.
    """
    reader = conditions(columns, zone, parameter=PARAMETER, now=now, qualifiers=statement.qualifiers)
    return _Reading(statement.node, reader, Aggregates(reader)).read()


@dataclass
class _Reading:
    """One SELECT on its way to a question."""

    node: ast.SelectStmt
    reader: Conditions
    aggregates: Aggregates

    def read(self) -> Select:
        listed = [column for target in nodes(self.node.targetList) for column in self._target(target)]
        if not listed or len(listed) > COLUMNS:
            raise TooLargeQueryError(Said("an answer has 1 to {columns} columns", columns=COLUMNS), PARAMETER)
        self._refuse_doubles(listed)
        grouped = self.node.groupClause or self.node.havingClause or self.aggregates.listed
        return self._statistics(listed) if grouped or self.node.distinctClause else self._selection(listed)

    @staticmethod
    def _refuse_doubles(listed: list[_Listed]) -> None:
        meanings: dict[str, _Listed] = {}
        for column in listed:
            if meanings.setdefault(column.name, column) != column:
                raise QueryError(
                    Said("two columns are called {name!r}: name them with AS", name=column.name[:64]), PARAMETER
                )

    def _target(self, target: ast.Node) -> list[_Listed]:
        """Return the columns of one entry of the list."""
        if not isinstance(target, ast.ResTarget) or target.indirection:
            raise UnknownFunctionError(
                "a column of the answer is a column, a function of one or an aggregate", PARAMETER
            )
        value = target.val
        if isinstance(value, ast.ColumnRef) and names(value.fields)[-1] == "*":
            return [_Listed(name, Term(name), "") for name in self._all(value)]
        if isinstance(value, ast.FuncCall) and is_aggregate(value):
            return [_Listed(target.name or function_name(value)[-1], None, self.aggregates.name(value))]
        return [_Listed(target.name or _name(value), self._term(value), "")]

    def _all(self, star: ast.ColumnRef) -> list[str]:
        path = names(star.fields)
        if len(path) > 2 or (len(path) == 2 and path[0].lower() not in self.reader.terms.qualifiers):
            raise UnknownFunctionError("* is of the table in FROM", PARAMETER)
        return list(self.reader.columns)

    def _term(self, node: object) -> Term:
        operand = self.reader.operand(node)
        if not isinstance(operand, Term):
            raise UnknownFunctionError(
                "a column of the answer is a column, a function of one or an aggregate", PARAMETER
            )
        return operand

    def _filter(self) -> Condition:
        where = self.node.whereClause
        return EVERYTHING if where is None else check_tree(self.reader.of(where), PARAMETER)

    def _selection(self, listed: list[_Listed]) -> Select:
        """Return the question for rows."""
        terms = tuple(column.term for column in listed if column.term)
        order: list[Order] = []
        for node, descending in self._sorted():
            term = self._named(node, listed).term or self._term(node)
            if term.function is not None:
                raise UnknownFunctionError("rows are sorted by columns, not by functions of them", PARAMETER)
            if term.column not in [before.column for before in order]:
                order.append(Order(term.column, descending))
        limit, offset = self._page()
        question = Selection(tuple(term.column for term in terms), self._filter(), tuple(order), limit, offset)
        outputs = [
            Output(column.name, self.reader.columns.type_of(term), place)
            for place, (column, term) in enumerate(zip(listed, terms, strict=True))
        ]
        return Select(question, tuple(outputs), terms)

    def _statistics(self, listed: list[_Listed]) -> Select:
        """Return the question for groups, or for distinct values."""
        for node in nodes(self.node.groupClause):
            term = self._named(node, listed, own_first=True).term
            self.aggregates.group(term or self._term(node))
        keys = [column.aggregate or self._group(column) for column in listed]
        having = self._having(self.node.havingClause)
        order = [self._group_order(node, descending, listed, keys) for node, descending in self._sorted()]
        limit, offset = self._page()
        question = Statistics(
            tuple(self.aggregates.groups),
            tuple(self.aggregates.listed),
            self._filter(),
            having,
            tuple({entry.name: entry for entry in reversed(order)}.values())[::-1],
            limit,
            offset,
        )
        places = [column.name for column in (*self.aggregates.groups, *self.aggregates.listed)]
        outputs = [
            Output(column.name, self.aggregates.type_of(key), places.index(key))
            for column, key in zip(listed, keys, strict=True)
        ]
        return Select(question, tuple(outputs))

    def _group(self, column: _Listed) -> str:
        """Return the group of a column of the answer, which DISTINCT makes of each."""
        term = column.term
        if term is None:
            raise LookupError("an aggregate is no group")
        if self.node.distinctClause:
            if any(self.node.distinctClause) or self.node.groupClause or self.aggregates.listed:
                raise UnknownFunctionError("DISTINCT stands without ON, aggregates and GROUP BY", PARAMETER)
            return self.aggregates.group(term)
        if term not in [group.term for group in self.aggregates.groups]:
            raise QueryError(
                Said("{name!r} has to be in GROUP BY, or in an aggregate", name=column.name[:64]), PARAMETER
            )
        return self.aggregates.group(term)

    def _named(self, node: object, listed: list[_Listed], *, own_first: bool = False) -> _Listed:
        """Return the column of the answer that GROUP BY or ORDER BY means by number or name; else an empty one."""
        if isinstance(node, ast.A_Const):
            number = self._whole(node, "the number of a column of the answer")
            if not 1 <= number <= len(listed):
                raise QueryError(
                    Said("the answer has the columns 1 to {n}, not {number}", n=len(listed), number=number), PARAMETER
                )
            return listed[number - 1]
        path = names(node.fields) if isinstance(node, ast.ColumnRef) else []
        match = [column for column in listed if [column.name] == path]
        if match and not (own_first and path[0].lower() in self.reader.columns):
            return match[0]
        return _Listed("", None, "")

    def _group_order(self, node: object, descending: bool, listed: list[_Listed], keys: list[str]) -> GroupOrder:
        column = self._named(node, listed)
        if column.name:
            return GroupOrder(keys[listed.index(column)], descending)
        if isinstance(node, ast.FuncCall) and is_aggregate(node):
            return GroupOrder(self.aggregates.name(node), descending)
        term = self._term(node)
        if term not in [group.term for group in self.aggregates.groups]:
            raise QueryError("ORDER BY names columns of the answer, groups or aggregates", PARAMETER)
        return GroupOrder(self.aggregates.group(term), descending)

    def _sorted(self) -> list[tuple[object, bool]]:
        """Return what is sorted by, and whether downwards."""
        order: list[tuple[object, bool]] = []
        for entry in nodes(self.node.sortClause):
            if not isinstance(entry, ast.SortBy) or entry.useOp:
                raise UnknownFunctionError("ORDER BY takes ASC or DESC", PARAMETER)
            if entry.sortby_nulls == enums.SortByNulls.SORTBY_NULLS_FIRST:
                raise UnknownFunctionError("empty values come last here: NULLS FIRST is not answered", PARAMETER)
            order.append((entry.node, entry.sortby_dir == enums.SortByDir.SORTBY_DESC))
        return order

    def _having(self, node: object) -> tuple[Having, ...]:
        """Return the conditions on aggregates, all of which a group has to meet."""
        if node is None:
            return ()
        if isinstance(node, ast.BoolExpr) and node.boolop == enums.BoolExprType.AND_EXPR:
            return tuple(having for part in nodes(node.args) for having in self._having(part))
        sign = names(node.name) if isinstance(node, ast.A_Expr) and node.kind == enums.A_Expr_Kind.AEXPR_OP else []
        if not isinstance(node, ast.A_Expr) or len(sign) != 1 or sign[0] not in MIRRORED:
            raise UnknownFunctionError("HAVING compares aggregates with numbers, with AND between", PARAMETER)
        for call, other, signs in ((node.lexpr, node.rexpr, SAME), (node.rexpr, node.lexpr, MIRRORED)):
            if isinstance(call, ast.FuncCall) and is_aggregate(call):
                return (Having(self.aggregates.name(call), signs[sign[0]], self._number(call, other)),)
        raise UnknownFunctionError("HAVING compares an aggregate with a number", PARAMETER)

    def _number(self, call: ast.FuncCall, node: object) -> float:
        constant = self.reader.constants.of(node)
        value = constant.value if constant else None
        kind = self.aggregates.type_of(self.aggregates.name(call))
        if isinstance(value, bool) or not isinstance(value, int | float) or kind not in ("integer", "number"):
            raise WrongTypeError("HAVING compares an aggregate that is a number with a number", PARAMETER)
        return value

    def _page(self) -> tuple[int | None, int]:
        """Return how many rows are asked for, None for all, and how many are left out before them."""
        count, offset = self.node.limitCount, self.node.limitOffset
        is_all = count is None or (isinstance(count, ast.A_Const) and bool(count.isnull))
        return None if is_all else self._whole(count, "LIMIT"), 0 if offset is None else self._whole(offset, "OFFSET")

    def _whole(self, node: object, what: str) -> int:
        constant = self.reader.constants.of(node)
        value = constant.value if constant else None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _MOST:
            raise WrongTypeError(Said("{what} is a whole number, 0 or more", what=what), PARAMETER)
        return value


def without_more_than(select: Select, most: int) -> Select:
    """Return ``select`` with a limit of ``most`` rows at most."""
    limit = select.question.limit
    return replace(select, question=replace(select.question, limit=most if limit is None else min(limit, most)))


def _name(node: object) -> str:
    """Return the name that PostgreSQL gives a column of the answer that has none."""
    if isinstance(node, ast.ColumnRef):
        return names(node.fields)[-1]
    if isinstance(node, ast.FuncCall):
        return function_name(node)[-1]
    return _name(node.arg) if isinstance(node, ast.TypeCast) else "column"

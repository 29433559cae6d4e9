"""Aggregates of SQL, and the groups that they are of.

In: nodes of the parse tree. Out: aggregates and groups, each once, under names of their own (``a0``, ``g0``), so that
outputs, orders and conditions on groups can name the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pglast import ast

from ckanext.cpdi.declare.tables.field import FieldType
from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnknownFunctionError, WrongTypeError
from ckanext.cpdi.query.grammars.sql.conditions import Conditions
from ckanext.cpdi.query.grammars.sql.nodes import function_name, nodes
from ckanext.cpdi.query.question import Aggregate, AggregateKind, Group
from ckanext.cpdi.query.tree import Term

KINDS: dict[str, AggregateKind] = {
    "count": "count",
    "sum": "sum",
    "min": "min",
    "max": "max",
    "avg": "avg",
    "stddev": "stddev",
    "stddev_samp": "stddev",
    "variance": "var",
    "var_samp": "var",
}
"""Aggregates by their names in SQL."""
_NUMERIC = ("sum", "avg", "stddev", "var")


def is_aggregate(node: object) -> bool:
    """Return whether ``node`` calls an aggregate."""
    return isinstance(node, ast.FuncCall) and ".".join(function_name(node)) in KINDS


@dataclass
class Aggregates:
    """Gathers the aggregates and groups of a question."""

    conditions: Conditions
    listed: list[Aggregate] = field(default_factory=list[Aggregate])
    groups: list[Group] = field(default_factory=list[Group])

    def name(self, node: ast.FuncCall) -> str:
        """Return the name of an aggregate; raise QueryError where it is none that is answered."""
        kind = KINDS[".".join(function_name(node))]
        odd = (node.agg_filter, node.agg_order, node.over, node.agg_within_group, node.func_variadic)
        if any(odd):
            raise UnknownFunctionError(
                Said("{kind} is answered without FILTER, ORDER BY and OVER", kind=kind), self.conditions.parameter
            )
        column, distinct = self._column(node, kind), bool(node.agg_distinct)
        for aggregate in self.listed:
            if (aggregate.kind, aggregate.column, aggregate.distinct) == (kind, column, distinct):
                return aggregate.name
        self.listed.append(Aggregate(kind, f"a{len(self.listed)}", column, distinct))
        return self.listed[-1].name

    def _column(self, node: ast.FuncCall, kind: AggregateKind) -> str:
        """Return the column of an aggregate; empty for a count of rows."""
        arguments = nodes(node.args)
        if kind == "count" and (node.agg_star or (len(arguments) == 1 and isinstance(arguments[0], ast.A_Const))):
            return ""
        if len(arguments) != 1 or not isinstance(arguments[0], ast.ColumnRef):
            raise UnknownFunctionError(Said("{kind} is of one column", kind=kind), self.conditions.parameter)
        term = self.conditions.terms.of(arguments[0])
        held = self.conditions.columns.type_of(term)
        if (kind in _NUMERIC and held not in ("integer", "number")) or (kind in ("min", "max") and held == "boolean"):
            raise WrongTypeError(
                Said("there is no {kind} of {column}, which is {held}", kind=kind, column=term.column, held=held),
                self.conditions.parameter,
            )
        return term.column

    def group(self, term: Term) -> str:
        """Return the name of a group; add it where it is new."""
        for group in self.groups:
            if group.term == term:
                return group.name
        self.groups.append(Group(term, f"g{len(self.groups)}"))
        return self.groups[-1].name

    def type_of(self, name: str) -> FieldType:
        """Return the type of an aggregate's or group's values."""
        columns = self.conditions.columns
        for group in self.groups:
            if group.name == name:
                return columns.type_of(group.term)
        aggregate = next(aggregate for aggregate in self.listed if aggregate.name == name)
        if aggregate.kind == "count":
            return "integer"
        return columns.find(aggregate.column).type if aggregate.kind in ("min", "max", "sum") else "number"

"""What SQL compares: a column or a function of one, as the tree has it.

In: a node of the parse tree, and the columns. Out: a term. Anything else is refused by name: nothing is handed on.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from pglast import ast

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.areas import layer_of
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import QueryError, UnknownColumnError, UnknownFunctionError
from ckanext.cpdi.query.grammars.sql.constants import Constants
from ckanext.cpdi.query.grammars.sql.nodes import function_name, names, nodes
from ckanext.cpdi.query.tree import Function, Term

FUNCTIONS: dict[str, Function] = {
    "lower": "lower",
    "lcase": "lower",
    "upper": "upper",
    "ucase": "upper",
    "trim": "trim",
    "btrim": "trim",
    "char_length": "length",
    "character_length": "length",
    "length": "length",
    "date": "date",
    "year": "year",
    "month": "month",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
    "dayofweek": "weekday",
}
"""Functions by the names that clients have for them, in lower case."""
PARTS: dict[str, Function] = {
    "year": "year",
    "month": "month",
    "day": "day",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
    "dow": "weekday",
}
"""Parts of a time by their names in EXTRACT, in lower case."""
_SHOWN = "UPPER, LOWER, TRIM, CHAR_LENGTH, EXTRACT (YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, DOW) and CAST … AS DATE"


@dataclass(frozen=True)
class Terms:
    """Reads terms of ``columns``; parts of a time are those of the clock of ``zone`` (IANA).

    ``qualifiers`` are the names that may stand before a column's, with a dot.
    """

    columns: Columns
    constants: Constants
    zone: str = "UTC"
    qualifiers: frozenset[str] = frozenset()

    @property
    def parameter(self) -> str:
        """The name of the question's part that errors name."""
        return self.constants.parameter

    def of(self, node: object) -> Term:
        """Return the term of ``node``. Raises QueryError."""
        match node:
            case ast.ColumnRef():
                return self.columns.term(self.name(node), parameter=self.parameter)
            case ast.FuncCall():
                return self._call(node)
            case ast.TypeCast():
                return self._cast(node)
            case ast.A_Expr():
                raise UnknownFunctionError("reckoning with columns is not answered here", self.parameter)
            case _:
                kind = type(node).__name__
                raise UnknownFunctionError(
                    Said("a column or a value is expected, not {kind}", kind=kind), self.parameter
                )

    def name(self, node: ast.ColumnRef) -> str:
        """Return the name of a column, without that of its table; ``area.neighborhood`` is one, quoted or not."""
        path = names(node.fields)
        if layer_of(".".join(path)):
            return ".".join(path)
        if len(path) == 2 and path[0].lower() in self.qualifiers:
            path = path[1:]
        if len(path) != 1 or path[0] == "*":
            shown = ".".join(path)[:64]
            raise UnknownColumnError(
                Said("{shown!r} is no column; a column is called by its name alone", shown=shown), self.parameter
            )
        return path[0]

    def _cast(self, node: ast.TypeCast) -> Term:
        """Return the day of a time; a column is of no other type than its own."""
        kind = self.constants.type_named(node.typeName)
        if kind != "date":
            raise UnknownFunctionError(
                Said("a column is not cast to {kind} here, only to DATE", kind=kind[:40]), self.parameter
            )
        return self._function("date", node.arg)

    def _call(self, node: ast.FuncCall) -> Term:
        arguments, name = nodes(node.args), ".".join(function_name(node))
        if self._is_plain(node):
            if name == "extract" and len(arguments) == 2:
                return self._extract(arguments[0], arguments[1])
            if name == "timezone":
                raise UnknownFunctionError("AT TIME ZONE stands in EXTRACT or CAST … AS DATE only", self.parameter)
            if name in FUNCTIONS and len(arguments) == 1:
                return self._function(FUNCTIONS[name], arguments[0])
        raise UnknownFunctionError(
            Said(
                "{name} is no function that is answered in this form; these are: {shown}", name=name[:64], shown=_SHOWN
            ),
            self.parameter,
        )

    @staticmethod
    def _is_plain(node: ast.FuncCall) -> bool:
        odd = (node.agg_filter, node.agg_order, node.agg_star, node.agg_distinct, node.over, node.func_variadic)
        return not any(odd) and not node.agg_within_group

    def _extract(self, part: object, column: object) -> Term:
        constant = self.constants.of(part)
        name = str(constant.value).lower() if constant else ""
        if name not in PARTS:
            raise UnknownFunctionError(
                Said("EXTRACT takes {parts}, not {name}", parts=", ".join(PARTS).upper(), name=name[:40].upper()),
                self.parameter,
            )
        return self._function(PARTS[name], column)

    def _function(self, function: Function, node: object) -> Term:
        """Return a function of the column that ``node`` is, on the clock of another zone where it names one."""
        zone = self.zone
        if isinstance(node, ast.FuncCall) and function_name(node) == ["timezone"] and len(nodes(node.args)) == 2:
            name, node = nodes(node.args)
            zone = self._zone(name)
        if not isinstance(node, ast.ColumnRef):
            raise UnknownFunctionError("a function is of a column, not of another function", self.parameter)
        return self.columns.term(self.name(node), function, zone, self.parameter)

    def _zone(self, node: object) -> str:
        constant = self.constants.of(node)
        name = str(constant.value) if constant else ""
        if name not in _zones():
            raise QueryError(Said("{name!r} is no time zone such as America/New_York", name=name[:40]), self.parameter)
        return name


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())

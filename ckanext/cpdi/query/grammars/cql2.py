"""OGC CQL2, as text and as JSON (21-065r2): comparisons, logic, spatial and temporal functions, of a table's columns.

In: a filter's text. Out: a condition. Names are those of columns, in any case, and ``geometry`` for the row's point.
Beside the functions of the standard there are those of the tree (``year``, ``length`` …, with a zone of the clock after
the column where it is not the department's), and ``search('words')``. Times without an offset are the department's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import tzinfo
from typing import Any, NoReturn, cast, get_args

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import UnknownFunctionError, UnreadableError, WrongTypeError
from ckanext.cpdi.query.limits import BRACKETS, check_text, check_tree
from ckanext.cpdi.query.notation import cql2_space as space
from ckanext.cpdi.query.notation import cql2_time as time
from ckanext.cpdi.query.notation.cql2_nodes import column, members, operation
from ckanext.cpdi.query.notation.cql2_text import read
from ckanext.cpdi.query.notation.moments import compare
from ckanext.cpdi.query.reference import CRS84, Axes
from ckanext.cpdi.query.text import fold
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    NOTHING,
    Comparison,
    Condition,
    Function,
    In,
    IsNull,
    Like,
    Not,
    Operator,
    Search,
    Term,
    Value,
    all_of,
    any_of,
)

GEOMETRY = ("geometry", "geom", "_geom", "point", "shape")
"""Names of a row's point."""
FUNCTIONS: dict[str, Function] = {
    **{name: name for name in get_args(Function) if name != "date"},
    "casei": "lower",
    "accenti": "unaccent",
    "day_of": "date",
}
"""Functions of a column by their names; ``date(…)`` is a constant in CQL2: the day of an instant is ``day_of``."""
_FLIPPED: dict[str, Operator] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_NUMBERS = ("integer", "number")


def parse_text(
    text: str, columns: Columns, zone: tzinfo, reference: Axes = CRS84, parameter: str = "filter"
) -> Condition:
    """Return the condition that ``text`` is; its geometries are in ``reference``. Raises QueryError."""
    node = read(check_text(text, parameter, BRACKETS), parameter)
    return _Builder(columns, zone, reference, parameter).whole(node)


def parse_json(
    text: str, columns: Columns, zone: tzinfo, reference: Axes = CRS84, parameter: str = "filter"
) -> Condition:
    """Return the condition that a JSON ``text`` is; its geometries are in ``reference``. Raises QueryError."""
    try:
        node = json.loads(check_text(text, parameter, BRACKETS))
    except ValueError as error:
        raise UnreadableError(Said("the filter is no JSON: {error}", error=error), parameter) from None
    return _Builder(columns, zone, reference, parameter).whole(node)


class _Builder:
    """Makes conditions of values of JSON."""

    def __init__(self, columns: Columns, zone: tzinfo, reference: Axes, parameter: str) -> None:
        self._columns, self._zone, self._reference, self._parameter = columns, zone, reference, parameter
        self._forms: dict[str, Callable[[str, list[Any]], Condition]] = {
            "and": lambda _, args: all_of([self._condition(arg) for arg in args]),
            "or": lambda _, args: any_of([self._condition(arg) for arg in args]),
            "not": self._not,
            "like": self._like,
            "between": self._between,
            "in": self._in,
            "isnull": self._is_null,
            "search": self._search,
            **dict.fromkeys(_FLIPPED, self._comparison),
            **dict.fromkeys(space.RELATIONS, self._relation),
            **dict.fromkeys(space.DISTANCES, self._distance),
            **dict.fromkeys(time.RELATIONS, lambda op, args: time.relate(op, args, columns, zone, parameter)),
        }

    def whole(self, node: Any) -> Condition:  # noqa: ANN401
        return check_tree(self._condition(node), self._parameter)

    def _condition(self, node: Any) -> Condition:  # noqa: ANN401
        if isinstance(node, bool):
            return EVERYTHING if node else NOTHING
        called = operation(node)
        if called is not None:
            form = self._forms.get(called[0])
            return form(*called) if form is not None else self._unknown(called[0])
        term = self._term(node)
        if term is None or self._columns.type_of(term) != "boolean":
            self._expected(Said("a condition, such as team = 'Team 1'"), node)
        return Comparison(term, "=", True)

    def _not(self, _: str, args: list[Any]) -> Condition:
        self._count("not", args, 1)
        part = self._condition(args[0])
        return NOTHING if part == EVERYTHING else EVERYTHING if part == NOTHING else Not(part)

    def _comparison(self, op: str, args: list[Any]) -> Condition:
        self._count(op, args, 2)
        left, right = map(self._term, args)
        if left is None and right is None:
            self._expected(Said("a column on one side of a comparison"), args[0])
        if left is not None and right is not None:
            kinds = {"number" if kind in _NUMBERS else kind for kind in map(self._columns.type_of, (left, right))}
            if len(kinds) > 1:
                raise WrongTypeError(
                    Said("{column} and {column2} are of different types", column=left.column, column2=right.column),
                    self._parameter,
                )
            return Comparison(left, cast("Operator", op), right)
        if left is None:
            return self._compare(cast("Term", right), _FLIPPED[op], args[0])
        return self._compare(left, cast("Operator", op), args[1])

    def _compare(self, term: Term, operator: Operator, literal: Any) -> Condition:  # noqa: ANN401
        """Return the comparison of a term with a literal; a day beside instants is all of that day."""
        if self._columns.type_of(term) in ("date", "datetime") and term.function is None:
            moment = time.moment_of(literal, self._zone, self._parameter)
            if moment is None:
                self._expected(
                    Said("a time beside {column}, such as TIMESTAMP('2026-03-01T14:30:00Z')", column=term.column),
                    literal,
                )
            return compare(self._columns.find(term.column), operator, moment, self._zone, self._parameter)
        return Comparison(term, operator, self._value(term, literal))

    def _like(self, _: str, args: list[Any]) -> Condition:
        self._count("like", args, 2)
        term, pattern = self._term(args[0]), self._folded(args[1])
        if term is None or self._columns.type_of(term) != "string" or not isinstance(pattern, str):
            self._expected(Said("a column of texts and a pattern beside LIKE, such as team LIKE 'Team%'"), args[0])
        if "\x00" in pattern or (len(pattern) - len(pattern.rstrip("\\"))) % 2:
            raise UnreadableError("a pattern does not end with a backslash, and has no NUL", self._parameter)
        return Like(term, pattern)

    def _between(self, _: str, args: list[Any]) -> Condition:
        args = [*args[:1], *members(args[1])] if len(args) == 2 else args
        self._count("between", args, 3)
        term = self._term(args[0]) or self._expected(Said("a column before BETWEEN"), args[0])
        return all_of([self._compare(term, ">=", args[1]), self._compare(term, "<=", args[2])])

    def _in(self, _: str, args: list[Any]) -> Condition:
        self._count("in", args, 2)
        term = self._term(args[0]) or self._expected(Said("a column before IN"), args[0])
        literals = members(args[1])
        if not literals:
            self._expected(Said("a list of values after IN"), args[1])
        if self._columns.type_of(term) in ("date", "datetime") and term.function is None:
            return any_of([self._compare(term, "=", literal) for literal in literals])
        return In(term, tuple(dict.fromkeys(self._value(term, literal) for literal in literals)))

    def _is_null(self, _: str, args: list[Any]) -> Condition:
        self._count("isNull", args, 1)
        point = self._columns.table.point
        if self._is_point(args[0]):
            return IsNull(Term(point.longitude)) if point else EVERYTHING
        return IsNull(self._term(args[0]) or self._expected(Said("a column beside IS NULL"), args[0]))

    def _search(self, _: str, args: list[Any]) -> Condition:
        if len(args) != 1 or not isinstance(args[0], str) or not args[0].split() or "\x00" in args[0]:
            self._expected(Said("some words in search('words')"), args[0] if args else "nothing")
        return Search(" ".join(args[0].split()))

    def _relation(self, op: str, args: list[Any]) -> Condition:
        self._count(op, args, 2)
        turned = self._is_point(args[1])
        if turned == self._is_point(args[0]):
            self._expected(
                Said("geometry and a geometry in {op}, such as {op}(geometry, POINT(-79.9 32.8))", op=op), args[0]
            )
        literal = args[0] if turned else args[1]
        return space.relate(op, literal, self._reference, turned=turned, parameter=self._parameter)

    def _distance(self, op: str, args: list[Any]) -> Condition:
        self._count(op, args, 4)
        if not self._is_point(args[0]):
            args = [args[1], args[0], *args[2:]]
        if not self._is_point(args[0]):
            self._expected(
                Said("geometry in {op}, such as {op}(geometry, POINT(-79.9 32.8), 500, 'm')", op=op), args[0]
            )
        return space.near(op, args[1], args[2], args[3], self._reference, self._parameter)

    def _is_point(self, node: Any) -> bool:  # noqa: ANN401
        """Return whether ``node`` names a row's point."""
        name = column(node)
        return name is not None and name.lower() in GEOMETRY and name not in self._columns

    def _term(self, node: Any) -> Term | None:  # noqa: ANN401
        """Return the column, or function of one, that ``node`` is; None for a literal."""
        name = column(node)
        if name is not None:
            if self._is_point(node):
                self._expected(Said("a column; geometry stands in spatial functions"), node)
            return self._columns.term(name, parameter=self._parameter)
        called = operation(node)
        if called is not None and called[0] not in self._forms and called[0] not in FUNCTIONS:
            self._unknown(called[0])
        if called is None or column(_innermost(node)) is None:
            return None
        if called[0] not in FUNCTIONS:
            self._unknown(called[0])
        return self._function(FUNCTIONS[called[0]], called[1])

    def _function(self, function: Function, args: list[Any]) -> Term:
        inner = self._term(args[0])
        if inner is None or (inner.function and {inner.function, function} != {"lower", "unaccent"}):
            self._expected(Said("a column in a function"), args[0])
        zones = {name: name for name in ("UTC", str(self._zone))}
        zone = zones.get(args[1] if len(args) > 1 else str(self._zone)) if len(args) < 3 else None
        if zone is None:
            raise UnknownFunctionError(Said("clocks are those of {zones}", zones=", ".join(zones)), self._parameter)
        return self._columns.term(inner.column, "fold" if inner.function else function, zone, self._parameter)

    def _value(self, term: Term, literal: Any) -> Value:  # noqa: ANN401
        """Return a literal as a value of ``term``."""
        literal = self._folded(literal)
        if isinstance(literal, dict):
            literal = time.moment_of(literal, self._zone, self._parameter)
        if isinstance(literal, float) and literal.is_integer() and abs(literal) < 2**53:
            literal = int(literal)
        return self._columns.value(term, literal, self._zone, self._parameter)

    def _folded(self, literal: Any) -> Any:  # noqa: ANN401
        """Return the text that ``casei`` or ``accenti`` makes of a text; anything else as it is."""
        called = operation(literal)
        if called is None:
            return literal
        function, text = FUNCTIONS.get(called[0]), self._folded(called[1][0]) if len(called[1]) == 1 else None
        if function in ("lower", "upper", "unaccent") and isinstance(text, str):
            return fold(text, function)
        return self._unknown(called[0])

    def _count(self, op: str, args: list[Any], number: int) -> None:
        if len(args) != number:
            raise UnreadableError(
                Said("{op} takes {number} arguments, here are {n}", op=op, number=number, n=len(args)), self._parameter
            )

    def _unknown(self, op: str) -> NoReturn:
        names = ", ".join(sorted({*self._forms, *FUNCTIONS}))
        raise UnknownFunctionError(
            Said("filters do not have {op!r}; there are {names}", op=op[:40], names=names), self._parameter
        )

    def _expected(self, what: str, node: Any) -> NoReturn:  # noqa: ANN401
        raise UnreadableError(
            Said("the filter should have {what}, not {node}", what=what, node=json.dumps(node, default=str)[:80]),
            self._parameter,
        )


def _innermost(node: Any) -> Any:  # noqa: ANN401
    """Return what the function inside of all functions is of."""
    called = operation(node)
    return _innermost(called[1][0]) if called and called[1] else node

"""Conditions of SQL: comparisons, lists, ranges, patterns, emptiness, and what joins them.

In: a node of the parse tree, and the columns. Out: a condition of the tree. Nodes are taken by an allow-list of their
kinds; whatever is not on it is refused in words. One walker for ``where`` and for the WHERE of a SELECT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from pglast import ast, enums

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import UnknownFunctionError, UnreadableError, WrongTypeError
from ckanext.cpdi.query.grammars.sql.constants import Constant, Constants
from ckanext.cpdi.query.grammars.sql.nodes import function_name, names, nodes
from ckanext.cpdi.query.grammars.sql.patterns import escaped
from ckanext.cpdi.query.grammars.sql.terms import Terms
from ckanext.cpdi.query.tree import (
    EVERYTHING,
    NOTHING,
    Between,
    Comparison,
    Condition,
    In,
    IsNull,
    Like,
    Not,
    Operator,
    Term,
    Value,
    all_of,
    any_of,
)

Operand = Term | Constant
_Kind = enums.A_Expr_Kind
SAME: dict[str, Operator] = {"=": "=", "<>": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
MIRRORED: dict[str, Operator] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Operators that are answered, and those of the same comparison the other way round."""
_NUMERIC = ("integer", "number")


@dataclass(frozen=True)
class Conditions:
    """Reads conditions on ``columns``; see :class:`.Terms` and :class:`.Constants` for the rest."""

    columns: Columns
    zone: tzinfo
    terms: Terms
    constants: Constants

    @property
    def parameter(self) -> str:
        """The name of the question's part that errors name."""
        return self.constants.parameter

    def of(self, node: object) -> Condition:
        """Return the condition of ``node``. Raises QueryError."""
        match node:
            case ast.BoolExpr():
                return self._joined(node)
            case ast.A_Expr():
                return self._expression(node)
            case ast.NullTest():
                return self._empty(node)
            case ast.BooleanTest():
                return self._truth(node)
            case _:
                return self._bare(node)

    def operand(self, node: object) -> Operand:
        """Return a constant or a term."""
        constant = self.constants.of(node)
        return self.terms.of(node) if constant is None else constant

    def _operands(self, part: object) -> list[Operand]:
        return [self.operand(node) for node in nodes(part)]

    def value(self, term: Term, constant: Constant) -> Value:
        """Return ``constant`` as a value of ``term``; a number beside a text is a text as it was written."""
        if constant.value is None:
            raise WrongTypeError(Said("NULL equals nothing: ask {column} IS NULL", column=term.column), self.parameter)
        is_text = self.columns.type_of(term) == "string"
        raw = constant.text if is_text and constant.text else constant.value
        return self.columns.value(term, raw, self.zone, self.parameter)

    def _joined(self, node: ast.BoolExpr) -> Condition:
        parts = [self.of(part) for part in nodes(node.args)]
        if node.boolop == enums.BoolExprType.NOT_EXPR:
            return negated(parts[0])
        return all_of(parts) if node.boolop == enums.BoolExprType.AND_EXPR else any_of(parts)

    def _expression(self, node: ast.A_Expr) -> Condition:
        """Return the condition of an operator, by its kind."""
        path = names(node.name)
        if len(path) != 1:
            raise UnknownFunctionError("operators are called by their signs alone", self.parameter)
        sign = path[0]
        match node.kind:
            case _Kind.AEXPR_OP if sign in SAME:
                return self.compare(self.operand(node.lexpr), sign, self.operand(node.rexpr))
            case _Kind.AEXPR_IN:
                inside = self._listed(self.operand(node.lexpr), self._operands(node.rexpr))
                return negated(inside) if sign == "<>" else inside
            case _Kind.AEXPR_BETWEEN | _Kind.AEXPR_NOT_BETWEEN:
                between = self._between(self.operand(node.lexpr), *self._operands(node.rexpr))
                return negated(between) if node.kind == _Kind.AEXPR_NOT_BETWEEN else between
            case _Kind.AEXPR_LIKE | _Kind.AEXPR_ILIKE:
                like = self._like(node, any_case=node.kind == _Kind.AEXPR_ILIKE)
                return negated(like) if sign.startswith("!") else like
            case _:
                raise UnknownFunctionError(
                    Said(
                        "{sign} is not answered here; these are: = <> < <= > >= IN BETWEEN LIKE IS NULL", sign=sign[:40]
                    ),
                    self.parameter,
                )

    def compare(self, left: Operand, operator: str, right: Operand) -> Condition:
        """Return the condition that ``left`` stands in ``operator`` to ``right``."""
        sign = SAME[operator]
        match left, right:
            case Term(), Term():
                self._check_alike(left, right)
                return Comparison(left, sign, right)
            case Term(), Constant():
                return self._compare(left, sign, right)
            case Constant(), Term():
                return self._compare(right, MIRRORED[operator], left)
            case _:
                return self._decided(left, sign, right)  # pyright: ignore[reportArgumentType]  both are constants

    def _compare(self, term: Term, operator: Operator, constant: Constant) -> Condition:
        if self.columns.type_of(term) == "date":
            instant = self._within_a_day(constant)
            if instant is not None:
                return _beside_a_day(term, operator, self.value(term, Constant(instant)))
        return Comparison(term, operator, self.value(term, constant))

    def _within_a_day(self, constant: Constant) -> datetime | None:
        """Return the time that a day is compared with, unless that is a day's beginning."""
        value = _time(constant.value) if isinstance(constant.value, str) else constant.value
        if not isinstance(value, datetime):
            return None
        local = value.astimezone(self.zone) if value.tzinfo else value.replace(tzinfo=self.zone)
        return None if local.time() == time() else local

    def _check_alike(self, left: Term, right: Term) -> None:
        kinds = self.columns.type_of(left), self.columns.type_of(right)
        if kinds[0] != kinds[1] and not all(kind in _NUMERIC for kind in kinds):
            raise WrongTypeError(
                Said(
                    "{column} ({kinds}) and {column2} ({kinds2}) are not of one type",
                    column=left.column,
                    kinds=kinds[0],
                    column2=right.column,
                    kinds2=kinds[1],
                ),
                self.parameter,
            )

    def _decided(self, left: Constant, operator: Operator, right: Constant) -> Condition:
        """Return what two constants are: everything or nothing."""
        first, second = left.value, right.value
        if first is None or second is None:
            raise WrongTypeError("NULL equals nothing: ask IS NULL", self.parameter)
        if type(first) is not type(second):
            first, second = _as_numbers(first, second)
        results = {"=": first == second, "<>": first != second}
        try:
            results |= {"<": first < second, ">": first > second}  # pyright: ignore[reportOperatorIssue]
        except TypeError:
            raise WrongTypeError("two values of different types cannot be compared", self.parameter) from None
        results |= {"<=": not results[">"], ">=": not results["<"]}
        return EVERYTHING if results[operator] else NOTHING

    def _listed(self, operand: Operand, items: Sequence[Operand]) -> Condition:
        """Return the condition that ``operand`` is one of ``items``."""
        constants = [item for item in items if isinstance(item, Constant)]
        if isinstance(operand, Constant) or len(constants) < len(items):
            return any_of([self.compare(operand, "=", item) for item in items])
        if self.columns.type_of(operand) == "date" and any(map(self._within_a_day, constants)):
            return any_of([self.compare(operand, "=", item) for item in items])
        return In(operand, tuple(self.value(operand, item) for item in constants))

    def _between(self, operand: Operand, low: Operand, high: Operand) -> Condition:
        """Return the condition that ``operand`` is in a range; of other things than a column, two comparisons."""
        parts = [self.compare(operand, ">=", low), self.compare(operand, "<=", high)]
        match parts:
            case Comparison(term, ">=", first), Comparison(_, "<=", last):
                if term == operand and not isinstance(first, Term) and not isinstance(last, Term):
                    return Between(term, first, last)
            case _:
                pass
        return all_of(parts)

    def _like(self, node: ast.A_Expr, *, any_case: bool) -> Condition:
        """Return the condition that a text has a pattern."""
        term, escape, right = self.terms.of(node.lexpr), "\\", node.rexpr
        if isinstance(right, ast.FuncCall) and function_name(right) == ["like_escape"]:
            right, character = nodes(right.args)
            escape = self._text(character, Said("ESCAPE takes one character"), at_most=1)
        pattern = escaped(self._text(right, Said("LIKE takes a text such as 'A%'")), escape)
        if pattern is None:
            raise UnreadableError("the pattern ends with the character that takes the next as it is", self.parameter)
        if self.columns.type_of(term) != "string":
            raise WrongTypeError(Said("LIKE is of a text, and {column} is none", column=term.column), self.parameter)
        if any_case:
            term, pattern = self._lower(term), pattern.lower()
        return Like(term, pattern)

    def _lower(self, term: Term) -> Term:
        if term.function not in (None, "lower"):
            raise UnknownFunctionError("ILIKE is of a column, not of a function", self.parameter)
        return self.columns.term(term.column, "lower", parameter=self.parameter)

    def _text(self, node: object, expected: str, at_most: int = 16_000) -> str:
        constant = self.constants.of(node)
        value = constant.value if constant else None
        if not isinstance(value, str) or len(value) > at_most:
            raise WrongTypeError(expected, self.parameter)
        return value

    def _empty(self, node: ast.NullTest) -> Condition:
        operand = self.operand(node.arg)
        is_null = node.nulltesttype == enums.NullTestType.IS_NULL
        if isinstance(operand, Term):
            return IsNull(operand) if is_null else Not(IsNull(operand))
        return EVERYTHING if (operand.value is None) == is_null else NOTHING

    def _truth(self, node: ast.BooleanTest) -> Condition:
        """Return the condition IS [NOT] TRUE, FALSE or UNKNOWN of a column of truths."""
        term = self.terms.of(node.arg)
        name = str(getattr(node.booltesttype, "name", ""))
        if self.columns.type_of(term) != "boolean":
            raise WrongTypeError(Said("{column} is neither true nor false", column=term.column), self.parameter)
        wanted = name.removeprefix("IS_").removeprefix("NOT_")
        if wanted == "UNKNOWN":
            return Not(IsNull(term)) if "NOT_" in name else IsNull(term)
        if "NOT_" in name:
            return any_of([Comparison(term, "=", wanted != "TRUE"), IsNull(term)])
        return all_of([Comparison(term, "=", wanted == "TRUE"), Not(IsNull(term))])

    def _bare(self, node: object) -> Condition:
        """Return the condition of a value or column that is true or false by itself."""
        operand = self.operand(node)
        if isinstance(operand, Term):
            if self.columns.type_of(operand) != "boolean":
                raise WrongTypeError(Said("{column} is compared with nothing", column=operand.column), self.parameter)
            return Comparison(operand, "=", True)
        if not isinstance(operand.value, bool):
            raise WrongTypeError("a condition is expected, such as 1=1, not a value", self.parameter)
        return EVERYTHING if operand.value else NOTHING


def conditions(
    columns: Columns, zone: tzinfo, *, parameter: str = "", now: datetime | None = None, qualifiers: frozenset[str]
) -> Conditions:
    """Return a reader of conditions on ``columns``; days and times without a zone are of ``zone``."""
    constants = Constants(zone, parameter, now)
    return Conditions(columns, zone, Terms(columns, constants, getattr(zone, "key", "UTC"), qualifiers), constants)


def negated(condition: Condition) -> Condition:
    """Return the opposite of ``condition``."""
    if condition in (EVERYTHING, NOTHING):
        return NOTHING if condition == EVERYTHING else EVERYTHING
    return condition.part if isinstance(condition, Not) else Not(condition)


def _beside_a_day(term: Term, operator: Operator, day: Value) -> Condition:
    """Return the comparison of a day, as its first moment, with a time later on ``day``."""
    before, after = Comparison(term, "<=", day), Comparison(term, ">", day)
    sides = {"=": all_of([before, after]), "<>": any_of([before, after])}
    return sides.get(operator) or (before if operator in ("<", "<=") else after)


def _time(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        return None


def _as_numbers(*values: object) -> tuple[object, ...]:
    """Return ``values`` as numbers where all of them can be read as one, else as they are."""
    try:
        return tuple(float(value) if isinstance(value, str | int | float) else value for value in values)
    except ValueError:
        return values

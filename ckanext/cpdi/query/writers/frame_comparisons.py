"""Tests of a column of a frame beside values: a comparison, a span, a list, a pattern.

In: a column as a Polars expression, a test of the tree. Out: an expression. Instants are counts of microseconds.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from ckanext.cpdi.query.tree import Between, Comparison, In, Like

_SPECIAL = frozenset("\\.+*?()|[]{}^$#&-~")
"""Characters that a regular expression takes for more than themselves."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
OPERATORS: dict[str, Callable[[Any, Any], pl.Expr]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class UnwritableError(Exception):
    """A condition, or a column of it, is none that a frame can tell; nobody but a caller of a writer sees this."""


def tested(values: pl.Expr, condition: Comparison | Between | In | Like) -> pl.Expr:
    """Return the test of ``values``; instants are counts of microseconds since 1970."""
    match condition:
        case Comparison(_, sign, value):
            return OPERATORS[sign](values, literal(value))
        case Between(_, low, high):
            return (values >= literal(low)) & (values <= literal(high))
        case In(_, listed):
            wanted = _series(listed)
            if wanted.dtype == pl.Float64:
                values = values.cast(pl.Float64)
            return values.is_in(wanted.implode())
        case Like(_, pattern):
            return values.str.contains(like(pattern))


def fractions(condition: Comparison | Between | In | Like) -> Comparison | Between | In | Like:
    """Return the test with a list of whole numbers as one of fractions, as the column holds them."""
    if not isinstance(condition, In):
        return condition
    return In(condition.term, tuple(float(value) for value in condition.values if isinstance(value, int | float)))


def like(pattern: str) -> str:
    r"""Return the regular expression of a pattern of SQL; raise UnwritableError where a ``\`` stands at its end."""
    parts: list[str] = []
    rest = iter(pattern)
    for character in rest:
        if character == "\\":
            escaped = next(rest, None)
            if escaped is None:
                raise UnwritableError("a pattern that ends in a backslash")
            parts.append(_escaped(escaped))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or _escaped(character))
    return rf"(?s)\A{''.join(parts)}\z"


def _escaped(character: str) -> str:
    return "\\" + character if character in _SPECIAL else character


def among(codes: pl.Expr, wanted: pl.Series) -> pl.Expr:
    """Return whether codes are ``wanted``, which ascend; codes that follow each other are a range."""
    if wanted.is_empty():
        return codes != codes
    first, last = int(wanted[0]), int(wanted[-1])
    if last - first + 1 == len(wanted):
        return codes.is_between(first, last)
    return codes.is_in(wanted.implode())


def literal(value: object) -> pl.Expr:
    """Return a value as it stands beside a column."""
    return pl.lit(_series([value])[0], _kind(value))


def _series(values: Sequence[Any]) -> pl.Series:
    """Return values of one type: where one is a fraction, all are."""
    plain = [_micros(value) if isinstance(value, datetime) else value for value in values]
    kind = pl.Float64() if any(type(value) is float for value in plain) else _kind(plain[0])
    return pl.Series([float(value) for value in plain] if kind == pl.Float64 else plain, dtype=kind)


def _kind(value: object) -> pl.DataType:
    match value:
        case bool():
            return pl.Boolean()
        case int() | datetime():
            return pl.Int64()
        case float():
            return pl.Float64()
        case str():
            return pl.String()
        case _:
            return pl.Date()


def _micros(instant: datetime) -> int:
    return (instant - _EPOCH) // _MICROSECOND

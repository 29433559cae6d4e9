"""Values that SQL writes down: texts, numbers, days, times and spans, casts of these, and sums of a time and a span.

In: a node of the parse tree. Out: a constant; None for a node that depends on a row.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from pglast import ast, enums

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import QueryError, UnknownFunctionError, UnreadableError, WrongTypeError
from ckanext.cpdi.query.grammars.sql.nodes import function_name, names, nodes, own

_UNITS = ("year", "month", "day", "hour", "minute", "second")
_UNIT_BITS = {"year": 2, "month": 1, "day": 3, "hour": 10, "minute": 11, "second": 12}
"""The place of each unit in the mask that PostgreSQL's grammar makes of ``DAY TO SECOND``."""
_SECONDS = {"week": 604_800, "day": 86_400, "hour": 3_600, "minute": 60, "second": 1}
_MONTHS = {"year": 12, "month": 1}
_PART = re.compile(r"\s*([+-]?\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-z]+)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,6})?", re.ASCII)
_DATE_FIRST = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TEXTS = frozenset({"text", "varchar", "bpchar", "char"})
_NUMBERS = frozenset({"int2", "int4", "int8", "numeric", "float4", "float8"})
_TIMES = frozenset({"timestamp", "timestamptz"})
_NOW = frozenset({"now", "getdate", "sysdate"})
_FOLDED: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "lcase": str.lower,
    "upper": str.upper,
    "ucase": str.upper,
    "btrim": lambda text: text.strip(" "),
    "trim": lambda text: text.strip(" "),
}
"""Functions of a text that is written down: clients send ``UPPER(name) LIKE UPPER('%x%')``."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: months of the calendar, and seconds."""

    months: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Constant:
    """A value; None is NULL. ``text`` is a number as it was written."""

    value: str | int | float | bool | date | datetime | Span | None
    text: str = ""


@dataclass(frozen=True)
class Constants:
    """Reads constants: days and times without a zone are of ``zone``; ``now`` is the time of the question."""

    zone: tzinfo = UTC
    parameter: str = ""
    now: datetime | None = None

    def of(self, node: object) -> Constant | None:
        """Return the constant of ``node``; None where it is none. Raises QueryError."""
        match node:
            case ast.A_Const():
                return self._written(node)
            case ast.TypeCast():
                inner = self.of(node.arg)
                return None if inner is None else self._cast(inner, node.typeName)
            case ast.SQLValueFunction():
                return self._clock(node)
            case ast.FuncCall():
                return self._function(node)
            case ast.A_Expr() if node.kind == enums.A_Expr_Kind.AEXPR_OP:
                return self._sum(node)
            case _:
                return None

    def _written(self, node: ast.A_Const) -> Constant:
        match node.val:
            case ast.String(sval=text):
                return Constant(text or "")
            case ast.Integer(ival=number):
                return Constant(number or 0, str(number or 0))
            case ast.Boolean(boolval=truth):
                return Constant(bool(truth))
            case ast.Float(fval=text):
                return Constant(self._number(text or ""), text or "")
            case _ if node.isnull:
                return Constant(None)
            case _:
                raise UnknownFunctionError("bits are no value of a column here", self.parameter)

    def _number(self, text: str) -> int | float:
        try:
            return int(text) if re.fullmatch(r"[+-]?\d{1,20}", text, re.ASCII) else float(text.replace("_", ""))
        except ValueError:
            raise UnreadableError(
                Said("{text!r} is not a number as it is written here", text=text[:40]), self.parameter
            ) from None

    def _clock(self, node: ast.SQLValueFunction) -> Constant:
        name = str(getattr(node.op, "name", "")).removeprefix("SVFOP_").removesuffix("_N")
        if name == "CURRENT_DATE":
            return Constant(self._present().date())
        if name in ("CURRENT_TIMESTAMP", "LOCALTIMESTAMP"):
            return Constant(self._present())
        raise UnknownFunctionError(Said("{name} is not answered here", name=name), self.parameter)

    def _present(self) -> datetime:
        return (self.now or datetime.now(UTC)).astimezone(self.zone)

    def _function(self, node: ast.FuncCall) -> Constant | None:
        name, arguments = ".".join(function_name(node)), nodes(node.args)
        if not arguments:
            return Constant(self._present()) if name in _NOW else None
        inner = self.of(arguments[0]) if name in _FOLDED and len(arguments) == 1 else None
        if inner is None:
            return None
        if not isinstance(inner.value, str):
            raise WrongTypeError(Said("{name} is of a text", name=name), self.parameter)
        return Constant(_FOLDED[name](inner.value))

    def _cast(self, constant: Constant, type_name: ast.TypeName | None) -> Constant:
        """Return ``constant`` as a value of another type."""
        name, value = self.type_named(type_name), constant.value
        if value is None:
            return constant
        if name == "interval" and isinstance(value, str):
            return Constant(self._span(value, _mask(type_name)))
        if name in _TEXTS and not isinstance(value, Span):
            return Constant(constant.text or str(value))
        if name in _NUMBERS and isinstance(value, str | int | float):
            return self._as_number(str(value).strip())
        if name == "date" or name in _TIMES:
            instant = self._instant(value)
            return Constant(instant.date() if name == "date" else instant)
        if name == "bool" and str(value).lower() in ("true", "false", "t", "f", "1", "0"):
            return Constant(str(value).lower() in ("true", "t", "1"))
        raise UnknownFunctionError(Said("a value is not cast to {name} here", name=name[:40]), self.parameter)

    def type_named(self, type_name: ast.TypeName | None) -> str:
        """Return the name of a type of PostgreSQL's own; raise UnknownFunctionError for any other and for arrays."""
        path = own(names(type_name.names)) if type_name else []
        if type_name is None or len(path) != 1 or type_name.arrayBounds or type_name.setof or type_name.pct_type:
            raise UnknownFunctionError(
                Said("{path} is no type of a column here", path=".".join(path)[:40]), self.parameter
            )
        return path[0].lower()

    def _as_number(self, text: str) -> Constant:
        if not re.fullmatch(r"[+-]?[\d.]{1,40}(e[+-]?\d{1,4})?", text, re.ASCII | re.IGNORECASE):
            raise WrongTypeError(Said("{text!r} is not a number", text=text[:40]), self.parameter)
        return Constant(self._number(text), text)

    def _instant(self, value: object) -> datetime:
        """Return a day or a time as an instant of the question's zone."""
        if isinstance(value, str) and _DATE_FIRST.match(value.strip()):
            try:
                value = datetime.fromisoformat(value.strip())
            except ValueError:
                value = None
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=self.zone)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=self.zone)
        raise WrongTypeError(
            "a day is written as in DATE '2026-03-01', a time as in TIMESTAMP '2026-03-01 14:30:00'", self.parameter
        )

    def _sum(self, node: ast.A_Expr) -> Constant | None:
        """Return a constant plus or minus another; None where a side depends on a row."""
        operator = names(node.name)
        if operator not in (["+"], ["-"]):
            return None
        right = self.of(node.rexpr)
        left = Constant(0) if node.lexpr is None else self.of(node.lexpr)
        if left is None or right is None:
            return None
        sign = 1 if operator == ["+"] else -1
        if isinstance(left.value, int | float) and isinstance(right.value, int | float):
            total = left.value + sign * right.value
            return Constant(total, str(total))
        return Constant(self._moved(left.value, right.value, sign))

    def _moved(self, when: object, by: object, sign: int) -> date | datetime:
        """Return a day or time, ``by`` a span or a number of days later or earlier."""
        if isinstance(by, int | float):
            by = Span(seconds=86_400 * float(by))
        if not isinstance(when, date) or not isinstance(by, Span):
            raise WrongTypeError(
                "what is added or taken away is a number of days or an INTERVAL, of a day or time", self.parameter
            )
        try:
            moved = _months_later(self._instant(when), sign * by.months) + timedelta(seconds=sign * by.seconds)
        except (OverflowError, ValueError):
            raise QueryError("this time is outside the calendar", self.parameter) from None
        whole_days = not isinstance(when, datetime) and by.seconds % 86_400 == 0
        return moved.date() if whole_days else moved

    def _span(self, text: str, mask: int) -> Span:
        """Return the span that ``text`` is, in the units of ``mask`` where it names none."""
        units = [unit for unit in _UNITS if mask >> _UNIT_BITS[unit] & 1]
        parts = _PART.findall(text)
        if parts and not _PART.sub("", text).strip():
            named = [(number, unit.lower().removesuffix("s")) for number, unit in parts]
        elif len(numbers := re.split(r"[ :]+", text.strip())) == len(units):
            named = list(zip(numbers, units, strict=True))
        else:
            named = []
        known = all(_NUMBER.fullmatch(number) and (unit in _SECONDS or unit in _MONTHS) for number, unit in named)
        if not named or not known:
            raise UnreadableError("an interval is written as in INTERVAL '7' DAY", self.parameter)
        months = sum(float(number) * _MONTHS[unit] for number, unit in named if unit in _MONTHS)
        seconds = sum(float(number) * _SECONDS[unit] for number, unit in named if unit in _SECONDS)
        return Span(int(months), seconds)


def _mask(type_name: ast.TypeName | None) -> int:
    modifiers = nodes(type_name.typmods) if type_name else ()
    value = modifiers[0].val if modifiers and isinstance(modifiers[0], ast.A_Const) else None
    return value.ival or 0 if isinstance(value, ast.Integer) else 0


def _months_later(when: datetime, months: int) -> datetime:
    """Return the same day of another month, or that month's last day."""
    if not months:
        return when
    year, month = divmod(when.year * 12 + when.month - 1 + months, 12)
    return when.replace(year=year, month=month + 1, day=min(when.day, monthrange(year, month + 1)[1]))

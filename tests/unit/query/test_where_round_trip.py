"""Conditions by chance, written as ``where`` and as SELECT: what is read again is met by the same rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from helpers import trees
from helpers.examples import examples
from helpers.kinds import COLUMNS
from hypothesis import HealthCheck, given, settings

from ckanext.cpdi.query.grammars.arcgis_where import parse_where
from ckanext.cpdi.query.grammars.select import parse_select
from ckanext.cpdi.query.grammars.sql.statement import read_select
from ckanext.cpdi.query.tree import (
    And,
    Between,
    Comparison,
    Condition,
    In,
    Instant,
    Interval,
    IsNull,
    Like,
    Not,
    Or,
    Term,
    Value,
    all_of,
)

ROWS = trees.rows(200)
_NAMES = {"lower": "LOWER", "upper": "Upper", "trim": "TRIM", "length": "CHAR_LENGTH"}


def written(condition: Condition) -> str:
    """``condition`` as somebody would write it."""
    match condition:
        case And(parts) | Or(parts):
            joint = " AND " if isinstance(condition, And) else " or "
            return "(" + joint.join(map(written, parts)) + ")"
        case Not(part):
            return f"NOT {written(part)}"
        case Instant(column, moment):
            return f"{column} = {literal(moment)}"
        case Interval():
            return written(_bounds(condition))
        case _:
            return _test(condition)


def _bounds(interval: Interval) -> Condition:
    term, bounds = Term(interval.column), []
    if interval.start is not None:
        bounds.append(Comparison(term, ">=", interval.start))
    if interval.end is not None:
        bounds.append(Comparison(term, "<=" if interval.closed else "<", interval.end))
    return all_of(bounds) if bounds else Comparison(term, "=", term)


def _test(condition: Any) -> str:
    left = name(condition.term)
    match condition:
        case Comparison(_, operator, Term() as other):
            return f"{left}{operator}{name(other)}"
        case Comparison(_, operator, value):
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
            return (
                f"{literal(value)} {mirrored} {left}"
                if operator in ("<", ">=")
                else f"{left} {operator} {literal(value)}"
            )
        case Between(_, low, high):
            return f"{left} BETWEEN {literal(low)} AND {literal(high)}"
        case In(_, values):
            return f"{left} IN ({', '.join(map(literal, values))})"
        case Like(_, pattern):
            return f"{left} LIKE {literal(pattern)}"
        case IsNull():
            return f"{left} IS NULL"


def name(term: Term) -> str:
    zoned = f"{term.column} AT TIME ZONE '{term.zone}'" if term.zone != "UTC" else f'"{term.column.upper()}"'
    if term.function is None:
        return term.column
    if term.function == "date":
        return f"CAST({zoned} AS DATE)"
    if term.function in _NAMES:
        return f"{_NAMES[term.function]}({term.column})"
    return f"EXTRACT({'DOW' if term.function == 'weekday' else term.function} FROM {zoned})"


def literal(value: Value) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return f"TIMESTAMP '{value:%Y-%m-%d %H:%M:%S.%f}'"
    if isinstance(value, date):
        return f"DATE '{value}'"
    if isinstance(value, str):
        return "N'" + value.replace("'", "''") + "'"
    return repr(value)


def same(first: Condition, second: Condition) -> bool:
    return all(trees.meets(first, row) is trees.meets(second, row) for row in ROWS)


@settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.conditions(spatial=False))
def test_a_where_that_is_read_is_met_by_the_same_rows(condition):
    read = parse_where(written(condition), COLUMNS, UTC)
    assert same(condition, read), read


@settings(max_examples=examples(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(trees.conditions(spatial=False))
def test_the_where_of_a_select_is_the_same(condition):
    text = written(condition)
    select = parse_select(read_select(f'SELECT * FROM "kinds" WHERE {text} ORDER BY _id LIMIT 7;'), COLUMNS)
    assert select.question.filter == parse_where(text, COLUMNS, UTC)

"""Temporal functions of CQL2: each compares the ends of two times, of which one or both are columns.

In: the function's name, and two times, each an instant, a day, a column, or an interval of these. Out: conditions on
columns. An instant is an interval whose ends are equal. A day as an end of an interval is wholly in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, TypeAlias

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import UnreadableError, WrongTypeError
from ckanext.cpdi.query.notation.cql2_nodes import column as column_of
from ckanext.cpdi.query.notation.cql2_nodes import member, members
from ckanext.cpdi.query.notation.moments import OPEN, Moment, compare, parse_moment
from ckanext.cpdi.query.tree import EVERYTHING, NOTHING, Comparison, Condition, Not, Operator, Term, all_of

_Pair = tuple[int, Operator, int]
"""An end of the first time (0 its start, 1 its end), and what it is to an end of the second."""
_DISJOINT = "t_disjoint"
RELATIONS: dict[str, tuple[_Pair, ...]] = {
    "t_after": ((0, ">", 1),),
    "t_before": ((1, "<", 0),),
    "t_contains": ((0, "<", 0), (1, ">", 1)),
    "t_during": ((0, ">", 0), (1, "<", 1)),
    "t_equals": ((0, "=", 0), (1, "=", 1)),
    "t_finishedby": ((0, "<", 0), (1, "=", 1)),
    "t_finishes": ((0, ">", 0), (1, "=", 1)),
    "t_intersects": ((0, "<=", 1), (1, ">=", 0)),
    "t_meets": ((1, "=", 0),),
    "t_metby": ((0, "=", 1),),
    "t_overlappedby": ((0, ">", 0), (0, "<", 1), (1, ">", 1)),
    "t_overlaps": ((0, "<", 0), (1, ">", 0), (1, "<", 1)),
    "t_startedby": ((0, "=", 0), (1, ">", 1)),
    "t_starts": ((0, "=", 0), (1, "<", 1)),
    _DISJOINT: ((0, "<=", 1), (1, ">=", 0)),
}
"""Allen's relations, as CQL2 has them; a disjoint time is the opposite of one that intersects."""
_FLIPPED: dict[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}


@dataclass(frozen=True)
class _End:
    """An end of a time: a column, a moment or, with neither, an open end; whether it stands at the ``start``."""

    start: bool
    column: str = ""
    at: Moment | None = None


_Time: TypeAlias = tuple[_End, _End]


def relate(relation: str, nodes: list[Any], columns: Columns, zone: tzinfo, parameter: str) -> Condition:
    """Return the condition that the first of two times has ``relation`` to the second."""
    if len(nodes) != 2:
        raise UnreadableError(Said("{relation} takes two times", relation=relation), parameter)
    first, second = (_time(node, columns, zone, parameter) for node in nodes)
    ends = [
        _compare(first[mine], operator, second[other], columns, zone, parameter)
        for mine, operator, other in RELATIONS[relation]
    ]
    together = all_of(ends)
    return Not(together) if relation == _DISJOINT else together


def moment_of(node: Any, zone: tzinfo, parameter: str) -> Moment | None:  # noqa: ANN401
    """Return the moment that ``node`` is; None where it is none."""
    for key in ("date", "timestamp"):
        text = member(node, key)
        if isinstance(text, str):
            moment = parse_moment(text, zone, parameter)
            if isinstance(moment, datetime) != (key == "timestamp"):
                raise UnreadableError(Said("{key} is not written {text!r}", key=key.upper(), text=text[:40]), parameter)
            return moment
    return parse_moment(node, zone, parameter) if isinstance(node, str) else None


def _time(node: Any, columns: Columns, zone: tzinfo, parameter: str) -> _Time:  # noqa: ANN401
    """Return the two ends of a time."""
    ends = [node, node]
    if member(node, "interval") is not None:
        ends = members(member(node, "interval"))
        if len(ends) != 2:
            raise UnreadableError("INTERVAL has two ends, such as INTERVAL('2026-03-01', '..')", parameter)
    first, last = (_end(end, place == 0, columns, zone, parameter) for place, end in enumerate(ends))
    return first, last


def _end(node: Any, start: bool, columns: Columns, zone: tzinfo, parameter: str) -> _End:  # noqa: ANN401
    if node in OPEN or node is None:
        return _End(start)
    name = column_of(node)
    if name is not None:
        column = columns.find(name, parameter)
        if column.type not in ("date", "datetime"):
            raise WrongTypeError(
                Said("{name} is no time: it is of type {kind}", name=column.name, kind=column.type), parameter
            )
        return _End(start, column.name)
    at = moment_of(node, zone, parameter)
    if at is None:
        raise UnreadableError(
            "a temporal function takes columns of times, DATE('2026-03-01'), TIMESTAMP('2026-03-01T14:30:00Z') or"
            " INTERVAL('2026-03-01', '..')",
            parameter,
        )
    return _End(start, at=at)


def _compare(mine: _End, operator: Operator, other: _End, columns: Columns, zone: tzinfo, parameter: str) -> Condition:
    if mine.column and other.column:
        kinds = {columns.find(end.column).type for end in (mine, other)}
        if len(kinds) > 1:
            raise WrongTypeError(
                Said("{column} and {column2} are of different types", column=mine.column, column2=other.column),
                parameter,
            )
        return Comparison(Term(mine.column), operator, Term(other.column))
    if other.column:
        return _compare(other, _FLIPPED[operator], mine, columns, zone, parameter)
    if not mine.column:
        raise UnreadableError("a temporal function takes at least one column", parameter)
    if other.at is None:
        return EVERYTHING if operator in ((">", ">=") if other.start else ("<", "<=")) else NOTHING
    if not isinstance(other.at, datetime):  # a day is wholly in the interval
        operator = _WITH_DAY[other.start].get(operator, operator)
    return compare(columns.find(mine.column), operator, other.at, zone, parameter)


_WITH_DAY: dict[bool, dict[Operator, Operator]] = {True: {">": ">="}, False: {"<": "<="}}
"""What an operator is beside a day, where that is the start of an interval, and where it is its end."""

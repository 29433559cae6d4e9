"""How long, deep and wide a question may be. Grammars check their text first, and each its tree at the end."""

from __future__ import annotations

import re

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import TooLargeQueryError
from ckanext.cpdi.query.tree import SPATIAL, And, Condition, Distance, Geometry, In, Intersects, Like, Not, Or, walk

TEXT = 16_000
"""Characters of a filter's text."""
NESTING = 32
"""Brackets in each other, and conditions in each other."""
BRACKETS = 2 * NESTING + 16
"""Brackets in each other where a condition has two, and a geometry some more."""
CONDITIONS = 200
VALUES = 10_000
"""Values of all lists together; desktop GIS asks for 100 ids at a time, scripts for some thousands."""
POSITIONS = 20_000
"""Corners of all geometries together."""
WILDCARDS = 10
"""Wildcards of one pattern; matching takes more with each."""


_BRACKETS = re.compile(r"[()\[\]{}]")
_QUOTED = re.compile(r"""'[^']*'|"[^"]*\"""", re.DOTALL), re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
"""Quoted parts of SQL and CQL2, and of JSON: a bracket that closes in one does not close what is open outside."""


def check_text(text: str, parameter: str = "", deepest: int = NESTING) -> str:
    """Return ``text``; raise TooLargeQueryError where it is too long or brackets lie more than ``deepest`` deep."""
    if len(text) > TEXT:
        raise TooLargeQueryError(
            Said("a filter has at most {text} characters, this one {n}", text=TEXT, n=len(text)), parameter
        )
    depth = max(_deepest(quoted.sub("", text)) for quoted in _QUOTED)
    if depth > deepest:
        raise TooLargeQueryError(
            Said("brackets lie at most {deepest} deep in each other, here {depth}", deepest=deepest, depth=depth),
            parameter,
        )
    return text


def _deepest(text: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "([{" else -1
        deepest = max(deepest, depth)
    return deepest


def check_tree(condition: Condition, parameter: str = "") -> Condition:
    """Return ``condition``; raise TooLargeQueryError where it has too many parts."""
    parts = list(walk(condition))
    _check(len(parts), CONDITIONS, Said("conditions"), parameter)
    _check(_depth(condition), NESTING, Said("levels of conditions"), parameter)
    _check(sum(len(part.values) for part in parts if isinstance(part, In)), VALUES, Said("values in lists"), parameter)
    shapes = [part.geometry for part in parts if isinstance(part, Intersects | Distance)]
    _check(sum(map(_positions, shapes)), POSITIONS, Said("corners of geometries"), parameter)
    _check(sum(isinstance(part, SPATIAL) for part in parts), NESTING, Said("geometries"), parameter)
    for part in parts:
        if isinstance(part, Like):
            _check(
                part.pattern.count("%") + part.pattern.count("_"), WILDCARDS, Said("wildcards in a pattern"), parameter
            )
    return condition


def _check(number: int, most: int, noun: str, parameter: str) -> None:
    if number > most:
        raise TooLargeQueryError(
            Said("a filter has at most {most} {noun}, this one {number}", most=most, noun=noun, number=number),
            parameter,
        )


def _depth(condition: Condition) -> int:
    if isinstance(condition, And | Or):
        return 1 + max(map(_depth, condition.parts))
    return 1 + _depth(condition.part) if isinstance(condition, Not) else 1


def _positions(geometry: Geometry) -> int:
    """Return the number of positions in a geometry."""

    def count(coordinates: object) -> int:
        if isinstance(coordinates, tuple) and coordinates and isinstance(coordinates[0], tuple):
            return sum(map(count, coordinates))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        return 1

    return count(geometry.coordinates)

"""``having``: tests of aggregates, such as ``COUNT(OBJECTID) > 100 AND total >= 5``.

In: the text, and the aggregates of the answer. Out: tests by their names, and further aggregates that they need.
"""

from __future__ import annotations

import re
from typing import cast

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.errors import TooLargeQueryError, UnreadableError, WrongTypeError
from ckanext.cpdi.query.question import Aggregate, AggregateKind, Having
from ckanext.cpdi.services.geoservices.layers import Layer

PARAMETER = "having"
MOST, LENGTH = 20, 4_000
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_TEST = re.compile(
    r"\s*(?:(?P<kind>count|sum|min|max|avg|stddev|var)\s*\(\s*(?P<column>\*|\w+)\s*\)|(?P<name>\w+))"
    r"\s*(?P<operator><=|>=|<>|!=|=|<|>)\s*(?P<value>[+-]?\d{1,18}(?:\.\d{1,18})?)\s*",
    re.IGNORECASE,
)


def read_having(
    layer: Layer, text: str, aggregates: tuple[Aggregate, ...]
) -> tuple[tuple[Having, ...], tuple[Aggregate, ...]]:
    """Return the tests in ``text``, and the aggregates that only they need; raise QueryError."""
    if not text:
        return (), ()
    parts = _AND.split(text) if len(text) <= LENGTH else []
    if not 0 < len(parts) <= MOST:
        raise TooLargeQueryError(
            Said(
                "{parameter} has at most {most} tests and {length} characters",
                parameter=PARAMETER,
                most=MOST,
                length=LENGTH,
            ),
            PARAMETER,
        )
    tests: list[Having] = []
    needed: dict[str, Aggregate] = {}
    for part in parts:
        match = _TEST.fullmatch(part)
        if match is None:
            raise UnreadableError(
                Said(
                    "{parameter} compares aggregates with numbers, such as COUNT(OBJECTID) > 100, joined "
                    "by AND; not {part!r}",
                    parameter=PARAMETER,
                    part=part[:80],
                ),
                PARAMETER,
            )
        aggregate = _tested(layer, match, (*aggregates, *needed.values()))
        if aggregate not in aggregates:
            needed[aggregate.name] = aggregate
        operator = "<>" if match["operator"] == "!=" else match["operator"]
        tests.append(Having(aggregate.name, operator, float(match["value"])))  # pyright: ignore[reportArgumentType]
    return tuple(tests), tuple(needed.values())


def _tested(layer: Layer, match: re.Match[str], aggregates: tuple[Aggregate, ...]) -> Aggregate:
    """Return the aggregate that is tested: of the answer by its name, or by what it is of."""
    if match["name"]:
        named = [aggregate for aggregate in aggregates if aggregate.name.lower() == match["name"].lower()]
        if not named:
            names = ", ".join(aggregate.name for aggregate in aggregates)
            raise UnreadableError(
                Said(
                    "{parameter} tests {names}, not {match!r}",
                    parameter=PARAMETER,
                    names=names,
                    match=match["name"][:60],
                ),
                PARAMETER,
            )
        return _numeric(layer, named[0])
    kind = cast("AggregateKind", match["kind"].lower())
    column = layer.columns.find(ROW_ID if match["column"] == "*" else match["column"], PARAMETER)
    name = "" if column.name == ROW_ID and kind == "count" else column.name
    equal = [aggregate for aggregate in aggregates if (aggregate.kind, aggregate.column) == (kind, name)]
    return _numeric(layer, equal[0] if equal else Aggregate(kind, f"having {kind} {column.name}", name))


def _numeric(layer: Layer, aggregate: Aggregate) -> Aggregate:
    """Return ``aggregate``; raise WrongTypeError where it is no number."""
    if aggregate.kind != "count" and layer.columns[aggregate.column].type not in ("integer", "number"):
        raise WrongTypeError(
            Said("{parameter} compares numbers; {column} has none", parameter=PARAMETER, column=aggregate.column),
            PARAMETER,
        )
    return aggregate

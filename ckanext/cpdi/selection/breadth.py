"""How much ground a filter keeps to: whether rows under it may be watched as they come out.

A feed of new rows tells whoever reads it daily what happened since yesterday. Of a team's ground that is news; of a
block it would be the watch on a house. In: a condition, and the published places. Out: why it is too narrow, if it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.areas import layer_of
from ckanext.cpdi.query.tree import SPATIAL, And, Comparison, Condition, In, Search, Term, Value, walk
from ckanext.cpdi.selection.places import PublishedPlaces

Fault: TypeAlias = Literal["no area", "finer", "small"]
"""``no area``: it names neither team nor area; ``finer``: it has another condition on places, or words, which find
blocks; ``small``: what it names has fewer places than the smallest team.
"""
_TEAM = "place.team"
_HARMLESS = (_TEAM, "place.precision")
"""What of a place tells no ground smaller than a team's."""


def fault(condition: Condition, table: Table, places: PublishedPlaces) -> Fault | None:
    """Return why ``condition`` is too narrow for a feed; None where it is not.

    Teams and areas count where rows must be of one: as ``team=…`` or ``area.LAYER=…`` in a link.
    """
    parts = condition.parts if isinstance(condition, And) else (condition,)
    named = [chosen for part in parts if (chosen := _named(part, table)) is not None]
    others = [part for part in parts if _named(part, table) is None]
    if any(_is_finer(inner, table) for part in others for inner in walk(part)):
        return "finer"
    if not named:
        return "no area"
    current = [place for place in places.places if not place["valid_to"]]
    teams = Counter(place["team"] for place in current if place["team"])
    inside = sum(all(place.get(key) in values for key, values in named) for place in current)
    return None if teams and inside >= min(teams.values()) else "small"


def _named(part: Condition, table: Table) -> tuple[str, tuple[Value | Term, ...]] | None:
    """Return the property of places and its values that a condition wants; None where it wants no team or area."""
    match part:
        case Comparison(Term(column, None), "=", value):
            values: tuple[Value | Term, ...] = (value,)
        case In(Term(column, None), values):
            pass
        case _:
            return None
    if layer_of(column):
        return layer_of(column), values
    return ("team", values) if column in _columns(table, _TEAM) else None


def _is_finer(part: Condition, table: Table) -> bool:
    if isinstance(part, (*SPATIAL, Search)):
        return True
    placed = {field.name for field in table.fields if field.source.startswith("place.")}
    placed -= set(_columns(table, *_HARMLESS))
    return any(name in placed or layer_of(name) for name in _names(part))


def _columns(table: Table, *sources: str) -> list[str]:
    return [field.name for field in table.fields if field.source in sources]


def _names(part: Any) -> Iterator[str]:  # noqa: ANN401  a condition of any kind
    """Yield the columns that a condition names."""
    for term in (getattr(part, "term", None), getattr(part, "value", None)):
        if isinstance(term, Term):
            yield term.column

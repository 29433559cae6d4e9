"""Declared areas as columns of a question: ``area.neighborhood`` is the area that a row's place lies in.

A table has no such column. A row's area is a function of its place alone, so that the published places say it; a row
without a place has none, as has one whose place lies in no area of the layer. A term of such a column is a text as any
other, in each grammar and for groups; writers take what it is from the places by :data:`AreaOf`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

PREFIX = "area."
Layers: TypeAlias = Mapping[str, Sequence[str]]
"""The names of the areas of each declared layer; teams are none: a row has a column of them."""
AreaOf: TypeAlias = Callable[[str], Mapping[str, str]]
"""Gives the name of the area by the id of the place, of one layer. The same places give the same object."""
NO_LAYERS: Layers = MappingProxyType({})


def no_areas(layer: str) -> Mapping[str, str]:  # noqa: ARG001  as AreaOf has it
    """Return that no place lies in any area."""
    return _NONE


_NONE: Mapping[str, str] = {}


def column_of(layer: str) -> str:
    """Return the name of the column of a layer."""
    return PREFIX + layer


def layer_of(column: str) -> str:
    """Return the layer whose column is called ``column``; empty for a column of the table."""
    return column[len(PREFIX) :] if column[: len(PREFIX)].lower() == PREFIX else ""

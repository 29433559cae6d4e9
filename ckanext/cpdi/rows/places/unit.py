"""Units on their way into the places file, and the addresses that find them: tables, as there may be a million."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from ckanext.cpdi.rows.ground.areas import TEAM
from ckanext.cpdi.rows.places.label import Precision

DRAFT_UNITS = {
    "label": pl.String,
    "precision": pl.String,
    "team": pl.String,
    "areas": pl.String,
    "addresses": pl.Int64,
    "x": pl.Float64,
    "y": pl.Float64,
    "width": pl.Float64,
    "has_ground": pl.Boolean,
}
"""A unit a row, which is its number. ``areas``: the names of its areas but the team, as JSON by layer; ``x`` and ``y``:
its point in metres, null where nobody knows it."""
DRAFT_KEYS = {
    "text": pl.String,
    "unit": pl.Int64,
    "share": pl.Float64,
    "low": pl.Int64,
    "high": pl.Int64,
    "parity": pl.Int8,
}
"""An address in plain, on its way to be hashed, and a unit that it may be in. ``low``, ``high``, ``parity``: the house
numbers that a reference gives; ``share``: how many of the addresses with this key are in the unit, from 0 to 1."""


class Unit(NamedTuple):
    """A row of DRAFT_UNITS."""

    label: str | None
    precision: Precision
    team: str | None
    areas: str | None
    addresses: int
    x: float | None = None
    y: float | None = None
    width: float | None = None
    has_ground: bool = False


class Key(NamedTuple):
    """A row of DRAFT_KEYS without house numbers."""

    text: str
    unit: int
    share: float = 1.0


@dataclass(frozen=True)
class Draft:
    """``units``: columns of DRAFT_UNITS; ``keys``: columns of DRAFT_KEYS."""

    units: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DRAFT_UNITS))
    keys: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DRAFT_KEYS))

    def plus(self, units: Sequence[Unit], keys: Sequence[Key]) -> Draft:
        """Return the draft with more ``units``, whose numbers follow, and more ``keys``."""
        more_keys = [(*key, None, None, None) for key in keys]
        return Draft(
            pl.concat([self.units, pl.DataFrame(units, schema=DRAFT_UNITS, orient="row")]),
            pl.concat([self.keys, pl.DataFrame(more_keys, schema=DRAFT_KEYS, orient="row")]),
        )


def team_and_areas(names: Mapping[str, str | None]) -> tuple[str | None, str | None]:
    """Return the team among the ``names`` of areas by layer, and the others as JSON; None for none."""
    others = {layer: name for layer, name in names.items() if layer != TEAM and name is not None}
    return names.get(TEAM), json.dumps(others, ensure_ascii=False) if others else None


def block_key(street: str, block: int) -> str:
    """Return the key of a block, which begins with house number ``block``."""
    return f"{street}|{block}"


def crossing_key(street: str, cross: str) -> str:
    """Return the key of a crossing of two streets, in the order of their names."""
    return f"{street} / {cross}"

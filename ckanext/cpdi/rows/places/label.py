"""What a unit is called, how exact that is, and the one point that stands for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from ckanext.cpdi.rows.places.address import title

Precision: TypeAlias = Literal["block", "segment", "intersection", "area"]
_LONGEST_STEP = 150.0
"""Two neighbouring houses farther apart than this, in metres, say nothing of what lies between them."""


@dataclass
class Street:
    """What a unit has of one street. ``blocks``: first numbers of its blocks; ``numberless``: whether addresses without
    a number are among them; ``points``: of its addresses, by house number; ``middles``: points of its middle line.
    """

    addresses: int = 0
    blocks: set[int] = field(default_factory=set[int])
    numberless: bool = False
    points: list[tuple[int, float, float]] = field(default_factory=list[tuple[int, float, float]])
    middles: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])


def words(streets: Mapping[str, Street], shown: set[str], *, others: bool) -> tuple[str | None, Precision]:
    """Return a unit's label and precision; ``shown`` are names that may be shown, ``others`` says that addresses of no
    street are in the unit. Without a name there is no label.

    A unit is a block only where all of its addresses are on it.
    """
    named = sorted((name for name in streets if name in shown), key=lambda name: (-streets[name].addresses, name))
    if not named:
        return None, "area"
    main = named[0]
    label, precision = stretch(main, () if streets[main].numberless else sorted(streets[main].blocks))
    if len(streets) > 1 or others:
        return f"{label} and nearby", "area"
    return label, precision


def stretch(street: str, blocks: Sequence[int]) -> tuple[str, Precision]:
    """Return the words for blocks of one street, all of it where none are given."""
    name = title(street)
    if not blocks:
        return name, "segment"
    if len(blocks) == 1:
        return f"{blocks[0]} block of {name}" if blocks[0] else f"First block of {name}", "block"
    return f"{blocks[0] or 1} to {blocks[-1]} blocks of {name}", "segment"


def crossing(street: str, cross: str) -> str:
    """Return the words for a crossing."""
    return f"{title(street)} and {title(cross)}"


def candidates(streets: Mapping[str, Street], middle: tuple[float, float]) -> Iterator[tuple[float, float]]:
    """Yield points that may stand for a unit, the best first.

    They lie on a street and on no house: on its middle line, where that is known, else half-way between neighbouring
    houses. First come those of the street with most addresses, and of them the nearest to the ``middle``.
    """
    for name in sorted(streets, key=lambda name: (-streets[name].addresses, name)):
        points = streets[name].middles or _half_ways(streets[name])
        yield from sorted(points, key=lambda point: (math.dist(point, middle), point))


def _half_ways(street: Street) -> list[tuple[float, float]]:
    """Return the points half-way between neighbouring houses, where these are not far apart."""
    houses = sorted(street.points)
    return [
        ((x + next_x) / 2, (y + next_y) / 2)
        for (_, x, y), (_, next_x, next_y) in pairwise(houses)
        if 0 < math.dist((x, y), (next_x, next_y)) <= _LONGEST_STEP
    ]

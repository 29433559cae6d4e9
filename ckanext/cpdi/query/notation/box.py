"""Boxes as links and protocols write them, cut to the world."""

from __future__ import annotations

import math

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.reference import CRS84, Axes
from ckanext.cpdi.query.tree import Envelope


def parse_box(text: str, parameter: str, reference: Axes = CRS84) -> Envelope:
    """Return the box of ``west,south,east,north``, or with heights third and sixth, which no point has.

    The corners are in ``reference``, in the order of its axes.

    What lies beyond the world is cut off; the west is greater than the east across the 180th meridian.
    """
    try:
        sides = [float(side) for side in text.split(",")]
    except ValueError:
        sides = []
    if len(sides) == 6:
        sides = [sides[place] for place in (0, 1, 3, 4)]
    if len(sides) != 4 or not all(map(math.isfinite, sides)):
        raise UnreadableError(
            Said(
                "{text!r} is no box: write west,south,east,north in degrees, such as -80.1,32.7,-79.8,33.0",
                text=text[:60],
            ),
            parameter,
        )
    return clip(*reference.to_degrees(*sides[:2]), *reference.to_degrees(*sides[2:]), parameter=parameter)


def clip(west: float, south: float, east: float, north: float, parameter: str = "") -> Envelope:
    """Return the part of a box that lies in the world; raise UnreadableError where its south is north of its north."""
    if south > north:
        raise UnreadableError("the south of the box is north of its north", parameter)
    if east - west >= 360:
        west, east = -180.0, 180.0
    if not -180 <= west <= 180:
        west = _turned(west)
    if not -180 <= east <= 180:
        east = _turned(east)
    return Envelope(west, min(90.0, max(-90.0, south)), east, min(90.0, max(-90.0, north)))


def _turned(longitude: float) -> float:
    return math.remainder(longitude, 360.0)

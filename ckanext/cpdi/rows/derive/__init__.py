"""Derived columns, one group a file: ``event.counts`` is made by ``event.py``.

A field takes one by ``cpdi:from``. To add a group, write a file with COLUMNS and ``derive``, and name it here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ckanext.cpdi.rows.derive import age, encounter, event, place, response, source, sun

if TYPE_CHECKING:
    from ckanext.cpdi.rows.plan import Plan
    from ckanext.cpdi.rows.sheet import Sheet

GROUPS: dict[str, Callable[[Plan, Sheet], None]] = {
    "event": event.derive,
    "source": source.derive,
    "response": response.derive,
    "age": age.derive,
    "encounter": encounter.derive,
}
"""What makes each group, of the feed's row alone; ``place`` needs the places file too."""

INPUTS: dict[str, tuple[str, ...]] = {
    "source": ("reported_source",),
    "response": ("first_arrival",),
    "encounter": ("unit", "person"),
    "place": ("address", "x", "y", "reported_team"),
}
"""The inputs that a group is made of, beside one of its own name; the codes and the time are every group's."""

COLUMNS: dict[str, tuple[str, ...]] = {
    "event": event.COLUMNS,
    "source": source.COLUMNS,
    "response": response.COLUMNS,
    "age": age.COLUMNS,
    "encounter": encounter.COLUMNS,
    "sun": sun.COLUMNS,
    "place": place.COLUMNS,
    "time": ("precision",),
    "flags": ("text",),
}
"""The columns of each group; ``time``, ``flags`` and ``sun`` are known last, when it is clear what a row shows."""

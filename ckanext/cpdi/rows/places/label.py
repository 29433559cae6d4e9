"""What a unit is called, and how exact that is."""

from __future__ import annotations

from typing import Literal, TypeAlias

from ckanext.cpdi.rows.places.address import title

Precision: TypeAlias = Literal["block", "segment", "intersection", "area"]


def stretch(street: str, first: int | None = None, last: int | None = None) -> tuple[str, Precision]:
    """Return the words for the blocks of a street from ``first`` to ``last``, all of it where none are given."""
    name = title(street)
    if first is None:
        return name, "segment"
    if first == last:
        return f"{first} block of {name}" if first else f"First block of {name}", "block"
    return f"{first or 1} to {last} blocks of {name}", "segment"


def nearby(label: str) -> tuple[str, Precision]:
    """Return the words for a unit that has more than what ``label`` says."""
    return f"{label} and nearby", "area"


def crossing(street: str, cross: str) -> str:
    """Return the words for a crossing."""
    return f"{title(street)} and {title(cross)}"

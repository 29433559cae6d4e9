"""Derived columns, one group a module: ``event.counts`` is made by ``event.py``.

A field takes one by ``cpdi:from``. To add a group, write one file here that defines its :class:`Derived`.
"""

from __future__ import annotations

from ckanext.cpdi.registry import Registry
from ckanext.cpdi.rows.derive import place, sun
from ckanext.cpdi.rows.derived import Derived

_LATER: dict[str, tuple[str, ...]] = {
    "place": place.COLUMNS,
    "sun": sun.COLUMNS,
    "time": ("precision",),
    "flags": ("text",),
}
"""Groups that need more than the row: the places file, or what shows of the row, which is known last."""
_GROUPS = Registry("derived", Derived, __name__, wants=("columns",), reserved=_LATER)


def groups() -> Registry[Derived]:
    """Return the groups that are made of a feed's row alone, in the order in which they are made."""
    return _GROUPS


def columns() -> dict[str, tuple[str, ...]]:
    """Return the columns of each group."""
    return {**{name: group.columns for name, group in _GROUPS.items()}, **_LATER}


def inputs(group: str) -> tuple[str, ...]:
    """Return the inputs that a group is made of, beside one of its own name."""
    if group == "place":
        return place.INPUTS
    return _GROUPS[group].inputs if group in _GROUPS else ()


def versions(groups: set[str]) -> dict[str, str]:
    """Return the versions of those of ``groups`` that other extensions add."""
    return {one.name: one.version for one in _GROUPS.others() if one.name in groups}

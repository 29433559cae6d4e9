"""Derived columns, one group a module: ``event.counts`` is made by ``event.py``.

A field takes one by ``cpdi:from``. To add a group, write one file here that defines its :class:`Derived`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ckanext.cpdi.registry import ExtensionError, Registry
from ckanext.cpdi.rows.derive import place, sun
from ckanext.cpdi.rows.derived import Derived

if TYPE_CHECKING:
    import polars as pl

    from ckanext.cpdi.rows.batch import Batch
    from ckanext.cpdi.rows.plan import Plan

_LATER: dict[str, tuple[str, ...]] = {
    "place": place.COLUMNS,
    "sun": sun.COLUMNS,
    "time": ("precision",),
    "flags": ("text",),
}
"""Groups that need more than the row: the places file, or what shows of the row, which is known last."""
_GROUPS = Registry("derived", Derived, __name__, required=("columns",), reserved=_LATER)


def groups() -> Registry[Derived]:
    """Return the groups that are made of a feed's row alone, in the order in which they are made."""
    return _GROUPS


def derive(name: str, plan: Plan, batch: Batch) -> Mapping[str, pl.Series]:
    """Return the columns of a group; raise ExtensionError where it does not give each that it declares."""
    group = _GROUPS[name]
    columns = group.derive(plan, batch)
    lengths = {column: len(series) for column, series in columns.items()}
    if lengths != dict.fromkeys(group.columns, batch.height):
        expected = ", ".join(group.columns)
        raise ExtensionError(f"the derived columns {name!r} are to be {expected} with {batch.height} rows: {lengths}")
    return columns


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
    return {group.name: group.version for group in _GROUPS.others() if group.name in groups}

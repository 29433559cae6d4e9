"""What a layer's document says of its rows, reckoned once a version: their box, the time that they span, categories."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from zoneinfo import ZoneInfo

from ckanext.cpdi import config
from ckanext.cpdi.catalog import extent
from ckanext.cpdi.query.question import Aggregate, Group, Statistics
from ckanext.cpdi.query.tree import IsNull, Not, Term
from ckanext.cpdi.selection.loaders import IN_MILLISECONDS
from ckanext.cpdi.selection.reader import Box, Reader
from ckanext.cpdi.services.geoservices.layers import Layer

_MOST = 100


@dataclass(frozen=True)
class Facts:
    """The ``extent`` of the points, None where there is none, and the first and last time.

    Times are milliseconds since 1970, UTC; None where there are no rows. ``categories`` are those of the table, over
    all its layers, with their rows that have a point.
    """

    extent: Box | None
    first: int | None
    last: int | None
    categories: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def box(self) -> Box:
        """The box of the points; that of the department where there is none, since clients want one."""
        return self.extent or department_box()


_kept: OrderedDict[object, Facts] = OrderedDict()
_lock = Lock()


def facts(layer: Layer, reader: Reader) -> Facts:
    """Return the facts of the rows of ``layer`` in the version of ``reader``."""
    key = (reader.state.resource_id, reader.state.version, layer.year)
    with _lock:
        if key in _kept:
            return _kept[key]
    counted = _counted(layer, reader)
    with _lock:
        _kept[key] = counted
        while len(_kept) > _MOST:
            _kept.popitem(last=False)
    return counted


def department_box() -> Box:
    """Return the box around the department's boundary."""
    ring = json.loads(extent.box(config.profile()))["coordinates"][0]
    return Box(*ring[0], *ring[2])


def _counted(layer: Layer, reader: Reader) -> Facts:
    condition = layer.condition(ZoneInfo(reader.state.zone))
    time = layer.table.time_field
    categories = _categories(layer, reader)
    if time.type not in ("date", "datetime"):
        return Facts(reader.extent(condition), None, None, categories)
    ends = (Aggregate("min", "first", time.name), Aggregate("max", "last", time.name))
    first, last = reader.statistics(Statistics(aggregates=ends, filter=condition), IN_MILLISECONDS)[0]
    return Facts(reader.extent(condition), first, last, categories)


def _categories(layer: Layer, reader: Reader) -> dict[str, int]:
    """Return the rows with a point of each category; none where the table has no category, or no point."""
    table = layer.table
    if not table.category or table.point is None:
        return {}
    placed = Not(IsNull(Term(table.point.longitude)))
    groups, counts = (Group(Term(table.category), "category"),), (Aggregate("count", "rows"),)
    rows = reader.statistics(Statistics(groups, counts, placed))
    return {name: number for name, number in rows if name}

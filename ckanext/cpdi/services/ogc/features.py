"""Rows as GeoJSON features: every key in every row, numbers always with a point, times in the row's own offset.

In: tuples as they were read. Out: objects that orjson writes. All times of a row have the offset of the department's
clock at the time of the event, as in the GeoJSON files.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.columns import ROW_ID
from ckanext.cpdi.query.reference import CRS84, Axes

Row = tuple[Any, ...]
Feature = dict[str, Any]


def columns_for(table: Table, shown: tuple[str, ...]) -> tuple[str, ...]:
    """Return the columns that :func:`maker` needs of a row, in their order."""
    point = (table.point.longitude, table.point.latitude) if table.point else (ROW_ID, ROW_ID)
    return (ROW_ID, *point, table.time_field.name, *shown)


def maker(table: Table, shown: tuple[str, ...], zone: tzinfo, reference: Axes) -> Callable[[Row], Feature]:
    """Return the function that makes a feature, with the columns ``shown``, of a row."""
    times = [place + 4 for place, name in enumerate(shown) if table.field(name).type == "datetime"]
    end = 4 + len(shown)
    has_point = table.point is not None
    turn = None if reference == CRS84 else reference.from_degrees

    def make(row: Row) -> Feature:
        row_id, longitude, latitude, at = row[:4]
        values = row[4:end]
        if times:
            clock = _offset(at.astimezone(zone).utcoffset()) if isinstance(at, datetime) else zone
            local = list(row)
            for place in times:
                if local[place] is not None:
                    local[place] = local[place].astimezone(clock)
            values = local[4:end]
        geometry = None
        if has_point and longitude is not None:
            position = turn(longitude, latitude) if turn else (longitude, latitude)
            geometry = {"type": "Point", "coordinates": position}
        properties = dict(zip(shown, values, strict=True))
        return {"type": "Feature", "id": row_id, "geometry": geometry, "properties": properties}

    return make


@lru_cache(maxsize=64)
def _offset(offset: timedelta) -> timezone:
    return timezone(offset)

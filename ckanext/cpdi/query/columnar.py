"""The names of the columns that a columnar file of a version has beside the declared ones.

Declared names begin with a letter, these with an underscore. A file has, for each instant, the day, hour, weekday and
month by the clock of the table's zone, since reckoning zones is what costs; and for each point its cell of a grid of
web mercator. Its rows lie in the order of the downloads.
"""

from __future__ import annotations

from typing import Literal

from ckanext.cpdi.declare import Table
from ckanext.cpdi.query.question import Order

GRID = 24
"""The zoom of the grid: the world is ``2 ** GRID`` cells wide, some 2.4 m each at the equator."""
GRID_X, GRID_Y = "_x", "_y"
"""The point's cell, counted from the west and from the north; null where a row has no place on the map."""

Part = Literal["date", "hour", "weekday", "month"]
"""``weekday`` is 0 on Sunday; ``month`` counts from the year 0: twelve times the year, and the month less one."""


def local(column: str, part: Part) -> str:
    """Return the name of the column that holds ``part`` of the instants of ``column``."""
    return f"_{column}_{part}"


def file_order(table: Table) -> tuple[Order, ...]:
    """Return the order of the rows in files of ``table``: the published time, then the published key."""
    key = table.key_field
    return (Order(table.time_field.name), *([Order(key.name)] if key else []))

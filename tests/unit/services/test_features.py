"""Features keep every key, numbers their point, and times the offset of their row."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson
import pytest

from ckanext.cpdi.declare import read_library
from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import QueryError
from ckanext.cpdi.query.question import Order
from ckanext.cpdi.query.reference import CRS84, EPSG_4326
from ckanext.cpdi.services.ogc.cursor import read_cursor, write_cursor
from ckanext.cpdi.services.ogc.features import columns_for, maker

ZONE = ZoneInfo("America/New_York")
TABLE = read_library(Path(__file__).parents[3] / "schemas").dataset("calls-for-service").rows
SHOWN = ("team", "response_minutes", "closed_datetime")
CALL = datetime(2026, 11, 1, 5, 50, tzinfo=UTC)
"""01:50 of the night in which the clocks go back."""


def test_a_feature_is_written_as_clients_need_it():
    assert columns_for(TABLE, SHOWN) == ("_id", "longitude", "latitude", "call_datetime", *SHOWN)
    row = (7, -79.5, 32.5, CALL, None, 12.0, CALL.replace(hour=7, minute=10), "more")
    assert orjson.dumps(maker(TABLE, SHOWN, ZONE, CRS84)(row)) == (
        b'{"type":"Feature","id":7,"geometry":{"type":"Point","coordinates":[-79.5,32.5]},"properties":'
        b'{"team":null,"response_minutes":12.0,"closed_datetime":"2026-11-01T03:10:00-04:00"}}'
    )


def test_a_row_without_a_place_has_no_geometry_and_axes_are_those_of_the_system():
    row = (7, None, None, CALL, None, None, None)
    assert maker(TABLE, SHOWN, ZONE, CRS84)(row)["geometry"] is None
    assert maker(TABLE, SHOWN, ZONE, EPSG_4326)((7, 1.0, 2.0, *row[3:]))["geometry"]["coordinates"] == (2.0, 1.0)


def test_a_table_without_points_has_features_without_geometry():
    table = read_library(Path(__file__).parents[3] / "schemas").dataset("use-of-force").rows
    name = table.fields[0].name
    row = (7, 7, 7, None, "x")
    assert maker(table, (name,), ZONE, CRS84)(row)["geometry"] is None


def test_a_cursor_is_read_as_it_was_written():
    orders = (Order("call_datetime"), Order("team", True), Order("response_minutes"), Order("_id"))
    values = (CALL, None, 1.5, 7)
    assert read_cursor(write_cursor(values), orders, Columns(TABLE)) == values
    for wrong in ("", "x", write_cursor((1, 2)), write_cursor(("x", None, 1.5, 7))):
        with pytest.raises(QueryError):
            read_cursor(wrong, orders, Columns(TABLE))

"""The place of a page's last row, as ``next`` names it: the values of the columns in the order, in URL-safe letters."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import cast

from ckanext.cpdi.query.columns import Columns
from ckanext.cpdi.query.errors import UnreadableError
from ckanext.cpdi.query.question import Order
from ckanext.cpdi.query.tree import Term, Value

CURSOR = "cursor"


def write_cursor(values: Sequence[Value | None]) -> str:
    """Return the text of a row's ``values``."""
    text = json.dumps([_plain(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str, orders: Sequence[Order], columns: Columns) -> tuple[Value | None, ...]:
    """Return the values in ``text``, one for each of ``orders``; raise UnreadableError where it was made for others."""
    try:
        raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raw = None
    if not isinstance(raw, list) or len(cast("list[object]", raw)) != len(orders):
        raise UnreadableError("the cursor is not one of this service's for this order: follow the links", CURSOR)
    values = cast("list[object]", raw)
    return tuple(
        None if value is None else columns.value(Term(order.column), value, UTC, CURSOR)
        for value, order in zip(values, orders, strict=True)
    )


def _plain(value: Value | None) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value

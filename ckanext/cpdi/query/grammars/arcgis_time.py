"""The ``time`` of GeoServices: an instant or an interval, in milliseconds since 1970, UTC.

In: the text, and the column of the layer's time. Out: a condition. Both ends of an interval count; ``null`` is open.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ckanext.cpdi.errors import Said
from ckanext.cpdi.query.errors import QueryError, UnreadableError
from ckanext.cpdi.query.tree import EVERYTHING, NOTHING, Condition, Interval

PARAMETER = "time"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST = datetime.max.replace(tzinfo=UTC) - _MILLISECOND
_OPEN = ("null", "")


def parse_time(text: str | None, column: str) -> Condition:
    """Return the condition of ``text`` on ``column``, a column of instants: everything without one.

    A row's time counts to the millisecond, since answers have no finer ones. Raises QueryError.
    """
    if text is None or not text.strip():
        return EVERYTHING
    parts = [part.strip().lower() for part in text.strip().strip("[]").split(",")]
    if len(parts) > 2:
        raise UnreadableError("time is an instant, or two with a comma between, in milliseconds since 1970", PARAMETER)
    start, end = (None if part in _OPEN else _instant(part) for part in (parts * 2)[:2])  # an instant is both ends
    if start is None and end is None:
        return EVERYTHING
    if start is not None and end is not None and start > end:
        return NOTHING
    return Interval(column, start, end and end + _MILLISECOND)


def _instant(text: str) -> datetime:
    """Return the instant; raise QueryError where the calendar has none."""
    try:
        instant = _EPOCH + timedelta(milliseconds=float(text))
        return min(instant, _LAST)
    except (ValueError, OverflowError):
        raise QueryError(Said("{text!r} is no time in milliseconds since 1970", text=text[:40]), PARAMETER) from None

"""Rows of calls as the store takes them."""

from datetime import UTC, datetime


def call(key, when, **more):
    """A row; ``when`` is ISO 8601 in UTC."""
    return {
        "incident_number": key,
        "call_datetime": datetime.fromisoformat(when).replace(tzinfo=UTC),
        "time_precision": "minute",
        "location_precision": "block" if "latitude" in more else "none",
        **more,
    }

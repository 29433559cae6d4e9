"""A time of the department's day, as settings and harvest sources write it."""

from __future__ import annotations

import re
from datetime import time

from ckanext.cpdi.errors import Said

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def clock(text: str) -> time:
    """Return the time of day ``02:30``; raise ValueError for any other form."""
    if not _CLOCK.fullmatch(text):
        raise ValueError(Said("a time of day is written like 02:30"))
    return time.fromisoformat(text)

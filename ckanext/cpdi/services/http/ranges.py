"""Whether a ``Range`` header asks for a part that is to be sent alone (RFC 9110, 13.1.5 and 14.2).

One range of bytes is. Whatever else a client may ask for is answered with the whole file, as the RFC lets a server do:
several ranges, a unit that nobody knows, a range that is written wrongly, another method than GET, a condition
(``If-Range``) that is not met.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol


class Headers(Protocol):
    """A request's headers."""

    def get(self, key: str, default: str, /) -> str:
        """Return the header ``key``."""
        ...


_ONE = re.compile(
    r"\s*bytes\s*=\s*(?:(?P<first>\d{1,19})\s*-\s*(?P<last>\d{1,19})?|-\s*(?P<suffix>\d{1,19}))\s*,?\s*", re.I
)


def is_wanted(method: str, headers: Headers, etag: str, modified: datetime | None) -> bool:
    """Return whether the request asks for one part of the file that has the ``etag`` (without quotes)."""
    match = _ONE.fullmatch(headers.get("Range", ""))
    if method != "GET" or match is None:
        return False
    if match["last"] and int(match["last"]) < int(match["first"]):
        return False
    condition = headers.get("If-Range", "").strip()
    return not condition or _is_met(condition, etag, modified)


def is_empty(header: str) -> bool:
    """Return whether the one range in ``header`` is the last 0 bytes, which no file can satisfy."""
    match = _ONE.fullmatch(header)
    return match is not None and match["suffix"] is not None and not int(match["suffix"])


def _is_met(condition: str, etag: str, modified: datetime | None) -> bool:
    """Return whether an ``If-Range`` names this file: its own strong ETag, or exactly its date."""
    if condition.startswith('"'):
        return condition == f'"{etag}"'
    if condition[:2].lower() == "w/" or modified is None:
        return False
    try:
        return parsedate_to_datetime(condition) == modified.replace(microsecond=0)
    except ValueError:
        return False

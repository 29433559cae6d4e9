"""What a harvest source says: where the feed is, which dataset it fills and by which profile.

Everybody can read a harvest source, so nothing secret may stand in it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

_KEYS = ("dataset", "profile")
_SECRET = re.compile(
    r"pass(word|wd)?|secret|token|api_?key|\bkey\b|auth|credential|signature|\bsig\b|user(name)?", re.I
)
_NO_SECRETS = "harvest sources are public: the operator sets it by host in ckanext.cpdi.feeds.headers_file instead"


class SourceError(ValueError):
    """A harvest source cannot be used; the message is for staff and repeats no value."""


@dataclass(frozen=True)
class SourceConfig:
    """The configuration of a source; ``profile`` is empty for the site's own."""

    dataset: str
    profile: str = ""


def read_config(text: str | None, default_dataset: str = "") -> SourceConfig:
    """Return what the configuration ``text``, a JSON object, says.

    ``default_dataset`` stands in for one that is not named.
    Raises SourceError for text that is no such object, an unknown key, or a credential.
    """
    try:
        raw: Any = json.loads(text) if text and text.strip() else {}
    except ValueError:
        raise SourceError('the configuration is no JSON; it looks like {"dataset": "calls-for-service"}') from None
    if not isinstance(raw, dict):
        raise SourceError('the configuration is no JSON object; it looks like {"dataset": "calls-for-service"}')
    for key, value in raw.items():
        if key not in _KEYS:
            raise SourceError(
                f"no credential belongs here, such as {key}: {_NO_SECRETS}"
                if _SECRET.search(key)
                else f"{key} is not known here; there are {' and '.join(_KEYS)}"
            )
        if not isinstance(value, str):
            raise SourceError(f"{key} is a text in quotation marks")
    dataset = raw.get("dataset", default_dataset)
    if not dataset:
        raise SourceError('name the dataset that the feed fills, such as {"dataset": "calls-for-service"}')
    return SourceConfig(dataset, raw.get("profile", ""))


def check_location(location: str) -> None:
    """Raise SourceError for an address that no feed can have, or that shows a credential to everybody."""
    if location.startswith("drop:"):
        name = location.removeprefix("drop:")
        if not name or name.startswith("/") or ".." in name.split("/"):
            raise SourceError("drop: is followed by the name of a file in the drop folder, such as drop:calls.csv.gz")
        return
    try:
        parts = urlsplit(location)
        named = parts.hostname
    except ValueError:
        raise SourceError("this is no web address") from None
    if parts.scheme not in ("http", "https") or not named:
        raise SourceError("a feed's address begins with https:// or with drop: (a file in the drop folder)")
    if parts.username or parts.password:
        raise SourceError(f"no user and password belong into the address: {_NO_SECRETS}")
    for key, value in parse_qsl(parts.query):
        if value and _SECRET.search(key):
            raise SourceError(f"no credential belongs into the address, such as {key}: {_NO_SECRETS}")

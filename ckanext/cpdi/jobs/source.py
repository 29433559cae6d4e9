"""The configuration of a harvest source: address of the feed, dataset, profile and rule of syncing.

Everybody can read a harvest source, so it may have no secret.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import parse_qsl, urlsplit

from ckanext.cpdi.declare import SyncRule
from ckanext.cpdi.declare.clock import clock
from ckanext.cpdi.declare.departments.profile import SyncMode
from ckanext.cpdi.declare.reading.nearest import unknown
from ckanext.cpdi.errors import PortalError, Said

OURS = "cpdi_"
"""The prefix of the types of our harvest sources."""

_KEYS = {"dataset": str, "profile": str, "sync": str, "window_days": int, "at": str}
_TYPES = {str: Said("a text in quotation marks"), int: Said("a whole number without quotation marks")}
_SECRET = re.compile(
    r"pass(word|wd)?|pwd|secret|token|api[_-]?key|\bkey\b|auth|credential|signature|\bsig\b|user(name)?|bearer|jwt"
    r"|hmac|ticket|session|\bs(as|id)\b|\b(pin|otp)\b",
    re.I,
)
_RUN = re.compile(r"[A-Za-z0-9+/=]{16,}")
_NUMBER_OF_ITEM = re.compile(r"[0-9a-f]{32}", re.I)
_ITEM = re.compile(r"(item|resource|dataset|layer)?_?id|items?", re.I)
_MIXED = 3
"""The least number of digits and of letters in a secret key; names such as calls2026 are shorter."""
_NO_SECRETS = Said("harvest sources are public: the operator sets it in ckanext.cpdi.feeds.credentials_file instead")


class SourceError(PortalError, ValueError):
    """A harvest source cannot be used; the message is for staff and repeats no value."""


@dataclass(frozen=True)
class SourceConfig:
    """The configuration of a source.

    ``profile`` is empty for the site's own. ``rule`` is the rule for rows that the feed lacks, None for the profile's
    own. ``at`` is the time of the department's day at which a run is due, such as ``02:30``, empty for the site's own.
    """

    dataset: str
    profile: str = ""
    rule: SyncRule | None = None
    at: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the configuration as JSON values, without empty ones."""
        rule = {"sync": self.rule.mode, "window_days": self.rule.days} if self.rule else {}
        written = {"dataset": self.dataset, "profile": self.profile, **rule, "at": self.at}
        return {key: value for key, value in written.items() if value}


def read_config(text: str | None, default_dataset: str = "") -> SourceConfig:
    """Return the configuration in ``text``, a JSON object.

    ``default_dataset`` is used where it names no dataset.
    Raises SourceError for text that is no JSON object, an unknown key, a wrong value, or a credential.
    """
    try:
        raw: Any = json.loads(text) if text and text.strip() else {}
    except ValueError:
        raise SourceError('the configuration is no JSON; it looks like {"dataset": "calls-for-service"}') from None
    if not isinstance(raw, dict):
        raise SourceError('the configuration is no JSON object; it looks like {"dataset": "calls-for-service"}')
    for key, value in raw.items():
        _check(key, value)
    dataset = raw.get("dataset", default_dataset)
    if not dataset:
        raise SourceError('name the dataset that the feed fills, such as {"dataset": "calls-for-service"}')
    return SourceConfig(dataset, raw.get("profile", ""), _rule(raw), _at(raw.get("at", "")))


def _check(key: str, value: object) -> None:
    """Raise SourceError for an unknown key, or a value of the wrong type."""
    if key not in _KEYS:
        secret = Said("no credential belongs here, such as {key}: {no_secrets}", key=key, no_secrets=_NO_SECRETS)
        raise SourceError(secret if _SECRET.search(key) else unknown(key, _KEYS))
    if type(value) is not _KEYS[key]:
        raise SourceError(Said("{key} is {types}", key=key, types=_TYPES[_KEYS[key]]))


def _rule(raw: dict[str, Any]) -> SyncRule | None:
    """Return the rule for rows that the feed lacks; None where the configuration has none."""
    if "sync" not in raw:
        if "window_days" in raw:
            raise SourceError("window_days goes with sync: window")
        return None
    modes = get_args(SyncMode)
    if raw["sync"] not in modes:
        raise SourceError(Said("sync is one of {modes}", modes=", ".join(modes)))
    try:
        return SyncRule(raw["sync"], raw.get("window_days", 0))
    except ValueError as error:
        raise SourceError(*error.args) from None


def _at(text: str) -> str:
    """Return the time of day as HH:MM, or an empty text; raise SourceError for anything else."""
    try:
        return text and f"{clock(text):%H:%M}"
    except ValueError as error:
        raise SourceError(Said("at: {error}", error=error.args[0])) from None


def check_location(location: str) -> None:
    """Raise SourceError for an address that no feed can have, or that has a credential."""
    from ckanext.cpdi.feeds import FeedError
    from ckanext.cpdi.feeds import check_location as check

    try:
        check(location)
    except FeedError as error:
        raise SourceError(error.said) from None
    parts = urlsplit(location)
    for key, value in (*parse_qsl(parts.query), *parse_qsl(parts.fragment)):
        if _SECRET.search(key) or _looks_secret(key, value):
            raise SourceError(
                Said(
                    "no credential belongs into the address, such as {key}: {no_secrets}",
                    key=key,
                    no_secrets=_NO_SECRETS,
                )
            )


def _looks_secret(key: str, value: str) -> bool:
    """Return whether ``value`` looks like a secret key: a long mix of letters and digits, but no id of an item."""
    if _ITEM.fullmatch(key) and _NUMBER_OF_ITEM.fullmatch(value):
        return False
    return any(
        sum(map(str.isdigit, run)) >= _MIXED and sum(map(str.isalpha, run)) >= _MIXED for run in _RUN.findall(value)
    )

"""The limits for readers."""

from __future__ import annotations

from dataclasses import dataclass, fields

import ckan.plugins.toolkit as tk


@dataclass(frozen=True)
class Limits:
    """The limits for one address, and for one question of an anonymous reader; each is ``ckanext.cpdi.limits.NAME``."""

    requests_per_second: int
    requests_at_once: int
    connections: int
    api_connections: int
    streams: int
    question_bytes: int
    values: int
    words: int
    query_seconds: int


def limits() -> Limits:
    """Return the limits of this site."""
    return Limits(**{field.name: tk.config[f"ckanext.cpdi.limits.{field.name}"] for field in fields(Limits)})

"""Parts of nested values, under the names with dots that a profile gives them: ``location.latitude``."""

from __future__ import annotations

from typing import Any, cast

from ckanext.cpdi.declare import Feed, spelling


def dotted(feed: Feed) -> dict[str, tuple[str, ...]]:
    """Return the profile's headers with dots, each with its steps."""
    return {name: tuple(name.split(".")) for names in feed.named_headers.values() for name in names if "." in name}


def reach(value: object, steps: tuple[str, ...]) -> Any:  # noqa: ANN401  JSON holds anything
    """Return the value at the end of the steps: members by name (ignoring case and blanks), items by number."""
    for step in steps:
        if isinstance(value, dict):
            members = cast(dict[str, Any], value)
            value = members[step] if step in members else _similar_member(members, step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(cast(list[object], value)):
            value = cast(list[object], value)[int(step)]
        else:
            return None
    return value


def _similar_member(members: dict[str, Any], step: str) -> Any:  # noqa: ANN401
    plain = spelling(step)
    return next((value for name, value in members.items() if spelling(name) == plain), None)

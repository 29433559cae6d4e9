"""Parts of nested values, under the names with dots that a profile gives them: ``location.latitude``."""

from __future__ import annotations

import re
from typing import Any, cast

from ckanext.cpdi.declare import Feed

_BLANKS = re.compile(r"[\s_]+")


def dotted(feed: Feed) -> dict[str, tuple[str, ...]]:
    """Return the headers with dots in them that the profile names, with their steps."""
    named = [*(one for names in feed.headers.values() for one in names), *(flag.header for flag in feed.flags)]
    return {one: tuple(one.split(".")) for one in named if "." in one}


def reach(value: object, steps: tuple[str, ...]) -> Any:  # noqa: ANN401  JSON holds anything
    """Return what the steps lead to: members by name (case and blanks do not matter), items by number; else None."""
    for step in steps:
        if isinstance(value, dict):
            members = cast(dict[str, Any], value)
            value = members[step] if step in members else _alike(members, step)
        elif isinstance(value, list) and step.isdecimal() and int(step) < len(cast(list[object], value)):
            value = cast(list[object], value)[int(step)]
        else:
            return None
    return value


def _alike(members: dict[str, Any], step: str) -> Any:  # noqa: ANN401
    plain = _plain(step)
    return next((value for name, value in members.items() if _plain(name) == plain), None)


def _plain(name: str) -> str:
    return _BLANKS.sub("", name).casefold()

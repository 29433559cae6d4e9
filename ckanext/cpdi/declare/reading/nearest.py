"""Words for a name that is not known: the nearest of those that are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_NEAR = 0.55


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the one of ``known`` that somebody may have meant by ``name``; an empty text where none is near."""
    names = {one.casefold(): one for one in known}
    plain = name.casefold().replace("-", "_")
    found = difflib.get_close_matches(plain, [one.replace("-", "_") for one in names], 1, _NEAR)
    if found:
        return next(one for lower, one in names.items() if lower.replace("-", "_") == found[0])
    inside = [one for lower, one in names.items() if plain and plain in lower]
    return inside[0] if len(inside) == 1 else ""


def unknown(name: str, known: Iterable[str]) -> str:
    """Return the words for ``name``, which is none of ``known``: ``'adress' is not known here; did you mean …``."""
    names = list(known)
    near = nearest(name, names)
    meant = f"did you mean {near}? There" if near else "there"
    return f"{name!r} is not known here; {meant} are {', '.join(names) or 'none'}"

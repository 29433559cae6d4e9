"""Suggests the nearest declared name for one that is misspelt."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from ckanext.cpdi.errors import Said

_NEAR = 0.55


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return the one of ``choices`` that is most like ``name``; an empty text where none is near."""
    names = {choice.casefold(): choice for choice in choices}
    plain = name.casefold().replace("-", "_")
    matches = difflib.get_close_matches(plain, [lower.replace("-", "_") for lower in names], 1, _NEAR)
    if matches:
        return next(choice for lower, choice in names.items() if lower.replace("-", "_") == matches[0])
    inside = [choice for lower, choice in names.items() if plain and plain in lower]
    return inside[0] if len(inside) == 1 else ""


def unknown(name: str, choices: Iterable[str]) -> Said:
    """Return the words for ``name``, which is none of ``choices``: ``'adress' is not known here; did you mean …``."""
    names = list(choices)
    near = nearest(name, names)
    there = ", ".join(names) or Said("none")
    if near:
        return Said(
            "{name} is not known here; did you mean {near}? There are {there}",
            name=repr(name),
            near=near,
            there=there,
        )
    return Said("{name} is not known here; there are {there}", name=repr(name), there=there)

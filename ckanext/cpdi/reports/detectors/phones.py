"""Telephone numbers as they are written in North America; such as nobody pays for (800) belong to offices."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NUMBER = re.compile(
    r"""(?<![\w./-])(?:\+?1[\s.-]{0,2})?
    (?:\((?P<area1>[2-9]\d\d)\)[\s.-]{0,2} | (?P<area2>[2-9]\d\d)[.-])
    [2-9]\d\d[.-]\d{4}(?!\d|[./-]\d)""",
    re.VERBOSE,
)
_CALLED = re.compile(
    r"\b(?:phone|telephone|tel|cell|mobile|call|fax|tel[eé]fono|celular)\b\.?(?:\s+(?:no|number|n[uú]mero)\b\.?)?\s*[:#]?\s*"
    r"(?P<number>[2-9]\d\d[ ]?[2-9]\d\d[ ]?\d{4}|[2-9]\d\d[.-]\d{4})(?!\d|[./-]\d)",
    re.IGNORECASE,
)
"""A number with blanks, in one piece, or without its area, counts where it is called one."""
_FREE = {"800", "833", "844", "855", "866", "877", "888"}


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of numbers of persons and offices."""
    spans = [match.span() for match in _NUMBER.finditer(text) if (match["area1"] or match["area2"]) not in _FREE]
    spans += [match.span("number") for match in _CALLED.finditer(text) if match["number"][:3] not in _FREE]
    yield from sorted(set(spans))

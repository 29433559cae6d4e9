"""How a feed writes instants: patterns of strftime, checked before a feed is read with them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_DIRECTIVE = re.compile(r"%([-_0^#]?)(:{0,3}|\.?\d?)([A-Za-z%])")
_KNOWN = set("YymbBhdejHIMSfpPTDFaAzZ%")
_YEARS, _MONTHS, _DAYS, _CLOCK = set("YyDF"), set("mbBhDFj"), set("dejDF"), set("HIMSfpPT")
OFFSET = re.compile(r"\s*%[-_0^#]?:{0,3}[zZ]")
"""Where a pattern has an offset, which is read apart from the time."""


def check_formats(formats: Sequence[str]) -> None:
    """Raise ValueError for a pattern that names no day or holds a letter that means nothing, and for two patterns that
    read one text as different days.
    """
    shapes: dict[str, str] = {}
    for pattern in formats:
        letters = {match[3] for match in _DIRECTIVE.finditer(pattern)}
        if "%" in _DIRECTIVE.sub("", pattern) or letters - _KNOWN:
            odd = ", ".join(f"%{letter}" for letter in sorted(letters - _KNOWN)) or "a % without a letter"
            raise ValueError(f"formats: {pattern!r} holds {odd}, which means nothing in a pattern")
        if not (letters & _YEARS and letters & _MONTHS and (letters & _DAYS or not letters & _CLOCK)):
            raise ValueError(
                f"formats: {pattern!r} names no year, month and day, such as %m/%d/%Y does; a month alone is %m/%Y"
            )
        shape = re.sub(r"%[-_0]?[dme]", "%?", pattern)
        if (other := shapes.setdefault(shape, pattern)) != pattern:
            raise ValueError(
                f"formats: {other!r} and {pattern!r} read one text as two days; name the one that is meant"
            )


def is_month(pattern: str) -> bool:
    """Say whether texts of the pattern are a month without a day."""
    return not {match[3] for match in _DIRECTIVE.finditer(pattern)} & _DAYS


def is_digits_alone(pattern: str) -> bool:
    """Say whether texts of the pattern are nothing but digits, as seconds since 1970 are."""
    return not _DIRECTIVE.sub("", pattern) and not re.search(r"%[-_0^#]?[bBhpPaATDFzZ]", pattern)

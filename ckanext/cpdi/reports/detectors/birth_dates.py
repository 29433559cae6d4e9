"""Dates of birth, where they are called so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ckanext.cpdi.declare.tables.period_pattern import MONTHS

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_BIRTH = re.compile(
    rf"""\b(?:d\.?\s?o\.?\s?b\b\.?|date\s+of\s+birth|birth\s?-?date|birthday|born(?:\s+on)?|f\.\s?n\.|
    fecha\s+de\s+nacimiento|nacid[oa](?:\s+el)?)\s*(?:is|was|es)?[\s:#(-]*
    (?P<day>\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d\d) | \d{{4}}-\d\d-\d\d |
    (?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}} |
    \d{{1,2}}(?:\s+de)?\s+(?:{_MONTH})\.?(?:\s+de)?,?\s+\d{{4}})(?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of dates of birth."""
    for match in _BIRTH.finditer(text):
        yield match.span("day")

"""Licence plates, where they are called so."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PLATE = re.compile(
    r"\b(?i:(?P<sure>licen[cs]e\s+plate|license\s+tag|plate|lic\.|placas?|matr[ií]cula)|tag|reg\.|registration)(?!\w)"
    r"(?:\s*(?i:number|no\.?|num\.?|n[uú]mero|n[º°])(?!\w))?\s*[:#]?\s*(?:\(?[A-Z]{2}\)?[\s:#-]+)?"
    r"(?P<plate>[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{2,5})?|[A-Z0-9]{5,8})(?![\w-])"
)


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of plates: four to eight letters and digits; digits alone where the words leave no doubt."""
    for match in _PLATE.finditer(text):
        signs = re.sub(r"[ -]", "", match["plate"])
        digits = sum(sign.isdigit() for sign in signs)
        if 4 <= len(signs) <= 8 and digits and (digits < len(signs) or (match["sure"] and digits >= 5)):
            yield match.span("plate")

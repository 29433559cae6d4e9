"""Texts of a question made alike, as PostgreSQL makes those of the columns that they are compared with."""

from __future__ import annotations

import unicodedata
from typing import Literal


def fold(text: str, function: Literal["lower", "upper", "unaccent"]) -> str:
    """Return ``text`` in lower or upper case, or without its accents."""
    if function == "unaccent":
        parts = unicodedata.normalize("NFD", text)
        return "".join(part for part in parts if not "\u0300" <= part <= "\u036f")
    return text.lower() if function == "lower" else text.upper()

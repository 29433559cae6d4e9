"""A sentence of the ledger on a page for people: in the reader's language, or marked as English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from ckanext.cpdi.errors import translated


@dataclass(frozen=True)
class Sentence:
    """A sentence; ``lang`` is the language of its text where that is not the page's, as for a run of before."""

    text: str
    lang: str = ""

    @classmethod
    def of(cls, message: str, language: str) -> Self:
        """Return ``message`` in ``language``; in English where nobody translated it."""
        text = translated(message, language)
        return cls(text, "en" if text == message and language[:2] != "en" else "")

    def __bool__(self) -> bool:
        """Return whether anything is said."""
        return bool(self.text)
